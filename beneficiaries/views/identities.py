"""The form of an identity."""

from django.db.models import QuerySet

from autoprod.core.scoping import Action
from autoprod.core.views import UpdatePage, get_or_404
from beneficiaries.forms.identities import IdentityForm
from beneficiaries.models import Person, PersonIdentity
from beneficiaries.views.person_files import OfPerson


class IdentityUpdate(OfPerson, UpdatePage):
    """Edit birth, sex and addresses, or write them for the first time."""

    model = PersonIdentity
    form_class = IdentityForm
    action = Action.EDIT_PERSONS
    parent_model = Person
    tab = "person_situation"

    def get_person(self) -> Person:
        """Return whose file it is."""
        return self.parent

    def get_object(self, queryset: QuerySet | None = None) -> PersonIdentity:
        """Return the identity, a blank one the first time; 404 for who may not see it."""
        scope, seen = self.scope, Action.VIEW_IDENTITIES
        get_or_404(Person.objects.for_scope(scope, seen), pk=self.parent.pk)
        rows = PersonIdentity.objects.for_scope(scope, seen).of(self.parent)
        return rows.first() or PersonIdentity(person=self.parent)

    def get_form_kwargs(self) -> dict:
        """Edit what is there now: a colleague may have written it meanwhile."""
        return super().get_form_kwargs() | {"instance": self.get_object()}

    def get_title(self) -> str:
        """Return what is written."""
        return "Identité"

    def get_subtitle(self) -> str:
        """Return whose."""
        return str(self.parent)
