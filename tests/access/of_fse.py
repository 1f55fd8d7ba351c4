"""Who may open the addresses of the FSE+ questionnaire: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
