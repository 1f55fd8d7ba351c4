"""Figures: reads every floor, is read by none."""
