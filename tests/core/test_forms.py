"""Forms: errors beside their field, both texts when somebody was faster, nothing lost."""

import pytest
from django import forms

from autoprod.audit.models import AuditEvent
from autoprod.core.fields import PhoneField
from autoprod.core.forms import guard
from autoprod.core.models import StaleError
from autoprod.core.scoping import Action
from programmes.access import scope_of
from programmes.forms.editions import EditionForm
from programmes.forms.organisations import OrganisationForm
from programmes.forms.sites import SiteForm
from programmes.models import Edition, Organisation, Site


def posted(form) -> dict:
    """Return what a browser sends back of a form shown as it is."""
    data = {}
    for bound in form:
        value = bound.field.prepare_value(bound.value()) if bound.value() is not None else ""
        data[bound.html_name] = value
    return data


@pytest.fixture
def scope(world):
    return scope_of(world.here.garden.programme_manager)


def organisation_form(scope, organisation, data=None):
    return OrganisationForm(data, instance=organisation, scope=scope, action=Action.EDIT_PARTNERS)


def test_a_stale_form_shows_both_texts_and_keeps_what_was_typed(world, scope):
    funder = world.here.garden.funder
    mine = posted(organisation_form(scope, funder)) | {"name": "Mon texte", "city": "Denain"}
    other = Organisation.objects.get(pk=funder.pk)
    other.name = "Texte du collègue"
    other.save()

    form = organisation_form(scope, Organisation.objects.get(pk=funder.pk), mine)
    assert not form.is_valid()
    assert "Texte du collègue" in str(form.errors["name"])
    assert "city" in form.errors, "a field that differs says what is stored"
    assert form["name"].value() == "Mon texte"
    assert Organisation.objects.get(pk=funder.pk).name == "Texte du collègue"

    again = organisation_form(scope, Organisation.objects.get(pk=funder.pk), form.data)
    assert again.is_valid(), again.errors
    assert again.save().name == "Mon texte"


def test_two_saves_of_the_same_reading_never_overwrite(world):
    first = Organisation.objects.get(pk=world.here.garden.funder.pk)
    second = Organisation.objects.get(pk=first.pk)
    first.city = "Anzin"
    first.save()
    second.city = "Denain"
    with pytest.raises(StaleError):
        second.save()
    assert Organisation.objects.get(pk=first.pk).city == "Anzin"


def test_a_save_that_changes_nothing_writes_nothing(world, scope):
    funder = world.here.garden.funder
    before = AuditEvent.objects.count()
    form = organisation_form(scope, funder, posted(organisation_form(scope, funder)))
    assert form.is_valid(), form.errors
    form.save()
    assert AuditEvent.objects.count() == before
    assert Organisation.objects.get(pk=funder.pk).version == funder.version


def test_an_edit_is_journalled_with_its_fields_and_no_name(world, scope):
    funder = world.here.garden.funder
    data = posted(organisation_form(scope, funder)) | {"city": "Anzin"}
    form = organisation_form(scope, funder, data)
    assert form.is_valid(), form.errors
    form.save()
    event = AuditEvent.objects.first()
    assert (event.verb, event.changed) == ("update", ["city"])
    assert event.object_label == f"Organisation n° {funder.pk}"
    assert event.territory_key == str(world.here.territory.pk)
    assert event.actor_label == world.here.garden.programme_manager.email


def test_a_double_name_is_told_beside_the_name(world, scope):
    data = posted(organisation_form(scope, None)) | {
        "name": world.here.garden.funder.name,
        "kind": world.here.garden.funder.kind_id,
    }
    form = organisation_form(scope, None, data)
    assert not form.is_valid()
    assert "porte déjà ce nom" in str(form.errors.get("name")), form.errors


def test_dates_in_the_wrong_order_are_told_beside_the_second(world, scope):
    edition = Edition(programme=world.here.garden.programme)
    data = {"label": "2031", "starts_on": "2031-12-31", "ends_on": "2031-01-01"}
    form = EditionForm(
        data,
        instance=edition,
        scope=scope,
        action=Action.EDIT_PROGRAMME,
        fixed={"programme": world.here.garden.programme},
    )
    assert not form.is_valid()
    assert "finit avant" in str(form.errors.get("ends_on")), form.errors


def test_a_social_security_number_is_refused_in_free_text(world, scope):
    funder = world.here.garden.funder
    data = posted(organisation_form(scope, funder)) | {"note": "voir 1 85 05 78 006 084 36"}
    form = organisation_form(scope, funder, data)
    assert not form.is_valid()
    assert "note" in form.errors


class OfEveryText(forms.Form):
    """A text of every class: plain, of a subclass, and those with a shape of their own."""

    plain = forms.CharField()
    slug = forms.SlugField()
    pattern = forms.RegexField(r"[0-9]+")
    phone = PhoneField(blank=True).formfield()
    email = forms.EmailField()
    link = forms.URLField(assume_scheme="https")

    def __init__(self, *args) -> None:
        """Guard its fields, as every form that keeps a text does."""
        super().__init__(*args)
        guard(self.fields.values())


def test_a_social_security_number_is_refused_in_a_text_of_any_class_and_stays_typed():
    form = OfEveryText(dict.fromkeys(("plain", "slug", "pattern"), "185055960612345"))
    assert {name for name in form.fields if form.has_error(name, "nir")} == {*form.data}
    assert {form[name].value() for name in form.data} == {"185055960612345"}


def test_fifteen_digits_of_a_telephone_an_address_or_a_link_accuse_nobody():
    form = OfEveryText(
        {
            "phone": "+185055960612345",
            "email": "185055960612345@example.fr",
            "link": "https://example.fr/185055960612345",
        }
    )
    assert set(form.errors) == {"plain", "slug", "pattern"}


def test_choices_never_leave_the_scope(world, scope):
    form = SiteForm(scope=scope, action=Action.EDIT_SITES)
    offered = set(form.fields["programmes"].queryset)
    assert offered == {world.here.garden.programme}
    districts = set(form.fields["district"].queryset)
    assert districts == {world.here.district}


def test_a_link_outside_the_scope_survives_an_edit(world, scope):
    site = world.here.garden.site
    site.programmes.add(world.here.kitchen.programme)
    form = SiteForm(instance=site, scope=scope, action=Action.EDIT_SITES)
    data = posted(form) | {"name": "Un autre nom", "programmes": []}
    form = SiteForm(data, instance=site, scope=scope, action=Action.EDIT_SITES)
    assert form.is_valid(), form.errors
    form.save()
    assert set(Site.objects.get(pk=site.pk).programmes.all()) == {world.here.kitchen.programme}


def test_several_rows_are_boxes_to_tick_without_one_for_nothing(world, scope):
    form = SiteForm(scope=scope, action=Action.EDIT_SITES)
    assert [str(label) for _, label in form.fields["programmes"].choices] == [
        world.here.garden.programme.name
    ]
