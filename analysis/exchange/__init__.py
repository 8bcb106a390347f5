"""Codebooks as files: YAML, CSV and REFI-QDA, in and out."""
