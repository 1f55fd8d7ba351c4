"""Who may open the addresses of what happens during a stay: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
