"""Rows of several tables in one query: the same rows as the querysets give, on both engines."""

from datetime import date, time

import pytest
from django.db import models
from django.utils import timezone

from autoprod.core.scoping import NOTHING, Action
from autoprod.core.stacking import Read, stacked
from beneficiaries.models import Attendance, Interview, Outcome, Situation, Step
from programmes.access import scope_of
from programmes.models import ReferenceCode, Session
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import max_queries


@pytest.fixture
def garden(world):
    return world.here.garden


def columns_of(row: models.Model) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def all_of(model: type[models.Model]) -> models.QuerySet:
    return model._base_manager.all()


@pytest.mark.parametrize(
    "model", [Attendance, Interview, Outcome, ReferenceCode, Session, Situation, Step]
)
def test_every_column_comes_back_as_the_base_gives_it(garden, model):
    """Instants, days, times, truths, keys, documents and empty columns."""
    paths.make_interview(garden.somebody.enrolment, on=date(2016, 2, 29), at=time(8, 5))
    people.make_situation(garden.somebody.person, on=date(2016, 1, 4), no_fixed_address=True)
    found = stacked({"rows": Read(all_of(model)), "others": Read(all_of(Step))})["rows"]
    expected = list(all_of(model).order_by("pk"))
    assert [columns_of(row) for row in found] == [columns_of(row) for row in expected]
    assert expected


def test_a_link_brings_the_columns_named_and_no_query(garden):
    partner = make.make_organisation(garden.territory, "Institut Pasteur")
    step = people.make_step(garden.somebody.enrolment, partner=partner)
    free = people.make_step(garden.somebody.enrolment)
    reads = {
        "steps": Read(all_of(Step), "kind__label", "kind__meta", "partner__name"),
        "outcomes": Read(all_of(Outcome), "kind__label"),
    }
    with max_queries(1):
        found = stacked(reads)
        rows = {row.pk: row for row in found["steps"]}
        told = [
            (rows[s.pk].name, rows[s.pk].kind.meta, str(rows[s.pk].partner)) for s in (step, free)
        ]
    meta = {"strand": "sante", "funnel": "health_check"}
    assert told == [("Bilan de santé", meta, "Institut Pasteur"), ("Bilan de santé", meta, "None")]


def test_each_read_keeps_its_own_scope(garden):
    reader, leader = scope_of(garden.social_worker), scope_of(garden.workshop_leader)

    def read(scope):
        return stacked(
            {
                "steps": Read(Step.objects.for_scope(scope, Action.VIEW_PATHWAYS)),
                "lines": Read(Attendance.objects.for_scope(scope, Action.VIEW_PERSONS)),
            }
        )

    assert read(reader) == {
        "steps": [garden.somebody.step],
        "lines": [garden.somebody.attendance],
    }
    assert read(leader) == {"steps": [], "lines": [garden.somebody.attendance]}
    assert read(NOTHING) == {"steps": [], "lines": []}


def test_a_row_read_so_is_saved_like_another(garden):
    (step,) = stacked({"steps": Read(all_of(Step).filter(pk=garden.somebody.step.pk))})["steps"]
    step.done_on = timezone.localdate()
    step.save()
    assert Step.objects.get(pk=step.pk).done_on == timezone.localdate()
