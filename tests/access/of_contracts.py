"""Who may open the addresses of contracts of hours: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
