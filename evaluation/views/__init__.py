"""Views of evaluation, one module per subject."""
