"""The form of an address; one that is hidden stays closed to all but the referent."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from autoprod.core.scoping import Action
from autoprod.core.views import UpdatePage, get_or_404
from beneficiaries.forms.addresses import AddressForm
from beneficiaries.models import Person, PersonAddress
from beneficiaries.services import addresses
from beneficiaries.views.person_files import OfPerson


class HiddenAddressError(Exception):
    """Somebody who is not the referent came to an address that is hidden."""


class AddressUpdate(OfPerson, UpdatePage):
    """Edit an address, or write it for the first time."""

    model = PersonAddress
    form_class = AddressForm
    action = Action.EDIT_PERSONS
    parent_model = Person
    tab = "person_situation"
    title = "Adresse"

    def get_person(self) -> Person:
        """Return whose file it is."""
        return self.parent

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Say whom to ask, instead of a hidden address; it may be hidden while one types."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except HiddenAddressError:
            context = {
                "person": self.parent,
                "title": self.get_title(),
                "breadcrumbs": [{"label": w, "url": url} for w, url in self.get_breadcrumbs()],
                "followers": addresses.followers_of(self.scope, self.parent),
                "was_sent": request.method == "POST",
                "back_url": self.get_success_url(),
            }
            return render(request, "beneficiaries/addresses/hidden.html", context, status=403)

    def get_object(self, queryset: QuerySet | None = None) -> PersonAddress:
        """Return the address, a blank one the first time; 404 for who reads no identity."""
        scope, seen = self.scope, Action.VIEW_IDENTITIES
        person = get_or_404(Person.objects.for_scope(scope, seen), pk=self.parent.pk)
        row = PersonAddress.objects.for_scope(scope, seen).of(person).first()
        if row is None and addresses.is_closed_to(scope, person):
            raise HiddenAddressError
        return row or PersonAddress(person=person)

    def get_form_kwargs(self) -> dict:
        """Edit what is there now: a colleague may have written it meanwhile."""
        return super().get_form_kwargs() | {"instance": self.get_object()}

    def get_title(self) -> str:
        """Return what is written."""
        return self.title

    def get_subtitle(self) -> str:
        """Return whose."""
        return str(self.parent)
