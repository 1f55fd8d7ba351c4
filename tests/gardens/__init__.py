"""Tests of the gardens."""
