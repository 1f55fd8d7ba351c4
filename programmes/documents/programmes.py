"""The programme's sheet: what it is, aims at, and with whom, on paper for a committee."""

from django.utils import timezone
from django.utils.text import slugify

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.formatting import day_range
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Action, Scope
from programmes.models import Edition, Objective, Partnership, Programme, Site


def programme_sheet(scope: Scope, programme: Programme) -> tuple[Document, bytes]:
    """Return the sheet of a programme and its PDF; no person is in it, so it may leave."""
    today = timezone.localdate()
    editions = Edition.objects.for_scope(scope, Action.VIEW_FRAME).of(programme)
    current = editions.covering(today).first()
    document = Document(
        template="programmes/pdf/programme.html",
        title=programme.name,
        subtitle=_subtitle(programme, current),
        filename=f"fiche-{slugify(programme.name)}",
        audience="diffusion",
        organisation=programme.territory.controller,
    )
    context = {
        "programme": programme,
        "edition": current,
        "objectives": _objectives(scope, current, today),
        "sites": Site.objects.for_scope(scope, Action.VIEW_FRAME)
        .used_by(programme)
        .open(today)
        .select_related("kind", "district"),
        "partners": Partnership.objects.for_scope(scope, Action.VIEW_FRAME)
        .of(programme)
        .active(today)
        .by_role(),
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, programme, label=f"Fiche de l’action n° {programme.pk}")
    return document, content


def _subtitle(programme: Programme, edition: Edition | None) -> str:
    if edition is None:
        return programme.get_kind_display()
    return f"Édition {edition.label}, {day_range(edition.starts_on, edition.ends_on)}"


def _objectives(scope: Scope, edition: Edition | None, today) -> list[Objective]:
    if edition is None:
        return []
    objectives = Objective.objects.for_scope(scope, Action.VIEW_FRAME).of(edition)
    return list(objectives.with_wording(today))
