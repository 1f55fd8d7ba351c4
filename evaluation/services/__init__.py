"""Services of evaluation, one module per subject."""
