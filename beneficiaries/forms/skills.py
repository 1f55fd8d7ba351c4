"""Forms of skills: a line of a programme's list, and the levels noted on one day."""

from collections.abc import Mapping, Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from autoprod.core.formatting import day
from autoprod.core.forms import DateInput, ScopedModelForm, guard
from beneficiaries.enums import Mastery, Observer
from beneficiaries.forms.pathways import refuse_future
from beneficiaries.models import Enrolment, Skill
from beneficiaries.services.skills import Known, Rating, next_position

TO_COME = "Cette date est à venir. Écrivez le jour où cela a été vu ou dit."
BEFORE = "Cette date précède l’entrée dans l’action, le {day}."
NOTHING = "Choisissez au moins un niveau."


class SkillForm(ScopedModelForm):
    """A line of the list; a new one goes to the end of its family."""

    class Meta:
        model = Skill
        fields = ["family", "label"]

    def __init__(self, *args, **kwargs) -> None:
        """Propose the families that the list has."""
        super().__init__(*args, **kwargs)
        rows = Skill.objects.for_scope(self.scope, self.action)
        rows = rows.filter(programme=self.instance.programme_id).order_by("position", "pk")
        self.families = list(dict.fromkeys(rows.values_list("family", flat=True)))
        self.fields["family"].widget.attrs["list"] = "familles"
        # Both of the programme and of what the form asks: the rule on the two is told here.
        self.fixed["programme"] = self.instance.programme

    def save(self, commit: bool = True) -> Skill:
        """Save, with its place in the list when it is new."""
        if not self.is_edit:
            skill = self.instance
            skill.position = next_position(skill.programme, skill.family)
        return super().save(commit=commit)


def level_field(label: str, last: str) -> forms.ChoiceField:
    """Return the choice of a level: a tap each, none at first."""
    field = forms.TypedChoiceField(
        label=label,
        choices=[("", "pas noté"), *Mastery.choices],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        help_text=last,
    )
    field.initial = ""
    return field


class RatingForm(forms.Form):
    """Levels noted on one day; each is asked under the name `level_<key>`."""

    hides_optional_mark = True

    observer = forms.ChoiceField(
        label="Qui le dit",
        choices=[
            (Observer.LEADER.value, "L’encadrant l’a vu"),
            (Observer.ONESELF.value, "La personne le dit"),
        ],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    on = forms.DateField(label="Le", widget=DateInput)

    def __init__(self, *args, since: date | None = None, **kwargs) -> None:
        """Keep the day before which nothing can have been seen."""
        self.since = since
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
        self.initial.setdefault("on", timezone.localdate())

    def clean(self) -> dict:
        """Refuse a day to come or before the entry, and a form without any level."""
        super().clean()
        refuse_future(self, ["on"], TO_COME)
        on = self.cleaned_data.get("on")
        if self.since and on and on < self.since:
            self.add_error("on", ValidationError(BEFORE.format(day=day(self.since)), code="early"))
        if not self.errors and not self.chosen():
            raise ValidationError(NOTHING, code="nothing")
        return self.cleaned_data

    def chosen(self) -> dict[int, int]:
        """Return {key: level} of what was tapped."""
        return {
            int(name.removeprefix("level_")): level
            for name, level in self.cleaned_data.items()
            if name.startswith("level_") and level is not None
        }

    def rating(self, user) -> Rating:
        """Return the day, who says it, who writes it."""
        said = self.cleaned_data
        return Rating(on=said["on"], observer=Observer(said["observer"]), noted_by=user)


class PersonRatingForm(RatingForm):
    """Several skills of somebody; `families` are their skills as they are known."""

    def __init__(self, *args, families: Sequence[tuple[str, Sequence[Known]]], **kwargs) -> None:
        """Ask a level of each skill of the list, under its family."""
        super().__init__(*args, **kwargs)
        self._families = [(name, [one.skill for one in known]) for name, known in families]
        for _, known in families:
            for one in known:
                self.fields[f"level_{one.skill.pk}"] = level_field(one.skill.label, _last(one))

    def families(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of levels, by family."""
        return [
            (name, [self[f"level_{skill.pk}"] for skill in skills])
            for name, skills in self._families
        ]


def _last(known: Known) -> str:
    """Return « Vu : fait seul, le 3 mai 2026 · dit : découvre, le 4 mai 2026 »."""
    told = [("vu", known.seen), ("dit", known.said)]
    words = [
        f"{word}\u00a0: {level.get_level_display()}, le {day(level.on)}"
        for word, level in told
        if level
    ]
    return " · ".join(words)


class SessionRatingForm(RatingForm):
    """One skill of several persons; `people` are the enrolments of who was there."""

    def __init__(self, *args, people: Sequence[Enrolment], last: Mapping[int, str], **kwargs):
        """Ask a level of each person; `last` tells what was seen before, by enrolment."""
        super().__init__(*args, **kwargs)
        del self.fields["observer"], self.fields["on"]
        for stay in people:
            name = f"level_{stay.pk}"
            self.fields[name] = level_field(str(stay.person), last.get(stay.pk, ""))
