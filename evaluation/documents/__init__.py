"""Documents of evaluation, one module per subject."""
