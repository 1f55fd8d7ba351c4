"""What makes the tests stricter than Django, one piece per file."""
