"""Form of a contract of hours: so many a week, or an exemption and its reason."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from autoprod.core.forms import NOTHING_CHOSEN
from beneficiaries.forms.pathways import OfStayForm
from beneficiaries.models import EngagementContract

NEITHER = "Écrivez des heures par semaine, ou choisissez une dispense."
TOO_LONG = "Écrivez au plus 48\u00a0h par semaine."
#: As the base says.
_LONGEST = 48 * 60
BOTH = "Des heures par semaine ou une dispense, pas les deux."


class ContractForm(OfStayForm):
    """What was agreed with somebody; offered for the stays the writer is a referent of."""

    class Meta:
        model = EngagementContract
        fields = ["enrolment", "starts_on", "ends_on", "weekly_minutes", "exemption", "signed_on"]
        help_texts = {
            "ends_on": "Laissez vide tant qu’il court. Pour le terminer, écrivez son dernier jour.",
            "exemption": "Une raison, jamais plus\u00a0: rien n’est alors compté.",
        }

    def __init__(self, *args, **kwargs) -> None:
        """Propose today for a new one."""
        super().__init__(*args, **kwargs)
        self.fields["exemption"].empty_label = NOTHING_CHOSEN
        if not self.is_edit:
            self.fields["starts_on"].initial = timezone.localdate()
            self.instance.agreed_by_id = int(self.scope.actor_key)

    def choices_of_enrolment(self, rows: models.QuerySet) -> models.QuerySet:
        """Offer the stays followed by who writes."""
        return super().choices_of_enrolment(rows).followed_by(self.scope.actor_key)

    def clean_weekly_minutes(self) -> int | None:
        """Refuse more than a week of work may hold."""
        minutes = self.cleaned_data["weekly_minutes"]
        if minutes and minutes > _LONGEST:
            raise ValidationError(TOO_LONG, code="too_long")
        return minutes

    def clean(self) -> dict:
        """Ask for hours or for an exemption, one of the two."""
        super().clean()
        cleaned = self.cleaned_data
        hours, exemption = cleaned.get("weekly_minutes"), cleaned.get("exemption")
        if hours and exemption:
            self.add_error("exemption", ValidationError(BOTH, code="both"))
        elif not (hours or exemption or {"weekly_minutes", "exemption"} & self.errors.keys()):
            self.add_error("weekly_minutes", ValidationError(NEITHER, code="required"))
        return cleaned
