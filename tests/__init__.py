"""Tests of the project; the folders mirror the floors."""
