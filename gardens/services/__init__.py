"""What the garden writes."""
