"""The persons whose bilan of a month is printed."""

from django import forms
from django.db import models

from beneficiaries.forms.pathways import PeopleField
from beneficiaries.models import Enrolment


class ReviewsForm(forms.Form):
    """Ticked persons; `people` are the enrolments offered."""

    people = PeopleField(
        label="Personnes",
        help_text="Décochez celles dont le bilan n’est pas à imprimer.",
        queryset=Enrolment.objects.none(),
        error_messages={"required": "Cochez au moins une personne."},
    )

    def __init__(self, *args, people: models.QuerySet, **kwargs) -> None:
        """Offer the enrolments of the month."""
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
