"""How each question was answered: labels by a model with a quote, or by rule."""
