"""A pipeline, run once: synthesised, deployed, executed, followed and shown."""
