"""Profiles of the data, and the rules that they are held against."""
