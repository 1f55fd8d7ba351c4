"""Commands of the machine: serve, backup, restore, update."""
