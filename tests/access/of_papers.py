"""Who may open the addresses of papers printed for a person: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
