"""Pages of the accounts: getting in, the one-time links, the second factor, one’s own account."""
