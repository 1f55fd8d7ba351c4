"""Pages of a caseload: whom one follows, what each waits for, and the file of the list."""

from collections.abc import Sequence
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from autoprod.core.formatting import counted
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from autoprod.core.spreadsheets import download, kind_or_404
from autoprod.core.views import ListPage, requires
from beneficiaries.enums import Whose
from beneficiaries.exports.caseloads import CaseloadResource
from beneficiaries.forms.caseloads import CaseloadFilter
from beneficiaries.models import Enrolment
from beneficiaries.services import caseloads
from beneficiaries.services.caseloads import Followed
from beneficiaries.views.pathways import CONFIDENTIAL, export_links
from beneficiaries.views.reviews import batch_links
from beneficiaries.views.words import SearchedByWords

#: What an empty tab says, and what to do.
EMPTY = {
    Whose.MINE: (
        "users",
        "Personne à suivre pour l’instant",
        "Choisissez-vous comme référent à l’inscription, ou dans l’onglet Sans référent.",
    ),
    Whose.NOBODY: (
        "circle-check",
        "Chaque personne a son référent",
        "Les inscriptions sans référent apparaissent ici, pour que personne ne soit oublié.",
    ),
    Whose.TEAM: (
        "users",
        "Personne dans l’action pour l’instant",
        "Inscrivez une première personne depuis la page Personnes.",
    ),
}


class CaseloadList(SearchedByWords, ListPage):
    """The persons one follows, what is due first; with tabs for nobody's and for the team's."""

    model = Enrolment
    action = Action.EDIT_PATHWAYS
    template_name = "beneficiaries/caseloads/list.html"
    partial_template_name = "beneficiaries/caseloads/_rows.html"
    title = "Mes suivis"
    tab_filter = "whose"

    @property
    def filter_form(self) -> partial:
        """Return the filters, with the programmes of those who are followed."""
        return partial(CaseloadFilter, stays=self.stays)

    def get_queryset(self) -> Sequence[Followed]:
        """Return the stays of the tab, in the order they are to be looked at."""
        self.today, key = timezone.localdate(), self.scope.actor_key
        # Read once: the tabs count them all, the filter offers their programmes.
        self.stays = list(caseloads.open_stays(self.scope, self.today))
        stays, named = self.narrowed(self.stays), self.get_named()
        if named is not None:
            keys = set(named.values_list("pk", flat=True))
            stays = [stay for stay in stays if stay.person_id in keys]
        self.tabs = {whose: caseloads.of_whom(stays, whose, key) for whose in Whose}
        self.whose = self.filter.whose_shown
        return caseloads.in_order(self.scope, self.tabs[self.whose], self.today)

    def get_subtitle(self) -> str:
        """Return how many, and how many interviews are to be placed."""
        number = counted(len(self.object_list), "personne", "personnes")
        if not any(followed.is_expected for followed in self.object_list):
            return number
        to_place = sum(followed.is_to_place for followed in self.object_list)
        if not to_place:
            return f"{number} · tous les rendez-vous attendus sont fixés"
        return f"{number} · {counted(to_place, 'rendez-vous', 'rendez-vous')} à fixer"

    def get_tabs(self) -> list[dict]:
        """Return the tabs; pressed, they send the filters and the words again."""
        return [
            {
                "label": whose.label,
                "button": {"form": "filtrer", "name": "tab", "value": whose.value},
                "current": whose == self.whose,
                "count": len(stays),
            }
            for whose, stays in self.tabs.items()
        ]

    def get_empty_state(self) -> dict:
        """Say that nobody matches, or what fills the tab."""
        if self.is_narrowed:
            text = "Essayez avec moins de lettres, un autre onglet ou sans filtre."
            return {"icon": "search", "title": "Personne ne correspond", "text": text}
        icon, title, text = EMPTY[self.whose]
        return {"icon": icon, "title": title, "text": text}

    def get_table(self, rows: Sequence[Followed]) -> list[dict]:
        """Return the lines, drawn by the page's own template."""
        several = len(self.scope.keys("programme", self.action)) > 1
        return [
            line.shown(self.today) | {"notes": _notes(line.followed.stay, several, self.whose)}
            for line in caseloads.lines(self.scope, rows, self.today)
        ]

    def get_links(self) -> list[dict]:
        """Offer the bilans of the month of one programme, and the list as a file, filters kept."""
        programmes = list({followed.stay.programme for followed in self.object_list})
        month = Period.containing(self.today, Kind.MONTH)
        bilans = batch_links(self.scope, programmes[0], month) if len(programmes) == 1 else []
        return bilans + export_links(self.request, "beneficiaries:caseload_export", {})

    @property
    def is_narrowed(self) -> bool:
        """Tell whether words or a filter leave persons of the tab out."""
        asked = self.filter.data
        return self.form.is_bound or any(asked.get(name) for name in ("programme", "level"))

    def get_context_data(self, **kwargs) -> dict:
        """Add the tabs, the search and what an empty list says."""
        return super().get_context_data(
            tabs=self.get_tabs(),
            form=self.form,
            empty=self.get_empty_state(),
            is_narrowed=self.is_narrowed,
            asks_referent=self.whose == Whose.NOBODY,
            **kwargs,
        )


def _notes(stay: Enrolment, several_programmes: bool, whose: Whose) -> list[str]:
    """Return what stands under a name: the programme when there are several, the referent."""
    notes = [stay.programme.name] if several_programmes else []
    if whose == Whose.TEAM:
        notes.append(f"avec {stay.referent}" if stay.referent else "sans référent")
    return notes


@require_POST
@requires(Action.EDIT_PATHWAYS)
def caseload_files(request: HttpRequest) -> HttpResponse:
    """Say what is still to ask of the persons of a page, once the page is there."""
    sent = request.POST.getlist("stay")
    keys = {int(key) for key in sent if key.isdecimal() and len(key) <= KEY_DIGITS}
    files = caseloads.files_of(request.scope, keys)
    return render(request, "beneficiaries/caseloads/_files.html", {"files": files})


@require_safe
@requires(Action.EDIT_PATHWAYS)
def caseload_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the list as a file: dates and counts, by name; its own name names nobody."""
    kind, today = kind_or_404(kind), timezone.localdate()
    rows = caseloads.open_stays(request.scope, today)
    stays = list(rows)
    asked = CaseloadFilter(request.GET, scope=request.scope, stays=stays)
    if asked.is_valid():
        stays = asked.narrow(stays)
    stays = caseloads.of_whom(stays, asked.whose_shown, request.scope.actor_key)
    told = caseloads.told(request.scope, stays, today)
    sheet = CaseloadResource(scope=request.scope, told=told).sheet(
        rows.filter(pk__in=list(told)), comments=(asked.whose_shown.label, CONFIDENTIAL)
    )
    return download(sheet, kind, f"suivis-{today.isoformat()}")
