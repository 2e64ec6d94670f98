"""Draws the state machine of a pipeline, as it was synthesised."""
