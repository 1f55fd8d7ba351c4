"""Pages of objectives: set out, revise (a dated version), correct, delete."""

from django.urls import reverse
from django.utils import timezone

from autoprod.core.scoping import Action
from autoprod.core.views import CreatePage, DeletePage, UpdatePage
from programmes.forms.objectives import CorrectionForm, ObjectiveForm, RevisionForm
from programmes.models import Edition, Objective, ObjectiveVersion, Programme
from programmes.views.programmes import InProgramme, crumbs_of


def crumbs_to(edition: Edition) -> list[tuple]:
    """Return the way back to an edition."""
    url = reverse("programmes:edition_detail", args=[edition.pk])
    return [*crumbs_of(edition.programme), (str(edition), url)]


class ObjectiveCreate(InProgramme, CreatePage):
    """Set an objective out."""

    model = ObjectiveVersion
    form_class = ObjectiveForm
    parent_model = Edition
    action = Action.EDIT_PROGRAMME
    title = "Ajouter un objectif"

    def get_form_kwargs(self) -> dict:
        """Give the form its edition."""
        return super().get_form_kwargs() | {"edition": self.parent}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        return crumbs_to(self.parent)

    def get_success_url(self) -> str:
        """Go back to the edition."""
        return reverse("programmes:edition_detail", args=[self.parent.pk])


class ObjectiveRevise(InProgramme, CreatePage):
    """Say the objective otherwise from a day on; what it said before stays."""

    model = ObjectiveVersion
    form_class = RevisionForm
    parent_model = Objective
    action = Action.EDIT_PROGRAMME
    title = "Revoir un objectif"
    subtitle = "L’énoncé précédent reste lisible, avec ses dates."

    def get_fixed(self) -> dict:
        """Return the objective the URL names."""
        return {"objective": self.parent}

    def get_initial(self) -> dict:
        """Start from what the objective says today, or will say when its edition starts."""
        today = max(timezone.localdate(), self.parent.edition.starts_on)
        versions = ObjectiveVersion.objects.for_scope(self.scope, self.action).of(self.parent)
        current = versions.worded_by(today).first()
        if current is None:
            return {"valid_from": today}
        said = {"wording": current.wording, "target": current.target, "unit": current.unit}
        return {"valid_from": today, **said}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.edition.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        return crumbs_to(self.parent.edition)

    def get_success_url(self) -> str:
        """Go back to the edition."""
        return reverse("programmes:edition_detail", args=[self.parent.edition_id])


class ObjectiveCorrect(InProgramme, UpdatePage):
    """Correct a mistake in one wording."""

    model = ObjectiveVersion
    form_class = CorrectionForm
    action = Action.EDIT_PROGRAMME
    select_related = ("objective__edition__programme",)
    subtitle = "Pour une faute de frappe. Si l’objectif a changé, revoyez-le plutôt."

    def get_title(self) -> str:
        """Return the page's title."""
        return "Corriger un énoncé"

    def get_fixed(self) -> dict:
        """Keep the objective in the checks of doubles."""
        return {"objective": self.object.objective}

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.objective.edition.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        return crumbs_to(self.object.objective.edition)

    def get_success_url(self) -> str:
        """Go back to the edition."""
        return reverse("programmes:edition_detail", args=[self.object.objective.edition_id])


class ObjectiveDelete(InProgramme, DeletePage):
    """Delete an objective and its wordings."""

    model = Objective
    action = Action.EDIT_PROGRAMME
    select_related = ("edition__programme",)

    def get_title(self) -> str:
        """Return the question."""
        return "Supprimer cet objectif et ses énoncés\u00a0?"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.object.edition.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the edition."""
        return crumbs_to(self.object.edition)

    def get_success_url(self) -> str:
        """Go back to the edition."""
        return reverse("programmes:edition_detail", args=[self.object.edition_id])
