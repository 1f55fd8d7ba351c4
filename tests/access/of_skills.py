"""Who may open the addresses of skills: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
