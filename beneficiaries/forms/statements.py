"""What is asked when a statement is signed, closed unsigned, opened again, or contested."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.forms import CHOOSE, DateInput, RowsField, ScopedModelForm, guard
from autoprod.core.scoping import Action, Scope
from beneficiaries.documents.statements import DRAWN_HEIGHT, DRAWN_WIDTH, Strokes
from beneficiaries.enums import SigningWay
from beneficiaries.models import Statement, StatementObjection
from beneficiaries.services.statement_files import NOT_DRAWN
from beneficiaries.services.statements import TO_COME, Signature
from programmes.models import ReferenceCode

#: « x,y x,y;x,y » : strokes of points. A slow hand makes a few hundred points.
_POINTS = re.compile(r"\d{1,4},\d{1,4}(?:[ ;]\d{1,4},\d{1,4})*")
_LONGEST = 40_000
#: Less is a slip of the finger.
_FEWEST = 4
OUT_OF_MONTH = "Ce jour n’est pas dans le mois de l’état\u00a0: vérifiez-le."


def _refuse_to_come(form: forms.BaseForm, name: str, message: str) -> None:
    value = form.cleaned_data.get(name)
    if value and value > timezone.localdate():
        form.add_error(name, ValidationError(message, code="future"))


class SignatureForm(forms.Form):
    """How somebody signs; `is_contested` tells that a line of the month is not settled."""

    hides_optional_mark = True
    way = SigningWay.SCREEN

    is_read_aloud = forms.BooleanField(label="L’état a été lu à voix haute", required=False)
    is_mark = forms.BooleanField(
        label="La personne signe d’une marque",
        required=False,
        help_text="Une croix ou une empreinte\u00a0: notez alors qui était présent.",
    )
    witness = forms.CharField(label="En présence de", max_length=120, required=False)
    despite = forms.BooleanField(
        label="La personne signe en sachant que la ligne contestée n’est pas réglée", required=False
    )

    def __init__(self, *args, is_contested: bool, **kwargs) -> None:
        """Ask about what is contested only when something is."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
        if not is_contested:
            del self.fields["despite"]

    def signature(self) -> Signature:
        """Return what is noted; on a screen, today."""
        said = self.cleaned_data
        return Signature(
            on=said.get("on") or timezone.localdate(),
            way=self.way,
            is_mark=said["is_mark"],
            is_read_aloud=said["is_read_aloud"],
            witness=said["witness"],
            despite=said.get("despite", False),
        )


class PaperSignatureForm(SignatureForm):
    """A statement signed on paper, and the day it was."""

    way = SigningWay.PAPER

    on = forms.DateField(label="Signé le", widget=DateInput)

    field_order = ["on"]

    def clean(self) -> dict:
        """Refuse a day to come."""
        super().clean()
        _refuse_to_come(self, "on", TO_COME)
        return self.cleaned_data


class ScreenSignatureForm(SignatureForm):
    """A statement signed on the screen: the lines that the finger or the mouse drew."""

    strokes = forms.CharField(widget=forms.HiddenInput, required=False, max_length=_LONGEST)

    def clean_strokes(self) -> Strokes:
        """Return the lines of points, within the frame; refuse an empty frame beside it."""
        sent = self.cleaned_data["strokes"].strip()
        if not _POINTS.fullmatch(sent) or sent.count(",") < _FEWEST:
            raise ValidationError(NOT_DRAWN, code="blank")
        return [[_point(one) for one in stroke.split(" ")] for stroke in sent.split(";")]


def _point(text: str) -> tuple[int, int]:
    x, _, y = text.partition(",")
    return min(int(x), DRAWN_WIDTH), min(int(y), DRAWN_HEIGHT)


class StatementsField(RowsField):
    """Ticked statements, told by the names of their persons."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Statement) -> str:
        """Return the name."""
        return str(obj.enrolment.person)


class ManySignedForm(forms.Form):
    """Several statements signed on paper the same day."""

    on = forms.DateField(label="Signés le", widget=DateInput)
    statements = StatementsField(
        label="États signés",
        queryset=Statement.objects.none(),
        help_text="Décochez ceux que vous n’avez pas en main.",
        error_messages={"required": "Cochez au moins un état."},
    )

    def __init__(self, *args, ready: models.QuerySet, **kwargs) -> None:
        """Offer the statements that may be signed."""
        super().__init__(*args, **kwargs)
        guard(self.fields.values())
        self.fields["statements"].queryset = ready

    def clean(self) -> dict:
        """Refuse a day to come."""
        super().clean()
        _refuse_to_come(self, "on", TO_COME)
        return self.cleaned_data


class UnsignedForm(forms.Form):
    """Why a statement is closed without a signature."""

    reason = forms.ModelChoiceField(
        label="Motif",
        queryset=ReferenceCode.objects.none(),
        empty_label=CHOOSE,
        help_text=(
            "Ses heures restent «\u00a0non signées\u00a0», hors du FSE+. Seul un chef de projet "
            "pourra rouvrir le mois."
        ),
        error_messages={"required": "Choisissez pourquoi la personne ne signe pas."},
    )

    def __init__(self, *args, scope: Scope, **kwargs) -> None:
        """Offer the reasons in force today."""
        super().__init__(*args, **kwargs)
        rows = ReferenceCode.objects.for_scope(scope, Action.TICK_ATTENDANCE)
        rows = rows.in_list("unsigned_reasons").valid(timezone.localdate())
        self.fields["reason"].queryset = rows


class ObjectionForm(ScopedModelForm):
    """A day that the person does not agree with, in their words; `fixed` gives the statement."""

    class Meta:
        model = StatementObjection
        fields = ["on", "words", "made_on"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"words": "Avec ses mots\u00a0: «\u00a0J’étais là l’après-midi\u00a0»."}
        error_messages = {"words": {"required": "Écrivez ce que dit la personne."}}

    def clean(self) -> dict:
        """Refuse a day out of the month, and one to come."""
        super().clean()
        statement, on = self.instance.statement, self.cleaned_data.get("on")
        if on and not statement.month <= on <= statement.last_day:
            self.add_error("on", ValidationError(OUT_OF_MONTH, code="month"))
        _refuse_to_come(self, "made_on", "Cette date est à venir\u00a0: notez le jour venu.")
        return self.cleaned_data


class AnswerForm(ScopedModelForm):
    """What was answered to the person, and when it was settled with them."""

    class Meta:
        model = StatementObjection
        fields = ["answer", "settled_on"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs) -> None:
        """Ask for both, and propose today."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
        self.fields["version"].required = False
        if not self.instance.settled_on:
            self.initial["settled_on"] = timezone.localdate()

    def clean(self) -> dict:
        """Refuse a day to come."""
        super().clean()
        _refuse_to_come(self, "settled_on", "Cette date est à venir\u00a0: notez-la le jour venu.")
        return self.cleaned_data
