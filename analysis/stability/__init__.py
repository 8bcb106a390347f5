"""Whether the model agrees with itself: a drawn sample coded again and again, beside what is counted and touching nothing of it."""
