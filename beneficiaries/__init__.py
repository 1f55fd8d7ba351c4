"""The persons and their pathways: the protected data."""
