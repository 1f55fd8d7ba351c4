"""Forms of evaluation, one module per subject."""
