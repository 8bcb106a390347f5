"""News from below that starts an analysis."""
