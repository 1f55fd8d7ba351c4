"""The sheet to weigh on paper, in the garden: lines to fill, letters for where it goes."""

from datetime import date

from django.utils.text import slugify

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.fields import sort_key
from autoprod.core.formatting import day
from autoprod.core.pdf import Document, render
from autoprod.core.scoping import Scope
from programmes.models import Programme, Site

STYLESHEET = "static:css/pdf_harvests.css"
#: What fills an A4 page without a second one.
LINES = 20
#: Letter, what it means: those read back where the sheet is typed.
LEGEND = (
    ("J", "partage entre jardiniers"),
    ("P", "paniers"),
    ("É", "épicerie"),
    ("T", "table solidaire"),
    ("A", "association, et laquelle"),
    ("C", "compost"),
    ("S", "au stock"),
)


def weighing_sheet(
    scope: Scope, programme: Programme, site: Site | None, on: date | None
) -> tuple[Document, bytes]:
    """Return the sheet of a garden and a day, either left to be written, and its PDF."""
    place = site.name if site else ""
    document = Document(
        template="gardens/pdf/weighing_sheet.html",
        title="Fiche de pesée",
        subtitle=programme.name,
        filename=f"fiche-de-pesee-{slugify(sort_key(place or programme.name))}",
        audience="interne",
        organisation=programme.territory.controller,
    )
    context = {
        "place": place,
        "day": day(on, weekday=True) if on else "",
        "lines": range(LINES),
        "legend": LEGEND,
        "stylesheets": (STYLESHEET,),
    }
    content = render(document, context=context)
    record(scope, Verb.DOCUMENT, programme, label=f"Fiche de pesée de l’action n° {programme.pk}")
    return document, content
