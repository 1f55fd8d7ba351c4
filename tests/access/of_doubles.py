"""Who may open the addresses of doubles: files of one name: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
