"""The data of the floor's demo."""
