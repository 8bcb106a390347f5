"""How far people agree with one another, the model with people, and the model with itself, from what stands in the database."""
