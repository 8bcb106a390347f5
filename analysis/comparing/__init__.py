"""Two groups of people compared, theme by theme."""
