"""Pages of the lists: what each is for, and the values a territory adds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from programmes.enums import Role
from programmes.models import ReferenceCode
from programmes.services.references import reference_lists
from tests.factories.programmes import code, make_code, make_membership
from tests.harness.queries import same_queries


def url(name, *args):
    return reverse(f"programmes:reference_{name}", args=args)


@pytest.fixture
def admin(world, client_for):
    return client_for(world.here.administrator)


def body(response):
    return response.content.decode()


def local(label):
    return ReferenceCode.objects.exclude(territory=None).get(label=label)


def test_the_lists_say_what_they_are_for(admin):
    html = body(admin.get(url("list")))
    for entry in reference_lists().values():
        assert url("detail", entry.name) in html
    assert "son rôle est dit action par action" in html


def test_a_list_shows_its_codes_and_their_correspondences(admin):
    html = body(admin.get(url("detail", "sex")))
    assert "FSE+\u00a0: femme" in html
    assert "Règlement (UE) 2021/1057" in html
    assert url("create", "sex") not in html


def test_a_code_closed_is_shown_when_asked(admin):
    shut = timezone.localdate() - timedelta(days=1)
    ReferenceCode.objects.filter(pk=code("site_kinds", "rucher").pk).update(valid_to=shut)
    assert "Rucher" not in body(admin.get(url("detail", "site_kinds")))
    assert "Rucher" in body(admin.get(url("detail", "site_kinds"), {"shown": "all"}))
    assert "Rucher" in body(
        admin.get(url("detail", "site_kinds"), {"shown": "all", "text": "ruch"})
    )
    assert "Rucher" not in body(admin.get(url("detail", "site_kinds"), {"text": "serre"}))


def test_an_unknown_list_is_not_found(admin):
    assert admin.get(url("detail", "colours")).status_code == 404
    assert admin.get(url("create", "colours")).status_code == 404


def test_a_value_is_added_for_the_territory_and_journaled(admin, world):
    response = admin.post(url("create", "site_kinds"), {"label": "Toit cultivé", "code": ""})
    assert response.url == url("detail", "site_kinds")
    added = local("Toit cultivé")
    assert (added.list, added.code, added.territory) == (
        "site_kinds",
        "toit-cultive",
        world.here.territory,
    )
    event = AuditEvent.objects.get(object_key=str(added.pk), object_kind=added._meta.label_lower)
    assert event.territory_key == str(world.here.territory.pk)
    assert "Toit cultivé" in body(admin.get(url("detail", "site_kinds")))


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_official_list_takes_no_value(admin, method):
    response = getattr(admin, method)(url("create", "sex"), {"label": "Autre réponse"})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"label": "serre", "code": "x"}, "label"),
        ({"label": "Valeur du territoire", "code": "x"}, "label"),
        ({"label": "Toit", "code": "jardin"}, "code"),
        ({"label": "Toit", "code": "un code"}, "code"),
        ({"label": "!!", "code": ""}, "code"),
        ({"label": ""}, "label"),
        ({"label": "Toit", "valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "valid_to"),
    ],
)
def test_a_value_that_would_confuse_is_refused(admin, asked, field):
    response = admin.post(url("create", "site_kinds"), asked)
    assert response.context["form"].errors[field]


def test_the_neighbours_values_are_neither_seen_nor_in_the_way(admin, world):
    make_code(world.elsewhere.territory, label="Terrasse", code="terrasse")
    assert "Terrasse" not in body(admin.get(url("detail", "site_kinds")))
    asked = {"label": "Terrasse", "code": "terrasse"}
    assert admin.post(url("create", "site_kinds"), asked).status_code == 302


def test_a_local_value_is_renamed_and_closed(admin, world):
    own, today = world.here.local_code, timezone.localdate()
    assert url("update", own.pk) in body(admin.get(url("detail", "site_kinds")))
    asked = {"label": "Jardin de rue", "valid_to": today.isoformat()}
    assert admin.post(url("update", own.pk), asked).status_code == 302
    own.refresh_from_db()
    assert (own.label, own.valid_to) == ("Jardin de rue", today)


def test_official_and_foreign_values_are_read_only(admin, world):
    official, foreign = code("site_kinds"), world.elsewhere.local_code
    assert url("update", official.pk) not in body(admin.get(url("detail", "site_kinds")))
    for row in (official, foreign):
        assert admin.get(url("update", row.pk)).status_code == 404
        assert admin.post(url("update", row.pk), {"label": "Autre"}).status_code == 404
        assert ReferenceCode.objects.get(pk=row.pk).label == row.label


def test_the_territory_is_asked_of_who_has_several(world, client_for):
    user = world.here.administrator
    make_membership(user, Role.ADMINISTRATOR, world.elsewhere.territory)
    browser = client_for(user)
    assert (
        browser.post(url("create", "site_kinds"), {"label": "Toit"})
        .context["form"]
        .errors["territory"]
    )
    asked = {"label": "Toit", "territory": world.elsewhere.territory.pk}
    assert browser.post(url("create", "site_kinds"), asked).status_code == 302
    assert local("Toit").territory == world.elsewhere.territory


def test_only_administrators_complete_the_lists(world, client_for):
    browser = client_for(world.here.garden.programme_manager)
    for page in (url("list"), url("detail", "site_kinds"), url("create", "site_kinds")):
        assert browser.get(page).status_code == 403
    assert browser.get(url("update", world.here.local_code.pk)).status_code == 403


def test_a_list_makes_as_many_queries_for_many_values(admin, world):
    def grow():
        for _ in range(5):
            make_code(world.here.territory, label="Valeur")

    same_queries(lambda: admin.get(url("detail", "site_kinds")), grow)
    same_queries(lambda: admin.get(url("list")), grow)
