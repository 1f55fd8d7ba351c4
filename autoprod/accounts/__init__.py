"""Accounts: who may log in, and how; roles are the business of the floor above."""
