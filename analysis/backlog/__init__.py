"""Many interviews through the analysis at once: runs, by batch or live, that can be paused, stopped, killed and resumed."""
