"""Persons, their presence and their pathway."""
