"""Commands and demo data of the floor."""
