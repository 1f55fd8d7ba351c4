"""Small counts: what is published, and an attacker who knows the rule by heart."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.privacy import is_small, may_show, regroup


def published(values, threshold):
    return [(group.members, group.total) for group in regroup(values, threshold)]


def test_the_districts_of_the_fiche_at_5():
    """St Waast 6 … Le Rôleur 1: seven are under 5, 14 persons together."""
    values = [6, 5, 7, 10, 7, 3, 2, 3, 7, 3, 1, 1, 1]
    *shown, rest = regroup(values, 5)
    assert [group.total for group in shown] == [6, 5, 7, 10, 7, 7]
    assert (len(rest.members), rest.total, rest.is_all_small) == (7, 14, True)


def test_the_districts_of_the_fiche_at_11():
    """The greatest is 10: the total alone can be published."""
    assert regroup([6, 5, 7, 10, 7, 3, 2, 3, 7, 3, 1, 1, 1], 11) == []


def test_the_levels_of_the_fiche():
    """IV 1, V 6, V bis 13, VI 36: IV joins V at 5; both join V bis at 11."""
    assert published([1, 6, 13, 36], 5) == [((2,), 13), ((3,), 36), ((0, 1), 7)]
    assert published([1, 6, 13, 36], 11) == [((3,), 36), ((0, 1, 2), 20)]


def test_the_rsa_of_the_fiche():
    assert may_show(46, 56, 5)
    assert not may_show(46, 56, 11), "10 do not have it"


def test_zero_says_nothing_of_anybody():
    assert published([0, 8, 9], 5) == [((0,), 0), ((1,), 8), ((2,), 9)]


def test_two_cells_at_their_highest_are_not_given_away():
    """8 in two districts of less than 5 would be 4 and 4."""
    assert [group.total for group in regroup([4, 4, 9, 12], 5)] == [12, 17]


tables = st.lists(st.integers(0, 40), max_size=15)
thresholds = st.integers(3, 11)


@given(values=tables, threshold=thresholds)
def test_what_is_published_adds_up_and_is_never_small(values, threshold):
    groups = regroup(values, threshold)
    members = [i for group in groups for i in group.members]
    if groups:
        assert sorted(members) == list(range(len(values)))
        assert sum(group.total for group in groups) == sum(values)
    assert not any(is_small(group.total, threshold) for group in groups)
    assert len([group for group in groups if len(group.members) > 1]) <= 1


@given(values=tables, threshold=thresholds)
def test_nothing_is_hidden_when_nothing_is_small(values, threshold):
    values = [value + threshold for value in values]
    assert [group.total for group in regroup(values, threshold)] == values


@pytest.mark.parametrize(("cells", "highest", "threshold"), [(2, 12, 5), (3, 10, 4), (4, 8, 3)])
def test_no_small_cell_can_be_worked_out(cells, highest, threshold):
    """The attacker tries every table that would be published the same way.

    They know the rule, the threshold, every category and which ones are regrouped. Tables near
    the highest value tried are left out: what is consistent with them was not all tried.
    """
    same = defaultdict(list)
    for values in product(range(1, highest + 1), repeat=cells):
        same[sum(values), tuple(published(values, threshold))].append(values)
    tried = 0
    for (_, shown), tables_ in same.items():
        if not shown or max(max(values) for values in tables_) >= highest - 1:
            continue
        tried += 1
        for cell in range(cells):
            possible = {values[cell] for values in tables_}
            alone = possible.pop() if len(possible) == 1 else 0
            assert not is_small(alone, threshold), tables_
    assert tried > 20
