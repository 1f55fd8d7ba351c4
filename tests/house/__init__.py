"""Guardians of the house: each convention is a function over files or models."""
