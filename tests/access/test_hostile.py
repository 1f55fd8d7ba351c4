"""A hostile user of the frame: what is typed, tampered with or guessed opens and breaks nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django import forms
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from autoprod.core.scoping import Action
from programmes.access import scope_of
from programmes.enums import Role
from programmes.models import Membership, Partnership
from tests.access import walker
from tests.access.asking import ask
from tests.access.filling import filled
from tests.access.matrix import DECLARED, MATRIX, OWNER
from tests.factories import programmes as make
from tests.factories.jobs import make_finished_job

pytestmark = pytest.mark.long

FORMS = [name for name, entry in sorted(MATRIX.items()) if set(entry.methods) == {"GET", "POST"}]
every_form = pytest.mark.parametrize("name", FORMS)

NIR = "1 85 05 59 606 123 45"
TOO_LONG_FOR_A_KEY = str(10**20)


@pytest.fixture(scope="module")
def known() -> dict[str, forms.BaseForm | None]:
    """Return the forms already seen, by address: the world is the same before each test."""
    return {}


@pytest.fixture
def opened(stage, known) -> Callable[[str], tuple[Client, str, forms.BaseForm | None]]:
    """Return the function that opens a form of the matrix as somebody who may."""

    def open_form(name: str) -> tuple[Client, str, forms.BaseForm | None]:
        entry, place = MATRIX[name], stage.world.here
        target = entry.target(name, place, place.garden)
        user = next(u for role, u in stage.members(place).items() if entry.opens_to(role))
        path, browser = target.path + entry.query, stage.browser(user)
        if path not in known:
            known[path] = ask(browser, "GET", path).context.get("form")
        return browser, path, known[path]

    return open_form


def named(form: forms.BaseForm | None, *kinds: type) -> Iterator[str]:
    """Yield the names of the form's fields of these classes; none for a page without form."""
    for name, field in form.fields.items() if form else ():
        if isinstance(field, kinds):
            yield name


def faults(browser: Client, path: str, form: forms.BaseForm, typed: dict) -> dict:
    """Return the messages of the form sent back with what was typed."""
    response = ask(browser, "POST", path, filled(form) | typed)
    assert response.status_code == 200
    return response.context["form"].errors if "form" in response.context else {}


# What is typed.


@pytest.mark.one_engine
@every_form
def test_a_day_of_another_age_is_refused(name, opened):
    """A slip in the year; « the day before » or « the day after » it may not exist."""
    browser, path, form = opened(name)
    dates = list(named(form, forms.DateField))
    for day in ("0001-01-01", "0206-03-01", "9999-12-31") if dates else ():
        assert set(dates) <= set(faults(browser, path, form, dict.fromkeys(dates, day))), day


@pytest.mark.one_engine
@every_form
def test_a_social_security_number_or_a_null_byte_is_refused_in_any_text(name, opened):
    browser, path, form = opened(name)
    texts = list(named(form, forms.CharField))
    for text in (NIR, "a\x00b") if texts else ():
        assert set(texts) <= set(faults(browser, path, form, dict.fromkeys(texts, text))), text


@pytest.mark.one_engine
@every_form
def test_a_key_that_no_column_holds_is_a_wrong_choice(name, opened):
    browser, path, form = opened(name)
    if choices := list(named(form, forms.ModelChoiceField)):
        typed = dict.fromkeys(choices, TOO_LONG_FOR_A_KEY)
        assert set(choices) <= set(faults(browser, path, form, typed))


def test_a_key_that_no_column_holds_is_not_proposed(opened):
    browser, path, _ = opened("programmes:site_create")
    for key in (TOO_LONG_FOR_A_KEY, "9" * 5000, "²", "\x00"):
        assert ask(browser, "GET", path, {"programme": key}).status_code == 200


def test_an_address_longer_than_its_column_is_refused(opened):
    browser, path, form = opened("programmes:account_identity")
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.fr"
    assert "email" in faults(browser, path, form, {"email": long})


# What is tampered with.


@pytest.mark.one_engine
@every_form
def test_a_row_out_of_the_scope_is_a_wrong_choice(name, opened, stage):
    """One posted choice at a time, each replaced by a row of the other territory.

    The form is read again: the rows it offers may be told by keys, which PostgreSQL never gives
    twice, even to the rows of a test undone.
    """
    browser, path, form = opened(name)
    fields = list(named(form, forms.ModelChoiceField))
    form = ask(browser, "GET", path).context["form"] if fields else form
    for field in fields:
        choices = form.fields[field].queryset
        stolen = choices.model.objects.exclude(pk__in=choices.values("pk")).order_by("-pk").first()
        assert stolen is not None
        assert field in faults(browser, path, form, {field: stolen.pk})


def test_rights_in_two_territories_do_not_mix_their_rows(stage, client_for):
    """A partner of the neighbour would open the action to whoever the neighbour gave rights."""
    here, elsewhere = stage.world.here, stage.world.elsewhere
    both = make.make_member(Role.PROGRAMME_MANAGER, here.territory)
    make.make_membership(both, Role.PROGRAMME_MANAGER, elsewhere.territory)
    browser = client_for(both)
    path = reverse("programmes:partnership_create", args=[here.garden.programme.pk])
    typed = {"organisation": elsewhere.operator.pk, "role": "operator"}
    form = ask(browser, "GET", path).context["form"]
    assert "organisation" in faults(browser, path, form, typed)

    path = reverse("programmes:site_update", args=[here.garden.site.pk])
    form = ask(browser, "GET", path).context["form"]
    assert "kind" in faults(browser, path, form, {"kind": elsewhere.local_code.pk})


def test_noting_a_partner_gives_nobody_a_right(stage, client_for):
    """A social worker here who pilots the actions of another organisation: one row, two rights."""
    garden = stage.world.here.garden
    operator = make.make_organisation(stage.world.here.territory, "Régie de quartier")
    worker = make.make_member(Role.SOCIAL_WORKER, garden.programme)
    make.make_membership(worker, Role.PROGRAMME_MANAGER, operator)
    path = reverse("programmes:partnership_create", args=[garden.programme.pk])
    browser = client_for(worker)
    form = ask(browser, "GET", path).context["form"]
    assert "role" in faults(browser, path, form, {"organisation": operator.pk, "role": "operator"})
    assert not scope_of(worker).opens(Action.EDIT_PROGRAMME, garden.programme)

    plain = {"organisation": operator.pk, "role": "partner"}
    assert ask(browser, "POST", path, plain).status_code == 302
    link = Partnership.objects.get(programme=garden.programme, organisation=operator)
    change = reverse("programmes:partnership_update", args=[link.pk])
    form = ask(browser, "GET", change).context["form"]
    assert "role" in faults(browser, change, form, {"role": "operator"})
    over = {"role": "operator", "starts_on": "2019-01-01", "ends_on": "2019-12-31"}
    assert ask(browser, "POST", change, filled(form) | over).status_code == 302

    manager = client_for(garden.programme_manager)
    form = ask(manager, "GET", path).context["form"]
    typed = filled(form) | {"organisation": operator.pk, "role": "operator"}
    assert ask(manager, "POST", path, typed).status_code == 302


# What outlives a right.


@pytest.fixture
def files(settings, tmp_path):
    """Give the test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("files")
def test_a_file_closes_with_one_of_the_rights_it_was_made_under(stage, client_for):
    """Also when the neighbour takes the account in and resets its password."""
    here, elsewhere = stage.world.here, stage.world.elsewhere
    worker = make.make_member(Role.SOCIAL_WORKER, here.garden.programme)
    make.make_membership(worker, Role.SOCIAL_WORKER, elsewhere.garden.programme)
    last_day = timezone.now() - timedelta(days=2)
    job = make_finished_job(
        worker,
        started_at=last_day - timedelta(hours=1),
        finished_at=last_day,
    )
    browser, path = client_for(worker), reverse("jobs:result", args=[job.pk])
    assert ask(browser, "GET", path).status_code == 200

    right = Membership.objects.get(user=worker, programme=here.garden.programme)
    right.ends_on = timezone.localdate(last_day)
    right.save()
    response = ask(browser, "GET", path)
    assert (response.status_code, response.url) == (302, reverse("jobs:detail", args=[job.pk]))
    page = ask(browser, "GET", response.url).content.decode()
    assert "Vos droits ont changé" in page


# How it is asked.


def path_of(name: str, stage) -> str:
    """Return the address of the matrix, made for the garden here."""
    place = stage.world.here
    return MATRIX[name].target(name, place, place.garden).path


@pytest.mark.one_engine
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_no_other_method_and_no_part_of_a_page_opens_it_to_the_neighbour(name, stage):
    neighbour = stage.browser(stage.world.elsewhere.administrator)
    stranger = stage.browser(stage.world.nobody)
    path = path_of(name, stage)
    headers = {"HX-Request": "true", "X-HTTP-Method-Override": "GET"}
    names_a_row = bool(MATRIX[name].target(name, stage.world.here, stage.world.here.garden).rows)
    for method in ("HEAD", "PUT"):
        assert stranger.generic(method, path, headers=headers).status_code in {403, 405}, method
    for method in ("HEAD", "OPTIONS", "DELETE") if names_a_row else ():
        answer = neighbour.generic(method, path, headers=headers)
        is_refused = answer.status_code in {403, 404, 405}
        assert is_refused or (method, answer.content) == ("OPTIONS", b"")


@pytest.mark.one_engine
@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_form_sent_from_another_site_is_refused(name, stage):
    """No view is exempt, and an answer never depends on a GET that writes."""
    view = next(route for route in walker.routes() if route.name == name).pattern.callback
    assert not getattr(view, "csrf_exempt", False)
    if name in MATRIX and "POST" in MATRIX[name].methods:
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = stage.browser(stage.world.here.administrator).cookies
        assert browser.post(path_of(name, stage)).status_code == 403


@pytest.mark.parametrize("name", sorted(OWNER))
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_second_factor_that_is_owed_holds_files_and_parts_back(name, headers, stage, client_for):
    browser = client_for(stage.world.here.administrator, verified=False)
    for method in ("GET", "POST"):
        answer = browser.generic(method, reverse(name, args=[1]), headers=headers)
        assert (answer.status_code, answer.url) == (302, reverse("accounts:second_factor"))


@pytest.mark.parametrize(("method", "key"), [("GET", 2**63), ("POST", 10**400)])
def test_a_key_that_no_column_holds_is_not_found(method, key, stage):
    for name in sorted(MATRIX.keys() | OWNER):
        if name in MATRIX:
            entry, place = MATRIX[name], stage.world.here
            picked = {k: pick(place, place.garden) for k, pick in entry.objects.items()}
            keys = {k: key if isinstance(v, Model) else v for k, v in picked.items()}
            user = next(u for r, u in stage.members(place).items() if entry.opens_to(r))
        else:
            keys, user = {"pk": key}, stage.world.here.administrator
        if key not in keys.values():
            continue
        status = ask(stage.browser(user), method, reverse(name, kwargs=keys)).status_code
        assert status in {404, 405}, name


@pytest.mark.parametrize("page", ["0", "-1", str(10**30), "9" * 5000, "\x00", "²", "1.5"])
def test_a_page_that_does_not_exist_is_not_found(page, stage):
    browser = stage.browser(stage.world.here.administrator)
    for name in ("programmes:site_list", "programmes:account_list", "jobs:list"):
        assert ask(browser, "GET", reverse(name), {"page": page}).status_code == 404


@pytest.mark.parametrize("text", ["%", "_", "\\", "\x00", "\ufdfa" * 80, "'--"])
def test_a_search_takes_signs_as_signs(text, stage):
    browser = stage.browser(stage.world.here.administrator)
    for name, field in (("account_list", "text"), ("organisation_list", "name")):
        response = ask(browser, "GET", reverse(f"programmes:{name}"), {field: text})
        assert response.status_code == 200
    found = ask(browser, "GET", reverse("programmes:account_list"), {"text": "c%e"}).context
    assert list(found["object_list"]) == []
