"""Labels to stick on the tools: their numbers, large, on a sheet to cut."""

from collections.abc import Sequence

from autoprod.audit.enums import Verb
from autoprod.audit.models import record
from autoprod.core.pdf import MAX_ROWS, Document, render
from autoprod.core.scoping import Scope
from gardens.models import Tool
from programmes.models import Programme

STYLESHEET = "static:css/pdf_labels.css"


def labels(scope: Scope, programme: Programme, tools: Sequence[Tool]) -> tuple[Document, bytes]:
    """Return the sheet of labels of some tools and its PDF; nobody is named on it."""
    document = Document(
        template="gardens/pdf/labels.html",
        title="Étiquettes des outils",
        subtitle=programme.name,
        filename=f"etiquettes-{programme.pk}",
        organisation=programme.territory.controller,
    )
    context = {
        "tools": tools[:MAX_ROWS],
        "programme": programme,
        "labels_stylesheet": STYLESHEET,
    }
    content = render(document, context=context)
    label = f"Étiquettes des outils de l’action n° {programme.pk}"
    record(scope, Verb.DOCUMENT, programme, label=label)
    return document, content
