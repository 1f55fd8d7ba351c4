"""Long work of the persons’ floor, one module per subject."""
