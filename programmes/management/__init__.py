"""Commands of the floor, and the data of its demo."""
