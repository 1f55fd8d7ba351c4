"""Tests of what the operator does: serve, back up, restore, first start."""
