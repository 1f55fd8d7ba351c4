"""Rows for tests: plain functions, one module per application."""
