"""Exports as files: made in the background, kept for a while, taken away piece by piece, gone when somebody withdraws."""
