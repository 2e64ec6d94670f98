"""Penstock's constructs, one to a file."""
