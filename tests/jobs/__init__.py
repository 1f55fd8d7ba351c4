"""Tests of background jobs; those marked `server` start real worker processes."""
