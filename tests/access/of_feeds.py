"""Who may open the addresses of calendar feeds: one line per URL name.

What the secret address itself answers is told by tests/programmes/test_feeds.py.
"""

from autoprod.core.scoping import Action
from tests.access.entries import Entry, fill, press

A = Action


def _programme(place, frame):
    return frame.programme


LINES: dict[str, Entry] = {
    # The address is shown by the answer itself, once.
    "programmes:calendar_feed": fill(A.VIEW_SESSIONS, posted=200, programme=_programme),
    "programmes:calendar_feed_revoke": press(A.VIEW_SESSIONS, programme=_programme),
}
