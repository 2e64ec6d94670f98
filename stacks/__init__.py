"""The stacks: they compose constructs and grant what these need of each other, and define nothing themselves."""
