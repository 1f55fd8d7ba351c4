"""Forms of objectives: setting one out, revising what it says, correcting a mistake."""

from django.db import transaction

from autoprod.core.forms import ScopedModelForm
from programmes.models import ObjectiveVersion
from programmes.services import objectives


class ObjectiveForm(ScopedModelForm):
    """A new objective of an edition, with its first wording."""

    class Meta:
        model = ObjectiveVersion
        fields = ["wording", "target", "unit", "valid_from"]

    def __init__(self, *args, edition, **kwargs) -> None:
        """Keep the edition; an objective is usually there from its first day."""
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["valid_from"].initial = edition.starts_on

    def save(self, commit: bool = True) -> ObjectiveVersion:
        """Create the objective, then its wording."""
        with transaction.atomic():
            self.instance.objective = objectives.set_out(scope=self.scope, edition=self.edition)
            return super().save(commit=commit)


class RevisionForm(ScopedModelForm):
    """What the objective says from another day on; the former wording stays readable."""

    class Meta:
        model = ObjectiveVersion
        fields = ["wording", "target", "unit", "valid_from", "reason"]

    def __init__(self, *args, **kwargs) -> None:
        """Ask why the objective changes."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class CorrectionForm(ScopedModelForm):
    """A typing mistake in one wording; its day stays."""

    class Meta:
        model = ObjectiveVersion
        fields = ["wording", "target", "unit", "reason"]
