"""Skills noted: seen and said, several at once, mended, taken back, and who reads them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.enums import Verb
from autoprod.audit.models import AuditEvent
from beneficiaries.enums import Mastery, Observer, Presence
from beneficiaries.models import Skill, SkillLevel
from tests.factories import beneficiaries as people
from tests.factories import pathways as paths
from tests.factories import programmes as make
from tests.harness.queries import same_queries

DAY = date(2026, 3, 16)


@pytest.fixture
def sow(garden):
    return paths.make_skill(garden.programme, "Semer à la volée")


@pytest.fixture
def listen(garden):
    return paths.make_skill(garden.programme, "Écouter", family="Équipe", position=2)


def tab_of(stay):
    return reverse("beneficiaries:person_skills", args=[stay.person_id])


def rate_of(stay):
    return reverse("beneficiaries:skill_rate", args=[stay.pk])


def said(*chosen, on=DAY, observer=Observer.LEADER):
    levels = {f"level_{skill.pk}": level for skill, level in chosen}
    return {"on": on.isoformat(), "observer": observer} | levels


def levels_of(stay):
    rows = SkillLevel.objects.filter(enrolment=stay).order_by("on", "skill__label", "observer")
    return [(row.skill.label, row.on, row.observer, row.level) for row in rows]


def known_of(page):
    """Return {label: (seen, said)} of the first card of the tab."""
    return {
        one.skill.label: tuple(level and level.level for level in (one.seen, one.said))
        for _, known in page.context["skill_cards"][0]["families"]
        for one in known
    }


def test_the_tab_tells_the_last_level_seen_and_the_last_said(leader, karim, sow, listen):
    paths.make_skill_level(karim, sow, Mastery.ALONE, DAY)
    paths.make_skill_level(karim, sow, Mastery.DISCOVERS, DAY - timedelta(days=9))
    paths.make_skill_level(karim, sow, Mastery.WITH_HELP, DAY, observer=Observer.ONESELF)
    page = leader.get(tab_of(karim))
    known = known_of(page)
    assert known[sow.label] == (Mastery.ALONE, Mastery.WITH_HELP)
    assert known[listen.label] == (None, None)
    text = page.content.decode()
    assert text.index("Tout ce qui est noté") < text.index("7\u00a0mars\u00a02026")


def test_a_leader_notes_several_at_once_from_what_they_saw(leader, garden, karim, sow, listen):
    form = leader.get(rate_of(karim)).context["form"]
    assert form["observer"].value() == Observer.LEADER
    chosen = said((sow, Mastery.ALONE), (listen, Mastery.SHOWS_OTHERS))
    response = leader.post(rate_of(karim), chosen, follow=True)
    assert response.redirect_chain[-1][0] == tab_of(karim)
    assert "2\u00a0acquis notés." in response.content.decode()
    assert levels_of(karim) == [
        ("Semer à la volée", DAY, "leader", Mastery.ALONE),
        ("Écouter", DAY, "leader", Mastery.SHOWS_OTHERS),
    ]
    row = SkillLevel.objects.filter(enrolment=karim).first()
    assert row.noted_by == garden.workshop_leader
    created = AuditEvent.objects.filter(verb=Verb.CREATE)
    assert {event.object_label.partition("°")[0] for event in created} == {"Niveau d’acquis n"}


def test_who_follows_the_person_writes_what_they_say(browser, karim):
    assert browser.get(rate_of(karim)).context["form"]["observer"].value() == Observer.ONESELF


def test_the_same_day_noted_again_is_mended_and_what_is_not_touched_stays(
    leader, karim, sow, listen
):
    leader.post(rate_of(karim), said((sow, Mastery.ALONE), (listen, Mastery.ALONE)))
    leader.post(rate_of(karim), said((sow, Mastery.SHOWS_OTHERS)))
    assert [level for *_, level in levels_of(karim)] == [Mastery.SHOWS_OTHERS, Mastery.ALONE]
    sown = SkillLevel.objects.get(enrolment=karim, skill=sow)
    event = AuditEvent.objects.get(verb=Verb.UPDATE)
    assert event.object_key == str(sown.pk)


def test_what_was_just_noted_is_taken_back_but_not_what_was_there(
    leader, garden, karim, sow, listen
):
    paths.make_skill_level(karim, listen, Mastery.ALONE, DAY)
    chosen = said((sow, Mastery.ALONE), (listen, Mastery.SHOWS_OTHERS))
    text = leader.post(rate_of(karim), chosen, follow=True).content.decode()
    token = text.partition('name="added" value="')[2].partition('"')[0]
    undo = reverse("beneficiaries:skill_undo", args=[garden.programme.pk])
    assert leader.post(undo, {"added": token}).url == tab_of(karim)
    assert levels_of(karim) == [("Écouter", DAY, "leader", Mastery.SHOWS_OTHERS)]
    assert (
        "plus rien à retirer" in leader.post(undo, {"added": token}, follow=True).content.decode()
    )
    forged = leader.post(undo, {"added": "2:forged"}, follow=True)
    assert "plus rien à retirer" in forged.content.decode()
    assert len(levels_of(karim)) == 1


def test_what_somebody_mended_since_is_not_taken_back(leader, browser, garden, karim, sow):
    text = leader.post(rate_of(karim), said((sow, Mastery.ALONE)), follow=True).content.decode()
    token = text.partition('name="added" value="')[2].partition('"')[0]
    browser.post(rate_of(karim), said((sow, Mastery.WITH_HELP)))
    leader.post(reverse("beneficiaries:skill_undo", args=[garden.programme.pk]), {"added": token})
    assert [level for *_, level in levels_of(karim)] == [Mastery.WITH_HELP]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (timezone.localdate() + timedelta(days=1), "Cette date est à venir."),
        (date(1999, 12, 31), "Cette date précède l’entrée dans l’action"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_the_rest_stays_tapped(leader, karim, sow, on, words):
    form = leader.post(rate_of(karim), said((sow, Mastery.ALONE), on=on)).context["form"]
    assert words in str(form.errors["on"])
    assert form[f"level_{sow.pk}"].value() == str(Mastery.ALONE.value)
    assert levels_of(karim) == []


def test_nothing_tapped_and_a_level_that_does_not_exist_are_told(leader, karim, sow):
    page = leader.post(rate_of(karim), said())
    assert "Choisissez au moins un niveau." in page.content.decode()
    form = leader.post(rate_of(karim), said((sow, 7))).context["form"]
    assert f"level_{sow.pk}" in form.errors
    assert levels_of(karim) == []


def test_another_programme_s_skill_is_not_noted(world, leader, karim, sow):
    other = world.here.kitchen.somebody.skill
    leader.post(rate_of(karim), said((sow, Mastery.ALONE), (other, Mastery.ALONE)))
    assert [label for label, *_ in levels_of(karim)] == [sow.label]


def test_a_skill_off_the_list_keeps_its_levels_and_takes_no_other(leader, karim, sow, listen):
    paths.make_skill_level(karim, sow, Mastery.ALONE, DAY)
    Skill.objects.filter(pk__in=[sow.pk, listen.pk]).update(closed_on=timezone.localdate())
    known = known_of(leader.get(tab_of(karim)))
    assert sow.label in known
    assert listen.label not in known
    assert f"level_{sow.pk}" not in leader.get(rate_of(karim)).context["form"].fields


def test_one_level_noted_by_mistake_goes(leader, karim, sow):
    level = paths.make_skill_level(karim, sow, Mastery.ALONE, DAY)
    page = reverse("beneficiaries:skill_level_delete", args=[level.pk])
    assert "16\u00a0mars\u00a02026" in leader.get(page).content.decode()
    assert leader.post(page).url == tab_of(karim)
    assert levels_of(karim) == []


def test_no_committee_reads_them(garden, karim, client_for):
    for user in (garden.committee_member, garden.network_coordinator):
        assert client_for(user).get(tab_of(karim)).status_code == 403
        assert client_for(user).get(rate_of(karim)).status_code == 403


def test_a_stay_that_is_over_is_read_and_no_longer_noted(leader, karim, sow):
    paths.make_skill_level(karim, sow, Mastery.ALONE, DAY)
    karim.left_on = timezone.localdate() - timedelta(days=1)
    karim.save()
    page = leader.get(tab_of(karim))
    assert known_of(page)[sow.label] == (Mastery.ALONE, None)
    assert rate_of(karim) not in page.content.decode()


def test_the_tab_reads_as_much_for_two_skills_as_for_seven(leader, garden, karim):
    def add(number):
        for _ in range(number):
            skill = paths.make_skill(garden.programme, f"Geste {Skill.objects.count()}")
            paths.make_skill_level(karim, skill, on=DAY, noted_by=garden.workshop_leader)

    add(2)
    same_queries(lambda: leader.get(tab_of(karim)), lambda: add(5))
    same_queries(lambda: leader.get(rate_of(karim)), lambda: add(5))


# After a session, one skill of all who were there.


@pytest.fixture
def session(garden, karim, sow, listen):
    session = make.make_session(garden.programme, garden.site, on=DAY)
    people.make_attendance(karim, session, garden.site)
    absent = people.enrolment_of(people.make_person(garden.programme, "Absente", "Ce jour"))
    people.make_attendance(absent, session, garden.site, Presence.ABSENT)
    return session


def session_of(session, skill=None):
    path = reverse("beneficiaries:session_rate", args=[session.pk])
    return f"{path}?acquis={skill.pk}" if skill else path


def test_after_a_session_one_skill_of_those_who_were_there(leader, garden, karim, session, sow):
    first = garden.somebody.skill
    page = leader.get(session_of(session, first))
    assert list(page.context["form"].fields) == [f"level_{karim.pk}"]
    response = leader.post(session_of(session, first), {f"level_{karim.pk}": Mastery.ALONE})
    assert response.url == session_of(session, sow)
    assert levels_of(karim) == [(first.label, DAY, "leader", Mastery.ALONE)]


def test_after_the_last_skill_one_comes_back_to_the_session(leader, karim, session, listen):
    response = leader.post(session_of(session, listen), {f"level_{karim.pk}": Mastery.ALONE})
    assert response.url == reverse("programmes:session_detail", args=[session.pk])


@pytest.mark.parametrize("asked", ["x", "9" * 30, "0"])
def test_a_skill_that_is_not_of_the_list_is_not_found(leader, session, asked):
    path = reverse("beneficiaries:session_rate", args=[session.pk])
    assert leader.get(f"{path}?acquis={asked}").status_code == 404


def test_the_page_of_a_session_leads_there_once_somebody_came(leader, garden, session):
    detail = reverse("programmes:session_detail", args=[session.pk])
    assert session_of(session) in leader.get(detail).content.decode()
    empty = make.make_session(garden.programme, garden.site, on=DAY + timedelta(days=1))
    detail = reverse("programmes:session_detail", args=[empty.pk])
    assert session_of(empty) not in leader.get(detail).content.decode()
