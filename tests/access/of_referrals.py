"""Who may open the addresses of referrals and their answers: one line per URL name."""

from tests.access.entries import Entry

LINES: dict[str, Entry] = {}
