"""The list of skills of a programme: proposed, written, ordered, and what is noted never lost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Skill, SkillLevel
from programmes.models import ReferenceCode
from tests.factories import pathways as paths


@pytest.fixture
def manager(garden, client_for):
    return client_for(garden.programme_manager)


@pytest.fixture
def page(garden):
    return reverse("beneficiaries:skill_list", args=[garden.programme.pk])


@pytest.fixture
def listed(garden):
    """Return the skills of a list of two families, with nothing noted."""
    SkillLevel.objects.all().delete()
    Skill.objects.all().delete()
    made = [("Sol", "Bêcher"), ("Sol", "Biner"), ("Équipe", "Aider"), ("Équipe", "Écouter")]
    return [
        paths.make_skill(garden.programme, label, family=family, position=position)
        for position, (family, label) in enumerate(made, start=1)
    ]


def act(browser, name, skill, **sent):
    return browser.post(reverse(f"beneficiaries:{name}", args=[skill.pk]), sent)


def order_of(garden):
    return list(Skill.objects.filter(programme=garden.programme).values_list("label", flat=True))


def test_a_first_list_is_proposed_once(manager, garden, page, listed):
    Skill.objects.all().delete()
    assert "Proposer une première liste" in manager.get(page).content.decode()
    propose = reverse("beneficiaries:skill_propose", args=[garden.programme.pk])
    manager.post(propose)
    codes = ReferenceCode.objects.filter(list="skills").order_by("position")
    assert order_of(garden) == [code.label for code in codes]
    assert {skill.family for skill in Skill.objects.all()} == {c.meta["family"] for c in codes}
    manager.post(propose)
    assert Skill.objects.count() == codes.count()
    assert "Proposer une première liste" not in manager.get(page).content.decode()


def test_a_new_one_stands_at_the_end_of_its_family(manager, garden, listed):
    create = reverse("beneficiaries:skill_create", args=[garden.programme.pk])
    assert '<option value="Sol">' in manager.get(create).content.decode()
    manager.post(create, {"family": "Sol", "label": "Pailler"})
    manager.post(create, {"family": "Cuisine", "label": "Éplucher"})
    families = manager.get(reverse("beneficiaries:skill_list", args=[garden.programme.pk])).context[
        "families"
    ]
    assert [(name, [skill.label for skill in rows]) for name, rows in families] == [
        ("Sol", ["Bêcher", "Biner", "Pailler"]),
        ("Équipe", ["Aider", "Écouter"]),
        ("Cuisine", ["Éplucher"]),
    ]


def test_the_same_name_twice_is_told_and_stays_typed(manager, garden, listed):
    create = reverse("beneficiaries:skill_create", args=[garden.programme.pk])
    response = manager.post(create, {"family": "Équipe", "label": "Biner"})
    assert "Cet acquis est déjà dans la liste." in response.content.decode()
    assert response.context["form"]["label"].value() == "Biner"


def test_a_name_is_mended_and_the_levels_follow(manager, garden, listed):
    level = paths.make_skill_level(garden.somebody.enrolment, listed[0])
    sent = {"family": "Sol", "label": "Bêcher droit", "version": listed[0].version}
    act(manager, "skill_update", listed[0], **sent)
    level.refresh_from_db()
    assert level.skill.label == "Bêcher droit"


@pytest.mark.parametrize(
    ("moved", "step", "expected"),
    [
        (1, "up", ["Biner", "Bêcher", "Aider", "Écouter"]),
        (2, "down", ["Bêcher", "Biner", "Écouter", "Aider"]),
        (2, "up", ["Aider", "Écouter", "Bêcher", "Biner"]),
        (1, "down", ["Aider", "Écouter", "Bêcher", "Biner"]),
        (0, "up", ["Bêcher", "Biner", "Aider", "Écouter"]),
        (3, "sideways", ["Bêcher", "Biner", "Aider", "Écouter"]),
    ],
)
def test_a_line_moves_and_at_the_edge_its_family_does(
    manager, garden, listed, moved, step, expected
):
    act(manager, "skill_move", listed[moved], step=step)
    assert order_of(garden) == expected


def test_a_line_off_the_list_is_no_step_to_climb(manager, garden, listed):
    act(manager, "skill_retire", listed[0])
    act(manager, "skill_move", listed[1], step="up")
    assert order_of(garden) == ["Bêcher", "Biner", "Aider", "Écouter"]


def test_what_is_noted_keeps_a_line_which_is_retired_and_put_back(manager, garden, page, listed):
    paths.make_skill_level(garden.somebody.enrolment, listed[0])
    delete = reverse("beneficiaries:skill_delete", args=[listed[0].pk])
    assert "retirez-le de la liste" in manager.post(delete, follow=True).content.decode()
    act(manager, "skill_retire", listed[0])
    context = manager.get(page).context
    assert [skill.label for skill in context["retired"]] == ["Bêcher"]
    assert Skill.objects.get(pk=listed[0].pk).closed_on == timezone.localdate()
    assert SkillLevel.objects.filter(skill=listed[0]).exists()
    act(manager, "skill_restore", listed[0])
    assert manager.get(page).context["retired"] == []


def test_a_line_nobody_was_noted_on_is_deleted(manager, garden, listed):
    act(manager, "skill_delete", listed[3])
    assert order_of(garden) == ["Bêcher", "Biner", "Aider"]


def test_the_team_reads_the_list_and_only_the_manager_writes_it(browser, leader, page, listed):
    for reader in (browser, leader):
        text = reader.get(page).content.decode()
        assert "Bêcher" in text
        assert "Renommer" not in text
        assert act(reader, "skill_retire", listed[0]).status_code == 403


def test_the_page_of_the_programme_leads_to_the_list(leader, garden, client_for, page, listed):
    detail = reverse("programmes:programme_detail", args=[garden.programme.pk])
    text = leader.get(detail).content.decode()
    assert page in text
    assert "4\u00a0acquis" in text
    assert page not in client_for(garden.committee_member).get(detail).content.decode()
