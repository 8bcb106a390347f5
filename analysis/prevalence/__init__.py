"""Corrected prevalence of a survey's themes: what the model says of everyone, put right by what people say of a sample."""
