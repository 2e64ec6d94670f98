"""Models scored on the same rows, measured, and compared; numpy and the standard library are all it needs."""
