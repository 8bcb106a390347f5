"""Samples of interviews for people to code: how many, which, with what known probability, and what people made of them."""
