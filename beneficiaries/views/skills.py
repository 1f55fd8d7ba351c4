"""Skills: the tab of a person's page, what is noted on one day, and by whom it is taken back."""

from collections.abc import Sequence
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from autoprod.core.formatting import counted, day
from autoprod.core.forms import KEY_DIGITS
from autoprod.core.scoping import Action
from autoprod.core.views import DeletePage, PageMixin, ScopedMixin, get_or_404, requires
from beneficiaries.enums import Observer
from beneficiaries.forms.skills import PersonRatingForm, SessionRatingForm
from beneficiaries.models import Attendance, Enrolment, Person, Skill, SkillLevel
from beneficiaries.services import skills
from beneficiaries.services.skills import Rating
from beneficiaries.views import taking_back
from beneficiaries.views.pathways import InPathway
from beneficiaries.views.person_files import OfPerson, PersonFile
from programmes.models import Programme, Session
from programmes.views.programmes import InProgramme

TAB = "person_skills"
_NOTED = "skills"


class PersonSkills(PersonFile):
    """What somebody can do, as it was seen and as they say it, programme by programme."""

    tab = TAB
    template_name = "beneficiaries/skills/person.html"

    def get_context_data(self, **kwargs) -> dict:
        """Add the skills of each stay."""
        context = super().get_context_data(**kwargs)
        stays = [stay for stay in self.enrolments if stay.entered_on]
        shown, today = skills.of_stays(self.scope, stays), timezone.localdate()
        cards = [
            {
                "stay": stay,
                "families": shown[stay.pk],
                "can_rate": self.scope.opens(Action.RATE_SKILLS, stay.programme)
                and (stay.left_on is None or stay.left_on >= today),
                "can_edit_list": self.scope.opens(Action.EDIT_PROGRAMME, stay.programme),
            }
            for stay in stays
        ]
        # A stay that is over is shown for what was noted of it.
        kept = [card for card in cards if card["can_rate"] or _is_noted(card["families"])]
        return context | {"skill_cards": kept or cards[:1]}


def _is_noted(families: Sequence) -> bool:
    return any(one.levels for _, known in families for one in known)


class SkillRate(OfPerson, ScopedMixin, PageMixin, FormView):
    """Note several skills of somebody, on one day."""

    form_class = PersonRatingForm
    action = Action.RATE_SKILLS
    parent_model = Enrolment
    parent_kwarg = "pk"
    template_name = "beneficiaries/skills/rate.html"
    title = "Noter des acquis"
    tab = TAB

    @cached_property
    def stay(self) -> Enrolment:
        """The stay, with its person and programme."""
        rows = Enrolment.objects.for_scope(self.scope, self.action)
        return get_or_404(rows.select_related("person", "programme"), pk=self.parent.pk)

    def get_person(self) -> Person:
        """Return whose skills they are."""
        return self.stay.person

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.stay.programme

    def get_subtitle(self) -> str:
        """Return whose skills they are, and where."""
        return f"{self.stay.person} · {self.stay.programme}"

    def get_initial(self) -> dict:
        """Propose who says it: the leader sees, who follows the person writes what they say."""
        follows = self.scope.opens(Action.EDIT_PATHWAYS, self.stay.programme)
        return {"observer": Observer.ONESELF if follows else Observer.LEADER}

    def get_form_kwargs(self) -> dict:
        """Give the form the skills of the list, as they are known."""
        today = timezone.localdate()
        families = [
            (name, [one for one in known if not one.skill.closed_on or one.skill.closed_on > today])
            for name, known in skills.of_stays(self.scope, [self.stay])[self.stay.pk]
        ]
        since = {"since": self.stay.entered_on, "families": [row for row in families if row[1]]}
        return super().get_form_kwargs() | since

    def get_context_data(self, **kwargs) -> dict:
        """Add where « Annuler » leads."""
        return super().get_context_data(cancel_url=self.get_success_url(), **kwargs)

    def form_valid(self, form: PersonRatingForm) -> HttpResponse:
        """Note the levels, and offer to take them back."""
        chosen = form.chosen()
        rows = Skill.objects.for_scope(self.scope, self.action).of(self.stay.programme)
        levels = {(self.stay, row): chosen[row.pk] for row in rows.filter(pk__in=chosen)}
        rating = form.rating(self.request.user)
        added = skills.rate(scope=self.scope, rating=rating, levels=levels)
        tell(self.request, self.stay.programme, added, number=len(levels))
        return redirect(self.get_success_url())


def tell(
    request: HttpRequest, programme: Programme, added: Sequence[SkillLevel], *, number: int
) -> None:
    """Say how many levels were noted; those that were not there before can be taken back."""
    words = f"{counted(number, 'acquis noté', 'acquis notés')}."
    if not added:
        messages.success(request, words)
        return
    url = reverse("beneficiaries:skill_undo", args=[programme.pk])
    button = taking_back.button(request, url, added, what=_NOTED)
    messages.success(request, format_html("{} {}", words, button))


@require_POST
@requires(Action.RATE_SKILLS)
def skill_undo(request: HttpRequest, programme: int) -> HttpResponse:
    """Take back the levels that the last gesture noted, and go where they were."""
    programmes = Programme.objects.for_scope(request.scope, Action.RATE_SKILLS)
    parent = get_or_404(programmes, pk=programme)
    keys = taking_back.keys_of(request, what=_NOTED)
    rows = SkillLevel.objects.for_scope(request.scope, Action.RATE_SKILLS)
    rows = rows.filter(enrolment__programme=parent, pk__in=keys)
    levels = list(rows.select_related("enrolment__programme"))
    people = {level.enrolment.person_id for level in levels}
    count = skills.take_back(scope=request.scope, levels=levels)
    if count:
        messages.success(request, f"{counted(count, 'acquis retiré', 'acquis retirés')}.")
    else:
        messages.info(request, "Il n’y a plus rien à retirer.")
    if len(people) == 1:
        return redirect(f"beneficiaries:{TAB}", pk=people.pop())
    return redirect("beneficiaries:skill_list", programme=parent.pk)


class SkillLevelDelete(InPathway, DeletePage):
    """Take back one level noted by mistake."""

    model = SkillLevel
    action = Action.RATE_SKILLS
    tab = TAB
    select_related = ("enrolment__person", "enrolment__programme", "skill")

    def get_title(self) -> str:
        """Return the question."""
        return f"Effacer ce qui est noté\u00a0: {self.object.skill}\u00a0?"

    def get_subtitle(self) -> str:
        """Return what would go."""
        row = self.object
        return f"{row.get_level_display()}, {row.get_observer_display()}, le {day(row.on)}"


class SessionRate(InProgramme, ScopedMixin, PageMixin, FormView):
    """One skill of all who were at a session, as their leader saw it."""

    form_class = SessionRatingForm
    action = Action.RATE_SKILLS
    parent_model = Session
    parent_kwarg = "pk"
    template_name = "beneficiaries/skills/session.html"
    title = "Acquis des présents"

    def get_programme(self) -> Programme:
        """Return the programme, for the top bar."""
        return self.parent.programme

    def get_breadcrumbs(self) -> list:
        """Return the way back to the session."""
        url = reverse("programmes:session_detail", args=[self.parent.pk])
        return [(f"{self.parent}, {day(self.parent.on)}", url)]

    @cached_property
    def listed(self) -> list[Skill]:
        """The skills of the list."""
        rows = Skill.objects.for_scope(self.scope, self.action).of(self.parent.programme)
        return list(rows.in_use(timezone.localdate()))

    @cached_property
    def skill(self) -> Skill:
        """The skill asked by the address, otherwise the first; Http404 for another list's."""
        asked = self.request.GET.get("acquis", "")
        if not self.listed or (asked and not (asked.isdecimal() and len(asked) <= KEY_DIGITS)):
            raise Http404
        found = (row for row in self.listed if row.pk == int(asked or self.listed[0].pk))
        if (skill := next(found, None)) is None:
            raise Http404
        return skill

    @cached_property
    def people(self) -> list[Enrolment]:
        """The enrolments of who was there."""
        present = Attendance.objects.for_scope(self.scope, self.action).of(self.parent).present()
        rows = Enrolment.objects.for_scope(self.scope, self.action)
        rows = rows.filter(pk__in=present.order_by().values("enrolment"))
        return list(rows.select_related("person", "programme"))

    def get_form_kwargs(self) -> dict:
        """Give the form who was there, and what was seen of them before."""
        rows = SkillLevel.objects.for_scope(self.scope, self.action).of(self.skill)
        rows = rows.filter(enrolment__in=self.people, observer=Observer.LEADER).order_by("on")
        last = {r.enrolment_id: f"{r.get_level_display()}, le {day(r.on)}" for r in rows}
        return super().get_form_kwargs() | {"people": self.people, "last": last}

    def get_context_data(self, **kwargs) -> dict:
        """Add the skills to choose from."""
        families = skills.by_family(self.listed)
        cancel_url = self.get_breadcrumbs()[-1][1]
        return super().get_context_data(
            skill=self.skill, families=families, cancel_url=cancel_url, **kwargs
        )

    def form_valid(self, form: SessionRatingForm) -> HttpResponse:
        """Note the levels, and come to the next skill of the list."""
        chosen = form.chosen()
        levels = {(row, self.skill): chosen[row.pk] for row in self.people if row.pk in chosen}
        rating = Rating(self.parent.on, Observer.LEADER, noted_by=self.request.user)
        added = skills.rate(scope=self.scope, rating=rating, levels=levels)
        tell(self.request, self.parent.programme, added, number=len(levels))
        after = self.listed.index(self.skill) + 1
        if after == len(self.listed):
            return redirect(self.get_breadcrumbs()[-1][1])
        return redirect(f"{self.request.path}?acquis={self.listed[after].pk}")
