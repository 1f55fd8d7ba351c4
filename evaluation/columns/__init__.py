"""Columns of evaluation, one module per subject."""
