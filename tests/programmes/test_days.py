"""A session's day: counts without a name saved by taps, the note, the photo."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from autoprod.audit.models import AuditEvent
from beneficiaries.services import rolls
from programmes.models import Outreach, Session, SessionPhoto
from tests.factories import presence as plans
from tests.factories import programmes as make
from tests.harness.queries import same_queries

HTMX = {"HX-Request": "true"}


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def browser(garden, client_for):
    return client_for(garden.workshop_leader)


def of_kind(garden, kind, **fields):
    code = make.code("session_kinds", kind)
    return make.make_session(garden.programme, garden.site, kind=code, **fields)


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


def send(browser, session, *, htmx=True, **sent):
    headers = HTMX if htmx else None
    return browser.post(url("session_counts", session.pk), sent, headers=headers)


def headcount_of(session):
    return Session.objects.get(pk=session.pk).headcount


# --- counts


def test_two_devices_that_count_at_once_add_up(browser, garden):
    session = of_kind(garden, "culture")
    html = send(browser, session, headcount=0, seen_headcount=0, step="headcount:1")
    assert 'value="1"' in html.content.decode()
    send(browser, session, headcount=0, seen_headcount=0, step="headcount:1")
    assert headcount_of(session) == 2
    send(browser, session, headcount=12, seen_headcount=2)
    assert headcount_of(session) == 12
    send(browser, session, headcount=12, seen_headcount=12, step="headcount:-1")
    assert headcount_of(session) == 11
    assert Session.objects.get(pk=session.pk).version == session.version
    answer = send(browser, session, htmx=False, headcount=12, seen_headcount=11)
    assert (answer.url, headcount_of(session)) == (url("session_detail", session.pk), 12)


def test_what_is_not_a_number_changes_nothing_and_is_told(browser, garden):
    session = of_kind(garden, "culture", headcount=4)
    for typed in ("", "beaucoup", "-3", "10000"):
        html = send(browser, session, headcount=typed, seen_headcount=4).content.decode()
        assert "Écrivez un nombre" in html
    assert headcount_of(session) == 4
    send(browser, session, headcount=0, seen_headcount=4, step="headcount:-1")
    assert headcount_of(session) == 0


def test_a_neighbourhood_session_keeps_three_counts_in_order(browser, garden):
    session = of_kind(garden, "permanence")
    seen = {f"seen_{name}": 0 for name in ("met", "oriented", "entered")}
    sent = seen | {"met": 5, "oriented": 2, "entered": 1}
    html = send(browser, session, **sent).content.decode()
    assert "Personnes rencontrées" in html
    stored = Outreach.objects.get(session=session)
    assert (stored.met, stored.oriented, stored.entered) == (5, 2, 1)
    for step, words in (("entered:1", None), ("entered:1", "orientées"), ("met:-1", None)):
        zeros = seen | dict.fromkeys(("met", "oriented", "entered"), 0)
        html = send(browser, session, **zeros, step=step).content.decode()
        assert ("Notez d’abord" in html) == bool(words)
    stored.refresh_from_db()
    assert (stored.met, stored.oriented, stored.entered) == (4, 2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outreach.objects.filter(pk=stored.pk).update(met=1)


def test_a_closed_cancelled_or_coming_session_is_not_counted(browser, garden):
    sessions = [
        make.close(of_kind(garden, "culture")),
        make.cancel(of_kind(garden, "culture")),
        of_kind(garden, "culture", on=make.tomorrow()),
    ]
    for session in sessions:
        answer = send(browser, session, htmx=False, headcount=1, seen_headcount=0)
        assert answer.status_code == 302
        assert headcount_of(session) == 0


def test_nobody_is_expected_at_an_information_and_its_public_is_indirect(browser, garden):
    session = of_kind(garden, "information")
    assert rolls.roll_of(session).rows == []
    assert len(rolls.roll_of(session).others) == 1
    assert rolls.tallies([session])[session.pk].expected == 0
    html = browser.get(url("session_detail", session.pk)).content.decode()
    assert "Public indirect, sans nom" in html


# --- the note and the photo


def test_the_note_is_written_from_the_roll_and_leads_back(browser, garden):
    session = of_kind(garden, "culture")
    roll = reverse("beneficiaries:attendance_tick", args=[session.pk])
    assert url("session_note", session.pk) in browser.get(roll).content.decode()
    path = f"{url('session_note', session.pk)}?next={roll}"
    sent = {"note": "Gel au matin.\nOn a paillé.", "version": session.version}
    assert browser.post(path, sent).url == roll
    assert "On a paillé." in browser.get(roll).content.decode()
    away = browser.post(
        f"{url('session_note', session.pk)}?next=https://ailleurs.example/",
        sent | {"version": session.version + 1},
    )
    assert away.url == url("session_detail", session.pk)
    html = browser.post(path, sent | {"note": "Autre", "version": 1}).content.decode()
    assert "modifiée pendant que vous" in html


def test_one_photo_replaced_then_removed_with_its_file(browser, garden):
    session = of_kind(garden, "culture")
    path = url("session_photo_create", session.pk)
    browser.post(path, {"document": plans.picture(), "title": "Semis"})
    first = SessionPhoto.objects.get(session=session)
    page = browser.get(url("session_detail", session.pk)).content.decode()
    assert f'src="{url("session_photo", first.pk)}"' in page
    answer = browser.get(url("session_photo", first.pk))
    assert answer["Content-Type"] == "image/png"
    assert answer.getvalue().startswith(b"\x89PNG")
    browser.post(path, {"document": plans.picture("red", "JPEG")})
    second = SessionPhoto.objects.get(session=session)
    assert second.content_type == "image/jpeg"
    assert AuditEvent.objects.filter(verb="delete", object_key=str(first.pk)).exists()
    remove = url("session_photo_delete", second.pk)
    assert "Supprimer" in browser.get(remove).content.decode()
    assert SessionPhoto.objects.filter(session=session).exists()
    browser.post(remove)
    assert not SessionPhoto.objects.filter(session=session).exists()


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_photo_goes_with_it():
    place = make.make_territory()
    programme = make.make_programme(place)
    photo = plans.make_photo(make.make_session(programme))
    name = photo.file.name
    assert default_storage.exists(name)
    photo.delete()
    assert not default_storage.exists(name)


def test_a_photo_as_large_as_a_telephones_is_reduced(browser, garden):
    session = of_kind(garden, "culture")
    output = BytesIO()
    Image.new("RGB", (2400, 3200)).save(output, format="HEIF")
    sent = SimpleUploadedFile("IMG_1.heic", output.getvalue())
    browser.post(url("session_photo_create", session.pk), {"document": sent})
    photo = SessionPhoto.objects.get(session=session)
    with photo.file.open("rb") as file, Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 1600))


def test_a_pdf_is_no_photo(browser, garden):
    session = of_kind(garden, "culture")
    pdf = SimpleUploadedFile("piece.pdf", ContentFile(plans.PDF).read())
    html = browser.post(url("session_photo_create", session.pk), {"document": pdf})
    assert "Choisissez une photo" in html.content.decode()
    assert not SessionPhoto.objects.filter(session=session).exists()


def test_a_day_is_read_in_the_same_queries(browser, garden):
    sessions = [of_kind(garden, "permanence")]

    def grow():
        for _ in range(5):
            plans.make_outreach(of_kind(garden, "permanence"))

    path = url("session_detail", sessions[0].pk)
    same_queries(lambda: browser.get(path), grow)


def test_whoever_is_there_says_they_lead(browser, garden):
    session = of_kind(garden, "culture")
    roll = reverse("beneficiaries:attendance_tick", args=[session.pk])
    assert "C’est moi" in browser.get(roll).content.decode()
    assert browser.post(url("session_lead", session.pk), {"next": roll}).url == roll
    assert Session.objects.get(pk=session.pk).leader == garden.workshop_leader
    html = browser.get(roll).content.decode()
    assert garden.workshop_leader.first_name in html
    assert "C’est moi" not in html
    closed = make.close(of_kind(garden, "culture"))
    browser.post(url("session_lead", closed.pk))
    assert Session.objects.get(pk=closed.pk).leader is None
