"""Coding by people: a queue of answers, each coded blind, and the decisions where two coders differ."""
