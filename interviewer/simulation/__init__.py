"""Simulated participants: invented people with a known truth, and the words they say. Never data about anyone."""
