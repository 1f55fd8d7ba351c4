"""What each scope opens, row by row: nothing to an empty one, nothing of the neighbour's."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from autoprod.core.checks import OWN_RULE, is_ours
from autoprod.core.models import Installation
from autoprod.core.scoping import NOTHING, Action, Scope, scope_paths
from programmes.access import ROLE_ACTIONS, TERRITORY_WIDE, scope_of
from programmes.enums import PartnerRole, Role
from programmes.models import Edition, Programme
from tests.access.homes import home_of
from tests.factories import programmes as make
from tests.factories.accounts import make_user

OURS = [
    model
    for model in apps.get_models()
    if is_ours(model) and not model.__module__.startswith(OWN_RULE)
]
SCOPED = [model for model in OURS if not getattr(model, "PUBLIC", False)]
#: Lists everybody chooses from. What the installation is (demo or not) is asked before any scope.
PUBLIC = [model for model in OURS if getattr(model, "PUBLIC", False) and model != Installation]


def _named(classes):
    return pytest.mark.parametrize("model", classes, ids=lambda model: model._meta.label)


def _seen(model: type[models.Model], scope: Scope) -> set[models.Model]:
    """Return the rows that an action opens, whichever; what many actions ask for is read once."""
    asked = [model.objects.for_scope(scope, action) for action in Action]
    once = {str(rows.query): rows for rows in asked if not rows.query.is_empty()}
    return {row for rows in once.values() for row in rows}


@_named(SCOPED)
def test_the_world_has_a_row_in_each_territory(model, world):
    """A new model joins the world, or the tests below prove nothing of it."""
    territories = {t for row in model._base_manager.all() for t in home_of(row)[1]}
    assert territories == {world.here.territory, world.elsewhere.territory}


@_named(SCOPED + PUBLIC)
def test_an_empty_scope_sees_nothing(model, world):
    for action in Action:
        assert not model.objects.for_scope(NOTHING, action).exists(), action


@_named(SCOPED)
def test_a_command_sees_everything(model, world):
    scope = Scope.everything(reason="essai")
    rows = model.objects.for_scope(scope, Action.VIEW_FRAME)
    assert rows.count() == model._base_manager.count()


@_named(SCOPED)
def test_no_role_sees_the_neighbour_territory(model, world):
    for role in Role:
        for row in _seen(model, scope_of(world.here.member(role))):
            assert home_of(row)[1] == {world.here.territory}, (role, row)


@_named(SCOPED)
def test_no_role_of_a_programme_sees_the_other_one(model, world):
    """Rows of a programme; those of the territory (sites, organisations) are shared."""
    roles = [role for role in Role if role != Role.ADMINISTRATOR]
    if any(anchor == "territory" for _, anchor, _ in scope_paths(model)):
        roles = []
    for role in roles:
        for row in _seen(model, scope_of(world.here.garden.member(role))):
            assert world.here.garden.programme in home_of(row)[0], (role, row)


@_named(SCOPED)
def test_a_role_sees_its_own(model, world):
    """Otherwise a scope that opens nothing at all would pass every test above."""
    anyone = [make.make_member(role, world.here.territory) for role in Role]
    # Some rows belong to their author, or to the referent.
    anyone += [frame.social_worker for frame in (world.here.garden, world.here.kitchen)]
    seen = set().union(*(_seen(model, scope_of(user)) for user in anyone))
    assert seen == {
        row for row in model._base_manager.all() if world.here.territory in home_of(row)[1]
    }


@_named(PUBLIC)
def test_public_rows_are_open_to_any_membership(model, world):
    scope = scope_of(world.here.garden.committee_member)
    rows = model.objects.for_scope(scope, Action.VIEW_FRAME)
    # A neighbour may add a row of its own to a public list: that one is not public.
    theirs = [
        row for row in model._base_manager.all() if world.elsewhere.territory == row.territory
    ]
    assert set(rows) == set(model._base_manager.all()) - set(theirs)


def _is_of_a_programme(model: type[models.Model]) -> bool:
    """Tell whether every row of the model hangs on one programme, directly or from row to row."""
    links = [f for f in model._meta.concrete_fields if f.many_to_one or f.one_to_one]
    targets = [f.related_model for f in links if not f.null and f.related_model is not model]
    return any(target is Programme or _is_of_a_programme(target) for target in targets)


@_named(SCOPED)
def test_what_hangs_on_a_programme_is_read_through_it(model):
    """A path that ended on the territory would show a programme's files to the other one."""
    anchors = {anchor for _, anchor, _ in scope_paths(model)}
    assert anchors == {"programme"} or not _is_of_a_programme(model)


def test_what_hangs_on_a_programme_is_known():
    of_a_programme = {model.__name__ for model in SCOPED if _is_of_a_programme(model)}
    assert {"Edition", "ObjectiveVersion", "Partnership", "Attachment"} <= of_a_programme
    assert not {"Programme", "Site", "Organisation", "Membership", "Territory"} & of_a_programme


# The matrix of roles.


def test_every_role_has_its_actions_and_every_action_its_role():
    assert set(ROLE_ACTIONS) == set(Role)
    assert frozenset().union(*ROLE_ACTIONS.values()) == frozenset(Action)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_its_actions_and_no_other(role, world):
    place = world.here
    scope = scope_of(place.member(role))
    expected = ROLE_ACTIONS[role]
    if role != Role.ADMINISTRATOR:
        expected = expected - TERRITORY_WIDE
    assert {action for action in Action if scope.allows(action)} == expected
    programmes = {place.garden.programme.pk}
    if role == Role.ADMINISTRATOR:
        programmes.add(place.kitchen.programme.pk)
    assert all(scope.programmes[action] == programmes for action in expected)


# Who has which scope.


def test_two_roles_add_up_each_in_its_place(world):
    scope = scope_of(world.two_roles)
    garden, kitchen = world.here.garden.programme.pk, world.here.kitchen.programme.pk
    assert scope.keys("programme", Action.VIEW_FRAME) == {garden, kitchen}
    assert scope.keys("programme", Action.EDIT_PARTNERS) == {garden}
    assert scope.keys("programme", Action.VIEW_ATTACHMENTS) == {garden}
    assert not scope.allows(Action.EDIT_PROGRAMME)


def test_two_roles_owe_a_second_factor_when_one_does(world):
    assert not scope_of(world.two_roles).second_factor_required
    make.make_membership(world.two_roles, Role.PROGRAMME_MANAGER, world.here.kitchen.programme)
    assert scope_of(world.two_roles).second_factor_required


@pytest.mark.parametrize("who", ["nobody", "former", "upcoming"])
def test_without_a_membership_in_force_the_scope_is_empty(who, world):
    assert scope_of(getattr(world, who)).is_empty


def test_a_membership_opens_from_its_first_day_to_its_last(world):
    user, programme = make_user(), world.here.garden.programme
    today = timezone.localdate()
    make.make_membership(user, Role.SOCIAL_WORKER, programme, starts_on=today, ends_on=today)
    day = timedelta(days=1)
    opened = [not scope_of(user, on=on).is_empty for on in (today - day, today, today + day)]
    assert opened == [False, True, False]


def test_somebody_anonymous_or_closed_has_the_empty_scope(world):
    user = world.here.administrator
    user.is_active = False
    assert scope_of(user) == NOTHING
    assert scope_of(AnonymousUser()) == NOTHING


def test_an_organisation_opens_the_programmes_it_runs_and_no_other(world):
    place = world.here
    make.make_partnership(place.kitchen.programme, place.garden.funder, PartnerRole.OPERATOR)
    user = make.make_member(Role.SOCIAL_WORKER, place.garden.funder)
    keys = scope_of(user).keys("programme", Action.VIEW_FRAME)
    assert keys == {place.kitchen.programme.pk}


def test_a_partnership_that_ended_opens_nothing(world):
    frame = world.here.garden
    frame.funding.ends_on = make.yesterday()
    frame.funding.save()
    assert scope_of(frame.committee_member).is_empty


def test_a_territory_opens_its_programmes_and_the_rights_over_it(world):
    place = world.here
    scope = scope_of(make.make_member(Role.PROGRAMME_MANAGER, place.territory))
    programmes = {place.garden.programme.pk, place.kitchen.programme.pk}
    assert scope.keys("programme", Action.EDIT_PROGRAMME) == programmes
    assert scope.keys("territory", Action.CREATE_PROGRAMME) == {place.territory.pk}


def test_a_row_reached_twice_is_listed_once(world):
    place = world.here
    make.make_edition(place.garden.programme, 2020)
    scope = scope_of(place.administrator)
    rows = list(Edition.objects.for_scope(scope, Action.VIEW_FRAME))
    assert len(rows) == len(set(rows)) == 3
