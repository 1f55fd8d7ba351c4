"""Exports of evaluation, one module per subject."""
