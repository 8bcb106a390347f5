"""Measurements of what has to be fast, each a script that prints one line of JSON."""
