"""Who may open what: every address replayed by everyone."""
