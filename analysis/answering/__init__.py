"""Answers to hypotheses and questions of research: each interview read on its own, counted, and written from counts and verified quotes only."""
