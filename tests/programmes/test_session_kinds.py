"""What each kind of session counts for: told on its list, chosen for those a territory adds."""

import pytest
from django.urls import reverse

from autoprod.audit.models import AuditEvent
from programmes.models import ReferenceCode
from programmes.services import session_kinds
from tests.factories import programmes as make

LIST = session_kinds.LIST


@pytest.fixture
def browser(world, client_for):
    return client_for(world.here.administrator)


def test_the_list_tells_what_each_kind_counts_for(browser):
    html = browser.get(reverse("programmes:reference_detail", args=[LIST])).content.decode()
    assert "Ce qu’elle compte" in html
    assert "présences et heures · animation de prévention santé" in html
    assert "présences et heures · public indirect · sans personne attendue" in html
    other = reverse("programmes:reference_detail", args=["site_kinds"])
    assert "Ce qu’elle compte" not in browser.get(other).content.decode()


def test_a_kind_that_a_territory_adds_says_what_it_counts_for(browser):
    path = reverse("programmes:reference_create", args=[LIST])
    assert "Public indirect" in browser.get(path).content.decode()
    browser.post(path, {"label": "Marché du quartier", "counts": ["outreach", "open"]})
    kind = ReferenceCode.objects.get(list=LIST, label="Marché du quartier")
    assert kind.meta == {"outreach": True, "open": True}
    edit = reverse("programmes:reference_update", args=[kind.pk])
    assert browser.get(edit).content.decode().count(" checked") == 2
    kind.meta |= {"dauphin": "x"}
    kind.save()
    browser.post(edit, {"label": kind.label, "counts": ["health"]})
    kind.refresh_from_db()
    assert kind.meta == {"dauphin": "x", "health": True}
    assert AuditEvent.objects.first().changed == ["meta"]
    refused = browser.post(edit, {"label": kind.label, "counts": ["persons"]})
    assert refused.status_code == 200
    assert session_kinds.counts_of(make.code(LIST, "culture")) == []
