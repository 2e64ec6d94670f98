"""The user's own processing, and the parts that rows are put into."""
