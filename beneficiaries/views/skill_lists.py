"""The list of skills that a programme keeps: read by its team, written by who runs it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from autoprod.core.formatting import counted
from autoprod.core.scoping import Action
from autoprod.core.views import (
    CreatePage,
    DeletePage,
    DetailPage,
    UpdatePage,
    get_or_404,
    requires,
)
from beneficiaries.forms.skills import SkillForm
from beneficiaries.models import Skill
from beneficiaries.services import skills
from programmes.models import Programme
from programmes.views.programmes import InProgramme, crumbs_of

#: What the buttons of the order send, and which way they lead.
STEPS = {"up": -1, "down": 1}


def list_url(programme_key: int) -> str:
    """Return the list of a programme."""
    return reverse("beneficiaries:skill_list", args=[programme_key])


class SkillList(InProgramme, DetailPage):
    """The skills of a programme by family; those taken off the list apart."""

    model = Programme
    pk_url_kwarg = "programme"
    action = Action.VIEW_PERSONS
    template_name = "beneficiaries/skills/list.html"

    def get_title(self) -> str:
        """Return what it is."""
        return "Liste des acquis"

    def get_subtitle(self) -> str:
        """Return whose list it is."""
        return str(self.object)

    def get_breadcrumbs(self) -> list:
        """Return the way back to the programme."""
        return crumbs_of(self.object)

    def get_context_data(self, **kwargs) -> dict:
        """Add the list."""
        today = timezone.localdate()
        rows = list(Skill.objects.for_scope(self.scope, self.action).of(self.object))
        listed = [row for row in rows if row.closed_on is None or row.closed_on > today]
        return super().get_context_data(
            families=skills.by_family(listed),
            retired=[row for row in rows if row not in listed],
            can_edit=self.scope.opens(Action.EDIT_PROGRAMME, self.object),
            **kwargs,
        )


class SkillPage(InProgramme):
    """A form about a line of the list."""

    model = Skill
    form_class = SkillForm
    action = Action.EDIT_PROGRAMME
    template_name = "beneficiaries/skills/form.html"

    def get_programme(self) -> Programme:
        """Return the programme."""
        return self.parent or self.object.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the list."""
        programme = self.get_programme()
        return [*crumbs_of(programme), ("Liste des acquis", list_url(programme.pk))]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return list_url(self.get_programme().pk)


class SkillCreate(SkillPage, CreatePage):
    """Add a line to the list."""

    parent_model = Programme
    parent_kwarg = "programme"
    title = "Ajouter un acquis"
    success_message = "Acquis ajouté."

    def get_fixed(self) -> dict:
        """Return the programme the URL names."""
        return {"programme": self.parent}


class SkillUpdate(SkillPage, UpdatePage):
    """Name a line otherwise; the levels noted follow."""

    select_related = ("programme",)
    subtitle = "Le nouveau nom vaut aussi pour ce qui est déjà noté."

    def get_title(self) -> str:
        """Return what is done."""
        return "Renommer un acquis"

    def get_delete_url(self) -> str:
        """Lead to the deletion."""
        return reverse("beneficiaries:skill_delete", args=[self.object.pk])


class SkillDelete(SkillPage, DeletePage):
    """Delete a line that nobody was noted on."""

    template_name = "core/confirm_delete.html"
    select_related = ("programme",)
    kept_message = (
        "Cet acquis est déjà noté pour quelqu’un\u00a0: retirez-le de la liste, ce qui est noté "
        "reste."
    )


def skill_or_404(request: HttpRequest, pk: int) -> Skill:
    """Return the line to write on."""
    rows = Skill.objects.for_scope(request.scope, Action.EDIT_PROGRAMME)
    return get_or_404(rows.select_related("programme"), pk=pk)


@require_POST
@requires(Action.EDIT_PROGRAMME)
def skill_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a line up or down."""
    skill = skill_or_404(request, pk)
    if step := STEPS.get(request.POST.get("step", "")):
        skills.move(scope=request.scope, skill=skill, step=step)
    return redirect(f"{list_url(skill.programme_id)}#acquis-{skill.pk}")


@require_POST
@requires(Action.EDIT_PROGRAMME)
def skill_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line off the list today."""
    skill = skill_or_404(request, pk)
    skills.retire(scope=request.scope, skill=skill, on=timezone.localdate())
    messages.success(request, f"«\u00a0{skill}\u00a0» n’est plus proposé. Ce qui est noté reste.")
    return redirect(list_url(skill.programme_id))


@require_POST
@requires(Action.EDIT_PROGRAMME)
def skill_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a line back on the list."""
    skill = skill_or_404(request, pk)
    skills.retire(scope=request.scope, skill=skill, on=None)
    messages.success(request, f"«\u00a0{skill}\u00a0» est de nouveau proposé.")
    return redirect(list_url(skill.programme_id))


@require_POST
@requires(Action.EDIT_PROGRAMME)
def skill_propose(request: HttpRequest, programme: int) -> HttpResponse:
    """Fill an empty list from the reference list."""
    programmes = Programme.objects.for_scope(request.scope, Action.EDIT_PROGRAMME)
    parent = get_or_404(programmes, pk=programme)
    if number := skills.propose(scope=request.scope, programme=parent):
        messages.success(request, f"{counted(number, 'acquis ajouté', 'acquis ajoutés')}.")
    else:
        messages.info(request, "La liste n’est pas vide\u00a0: ajoutez-y une ligne à la fois.")
    return redirect(list_url(parent.pk))
