"""Exports: tables of what was said and what it was coded as, with a data dictionary beside each."""
