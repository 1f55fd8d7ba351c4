"""Documents of the persons’ floor, one module per subject."""
