"""A calendar feed: the sessions of a programme as a calendar keeps them, and nobody's name."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from autoprod.core.calendars import Event, written
from programmes.models import Programme, Session, Site

#: How often a calendar is asked to read its address again.
REFRESHED = "PT1H"


def calendar(
    programme: Programme,
    sessions: Iterable[Session],
    *,
    made_at: datetime,
    link: Callable[[Session], str],
) -> bytes:
    """Return the sessions as a calendar; each comes with its kind, theme and sites at hand.

    `link` gives the address of a session's page. Calendars are kept by telephones and by their
    makers: hours, places and themes go there, never a person, a leader, a number or a note.
    """
    events = (_event(session, link(session)) for session in sessions)
    return written(events, made_at=made_at, name=programme.name, refreshed=REFRESHED)


def _event(session: Session, url: str) -> Event:
    places = session.places
    return Event(
        uid=f"seance-{session.pk}@autoprod",
        sequence=session.version,
        starts=session.starts_at.astimezone(UTC),
        ends=session.ends_at.astimezone(UTC),
        # Not every calendar strikes a cancelled event through. Why is nobody's business there.
        summary=f"Annulée\u00a0: {session}" if session.is_cancelled else str(session),
        location=_where(places[0]) if len(places) == 1 else ", ".join(p.name for p in places),
        description="\n".join(_told(session, places)),
        category=session.kind.label,
        url=url,
        is_cancelled=session.is_cancelled,
    )


def _told(session: Session, places: list[Site]) -> list[str]:
    """Return the theme, and the address of each place when there are several."""
    told = [f"Thème\u00a0: {session.theme.label}"] if session.theme else []
    return told + ([_where(site) for site in places if site.address] if len(places) > 1 else [])


def _where(site: Site) -> str:
    """Return « Le Rôleur, 12 rue du Rôleur, 59300 Valenciennes »."""
    town = f"{site.postcode} {site.city}".strip()
    return ", ".join(filter(None, [site.name, site.address, town]))
