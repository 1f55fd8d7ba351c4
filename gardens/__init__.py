"""Land and food, from the garden to the plate."""
