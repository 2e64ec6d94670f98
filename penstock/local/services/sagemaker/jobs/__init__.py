"""Jobs: programs that run once, from their data to their output."""
