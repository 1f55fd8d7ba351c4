"""Pages of editions."""

from django.urls import reverse
from django.utils import timezone

from autoprod.core import panels
from autoprod.core.formatting import day_range, number
from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, DetailPage, UpdatePage
from programmes.forms.editions import EditionForm
from programmes.models import Budget, Edition, Objective, ObjectiveVersion, Programme
from programmes.views.programmes import InProgramme, crumbs_of


class EditionDetail(InProgramme, DetailPage):
    """An edition: its dates, its operation, its objectives and what they said before."""

    model = Edition
    action = Action.VIEW_FRAME
    template_name = "programmes/editions/detail.html"
    select_related = ("programme",)

    def get_title(self) -> str:
        """Return the programme and the edition."""
        return f"{self.object.programme} · {self.object}"

    def get_subtitle(self) -> str:
        """Return the dates."""
        return day_range(self.object.starts_on, self.object.ends_on)

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object.programme)

    def get_objectives(self) -> list[Objective]:
        """Return the objectives as worded today, or on the edition's last day once it is over."""
        on = min(max(timezone.localdate(), self.object.starts_on), self.object.ends_on)
        objectives = Objective.objects.for_scope(self.scope, Action.VIEW_FRAME).of(self.object)
        return list(objectives.with_wording(on))

    def get_budget(self) -> Budget | None:
        """Return the budget with its totals, for who may see it."""
        budgets = Budget.objects.for_scope(self.scope, Action.VIEW_BUDGET).of(self.object)
        return budgets.with_totals().first()

    def get_history(self) -> dict[int, list[ObjectiveVersion]]:
        """Return the wordings of each objective, latest first."""
        versions = ObjectiveVersion.objects.for_scope(self.scope, Action.VIEW_FRAME)
        history: dict[int, list[ObjectiveVersion]] = {}
        for version in versions.of_edition(self.object):
            history.setdefault(version.objective_id, []).append(version)
        return history

    def get_context_data(self, **kwargs) -> dict:
        """Add the facts and the objectives with their history."""
        edition, history = self.object, self.get_history()
        facts = [
            ("Personnes visées", number(edition.target_persons) if edition.target_persons else ""),
            ("Places", number(edition.capacity) if edition.capacity else ""),
            ("Intitulé de l’opération", edition.operation_title),
            ("Numéro chez le financeur", edition.operation_number),
        ]
        return super().get_context_data(
            facts=facts,
            objectives=[(o, history.get(o.pk, [])) for o in self.get_objectives()],
            can_edit=self.scope.opens(Action.EDIT_PROGRAMME, edition.programme),
            can_edit_budget=self.scope.opens(Action.EDIT_BUDGET, edition.programme),
            can_see_budget=self.scope.opens(Action.VIEW_BUDGET, edition.programme),
            budget=self.get_budget(),
            panels=panels.shown("edition_detail", self.scope, [edition])[edition.pk],
            **kwargs,
        )


class EditionCreate(InProgramme, CreatePage):
    """Open an edition of a programme."""

    model = Edition
    form_class = EditionForm
    parent_model = Programme
    action = Action.EDIT_PROGRAMME
    title = "Ajouter une édition"

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}

    def get_initial(self) -> dict:
        """Propose the calendar year, which is what most agreements fund."""
        today = timezone.localdate()
        return {
            "label": str(today.year),
            "starts_on": today.replace(month=1, day=1),
            "ends_on": today.replace(month=12, day=31),
        }

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.parent)

    def get_success_url(self) -> str:
        """Go to the edition."""
        return reverse("programmes:edition_detail", args=[self.object.pk])


class EditionUpdate(InProgramme, UpdatePage):
    """Edit an edition."""

    model = Edition
    form_class = EditionForm
    action = Action.EDIT_PROGRAMME
    select_related = ("programme",)

    def get_fixed(self) -> dict:
        """Keep the programme in the checks of doubles."""
        return {"programme": self.object.programme}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        return [*crumbs_of(self.object.programme), (str(self.object), self.get_success_url())]

    def get_success_url(self) -> str:
        """Go to the edition."""
        return reverse("programmes:edition_detail", args=[self.object.pk])


class EditionDelete(InProgramme, DeletePage):
    """Delete an edition nothing hangs on."""

    model = Edition
    action = Action.EDIT_PROGRAMME
    select_related = ("programme",)

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        url = reverse("programmes:edition_detail", args=[self.object.pk])
        return [*crumbs_of(self.object.programme), (str(self.object), url)]

    def get_success_url(self) -> str:
        """Go back to the programme."""
        return reverse("programmes:programme_detail", args=[self.object.programme_id])
