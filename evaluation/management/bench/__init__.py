"""What `manage.py bench` plays: made-up rows, and the same figures in SQL written by hand."""
