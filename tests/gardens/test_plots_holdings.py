"""Who holds a plot: one holder at a time, a home named by its persons to who may name them."""

from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Household
from gardens.models import Plot, PlotHolding
from gardens.services.holdings import HOME, holding, names_of
from programmes.access import scope_of
from tests.beneficiaries.test_attendance_together import together
from tests.factories import beneficiaries as people
from tests.factories import gardens as grow
from tests.factories import pathways as paths
from tests.world import build_world

DAY = date(2026, 3, 1)


@pytest.fixture
def garden(world):
    return world.here.garden


@pytest.fixture
def leader(garden, client_for):
    return client_for(garden.workshop_leader)


@pytest.fixture
def plot(garden):
    return grow.make_plot(garden.grown.garden, "Bac 1")


def url(name, garden, *keys):
    return reverse(f"gardens:{name}", args=[garden.programme.pk, *keys])


def page_of(browser, garden, plot):
    return browser.get(url("plot_detail", garden, plot.pk)).content.decode()


def test_a_plot_is_given_taken_back_and_given_to_another(leader, garden, plot):
    karim = people.make_person(garden.programme, "Karim", "Diallo")
    assert "Elle est à tout le monde" in page_of(leader, garden, plot)
    give = url("holding_create", garden, plot.pk)
    leader.post(give, {"person": karim.pk, "starts_on": "2026-03-01"})
    first = PlotHolding.objects.get(plot=plot)
    assert list(Household.objects.filter(members__person=karim)) == [first.household]
    assert "Karim Diallo" in page_of(leader, garden, plot)
    asked = {"organisation": garden.network.pk, "starts_on": "2026-05-01"}
    assert leader.post(give, asked).context["form"].errors
    end = {"ends_on": "2026-04-30", "version": first.version}
    leader.post(url("holding_end", garden, first.pk), end)
    leader.post(give, asked)
    page = page_of(leader, garden, plot)
    assert "Karim Diallo" in page
    assert [row.organisation for row in PlotHolding.objects.filter(plot=plot)] == [
        garden.network,
        None,
    ]
    assert page.index(garden.network.name) < page.index("Karim Diallo")


@pytest.mark.parametrize(
    ("start", "end", "is_refused"),
    [
        ("2026-02-01", "2026-02-28", False),
        ("2026-02-01", "2026-03-01", True),
        ("2026-03-31", "", True),
        ("2026-04-01", "", False),
        ("2026-01-01", "2026-12-31", True),
    ],
)
def test_two_holders_share_no_day(leader, garden, plot, start, end, is_refused):
    grow.make_holding(plot, garden.somebody.household, starts_on=DAY, ends_on=date(2026, 3, 31))
    asked = {"organisation": garden.network.pk, "starts_on": start, "ends_on": end}
    response = leader.post(url("holding_create", garden, plot.pk), asked)
    assert PlotHolding.objects.filter(plot=plot).count() == (1 if is_refused else 2)
    if is_refused:
        assert "du 1er au 31 mars 2026" in response.content.decode().replace("\u00a0", " ").replace(
            "<sup>er</sup>", "er"
        )
        assert response.context["form"]["starts_on"].value() == start


def test_nobody_or_two_holders_are_told(leader, garden, plot):
    give = url("holding_create", garden, plot.pk)
    assert leader.post(give, {"starts_on": "2026-03-01"}).context["form"].errors["person"]
    both = {"person": garden.somebody.person.pk, "organisation": garden.network.pk}
    response = leader.post(give, both | {"starts_on": "2026-03-01"})
    assert response.context["form"].errors["organisation"]
    assert not PlotHolding.objects.filter(plot=plot).exists()


def test_a_borrowed_greenhouse_is_held_while_it_is_there(leader, garden, plot):
    Plot.objects.filter(pk=plot.pk).update(starts_on=date(2026, 2, 1), ends_on=date(2026, 5, 31))
    give = url("holding_create", garden, plot.pk)
    assert leader.get(give).context["form"]["ends_on"].value() == date(2026, 5, 31)
    asked = {"organisation": garden.network.pk, "starts_on": "2026-03-01"}
    assert "n’est disponible que" in leader.post(give, asked).content.decode()
    leader.post(give, asked | {"ends_on": "2026-05-31"})
    assert PlotHolding.objects.filter(plot=plot).exists()


def test_the_days_are_corrected_and_a_slip_is_deleted(leader, garden, plot):
    first = grow.make_holding(plot, garden.somebody.household, starts_on=DAY, ends_on=DAY)
    later = grow.make_holding(plot, organisation=garden.network, starts_on=date(2026, 6, 1))
    update = url("holding_update", garden, first.pk)
    sent = {"starts_on": "2026-03-01", "ends_on": "2026-06-01", "version": first.version}
    assert "déjà attribuée" in leader.post(update, sent).content.decode()
    leader.post(update, sent | {"ends_on": "2026-05-31"})
    first.refresh_from_db()
    assert first.ends_on == date(2026, 5, 31)
    leader.post(url("holding_delete", garden, later.pk))
    assert list(PlotHolding.objects.filter(plot=plot)) == [first]


def test_a_home_is_named_by_the_files_that_the_reader_opens(garden, world, plot):
    neighbour = people.make_person(world.here.kitchen.programme, "Inès", "Caron")
    rows = [
        grow.make_holding(plot, paths.make_household(neighbour, "Lou")),
        garden.grown.holding,
        grow.make_holding(grow.make_plot(garden.grown.garden), organisation=garden.network),
    ]
    names = names_of(scope_of(garden.workshop_leader), rows)
    theirs = str(garden.somebody.person)
    assert [names[row.pk] for row in rows] == [HOME, theirs, garden.network.name]
    kitchen = names_of(scope_of(world.here.kitchen.social_worker), rows)
    assert [kitchen[row.pk] for row in rows[:2]] == ["Inès Caron", HOME]
    assert set(names_of(scope_of(garden.committee_member), rows[:2]).values()) == {HOME}


def test_a_home_is_named_by_who_lived_there_then(garden, plot):
    home = paths.make_household(people.make_person(garden.programme, "Karim", "Diallo"))
    member = home.members.get()
    member.left_on = DAY
    member.save()
    before = grow.make_holding(plot, home, starts_on=DAY - timedelta(days=9), ends_on=DAY)
    after = grow.make_holding(plot, home, starts_on=DAY + timedelta(days=1))
    names = names_of(scope_of(garden.workshop_leader), [before, after])
    assert names == {before.pk: "Karim Diallo", after.pk: HOME}


def test_the_persons_offered_are_those_of_the_programme_today(leader, garden, world, plot):
    gone = people.make_person(garden.programme, left_on=DAY)
    cook = people.make_person(world.here.kitchen.programme)
    form = leader.get(url("holding_create", garden, plot.pk)).context["form"]
    assert garden.somebody.person in form.fields["person"].queryset
    for person in (gone, cook):
        assert person not in form.fields["person"].queryset
        asked = {"person": person.pk, "starts_on": timezone.localdate().isoformat()}
        refused = leader.post(url("holding_create", garden, plot.pk), asked)
        assert refused.context["form"].errors["person"]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_give_it_at_once_give_it_once():
    garden = build_world().here.garden
    plot = grow.make_plot(garden.grown.garden)
    # Both pass it only when both hold the plot; it breaks, and lets the one go on, otherwise.
    both = Barrier(2)

    def giving(organisation, ends_on):
        row = PlotHolding(plot=plot, organisation=organisation, starts_on=DAY, ends_on=ends_on)

        def act():
            with holding(row):
                with suppress(BrokenBarrierError):
                    both.wait(timeout=1)
                row.save()

        return act

    # Neither is open-ended: the partial unique index says nothing of them.
    acts = [giving(one, DAY) for one in (garden.network, garden.funder)]
    assert together(*acts) == ["overlap"]
    assert PlotHolding.objects.filter(plot=plot).count() == 1
