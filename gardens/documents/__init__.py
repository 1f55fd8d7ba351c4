"""Documents of the gardens' floor, one module per subject."""
