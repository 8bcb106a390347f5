"""A codebook being edited, what an edit would change, and its publication as the next version."""
