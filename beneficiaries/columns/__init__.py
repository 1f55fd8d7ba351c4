"""Columns of the lists of the persons' floor, one module per subject."""
