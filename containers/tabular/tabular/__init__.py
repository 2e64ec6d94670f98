"""Tables of a pipeline: checked and profiled, processed and split, and the models of them evaluated."""
