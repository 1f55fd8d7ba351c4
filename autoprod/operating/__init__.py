"""Running the installation: serve, back up, restore, update, and say how it is."""
