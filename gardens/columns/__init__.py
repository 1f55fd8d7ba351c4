"""Columns of the lists of the gardens' floor, one module per subject."""
