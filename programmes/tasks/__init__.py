"""Tasks of the frame, one module per subject."""
