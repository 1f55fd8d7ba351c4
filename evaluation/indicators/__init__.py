"""Definitions of figures, by theme. Only `evaluation.results` reads them."""
