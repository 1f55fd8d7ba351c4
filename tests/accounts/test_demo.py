"""« Entrer comme… », on a demo base only."""

import pytest

from autoprod.accounts import demo as demo_people
from autoprod.accounts.models import UserSession
from autoprod.core.models import Installation
from tests.factories.accounts import make_user

ENTER = "/connexion/demo/"


@pytest.fixture
def labelled(user, monkeypatch):
    """Register two people, one of them gone."""
    gone = make_user("Paul", "Parti", is_active=False)
    monkeypatch.setattr(demo_people, "_registered", [])
    demo_people.register_demo_labels(
        lambda: [(user, "travailleuse sociale"), (gone, "administrateur")]
    )
    return user, gone


def test_absent_from_a_real_base(client, labelled, client_for):
    assert client_for(labelled[0]).post(ENTER, {"user": labelled[0].pk}).status_code == 404
    assert client.post(ENTER, {"user": labelled[0].pk}).status_code == 404
    Installation.objects.get_or_create(pk=1, defaults={"is_demo": False})
    assert client.post(ENTER, {"user": labelled[0].pk}).status_code == 404
    assert b"Entrer" not in client.get("/connexion/").content


def test_one_click_opens_a_session(client, labelled, demo):
    user, gone = labelled
    page = client.get("/connexion/")
    assert "travailleuse sociale" in page.content.decode()
    assert gone.get_full_name() not in page.content.decode()
    assert client.post(ENTER, {"user": user.pk}).url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert UserSession.objects.of(user).count() == 1


@pytest.mark.parametrize("key", ["", "0", "abc"])
def test_only_the_people_listed(client, labelled, demo, key):
    other = make_user("Nora", "Non listée")
    for chosen in (key, other.pk, labelled[1].pk):
        assert client.post(ENTER, {"user": chosen}).status_code == 404
    assert client.get(ENTER).status_code == 405


def test_the_last_registered_labels_win(demo, labelled):
    demo_people.register_demo_labels(list)
    assert demo_people.people() == []
