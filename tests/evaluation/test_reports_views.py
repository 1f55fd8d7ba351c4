"""Pages of bilans: the preview, the text, the publication, the list, the page of the day."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from autoprod.audit.models import AuditEvent
from autoprod.core.periods import Kind, Period
from evaluation.columns.reports import name_of, title_of
from evaluation.models import ReportNote
from evaluation.panels import reports_to_publish
from programmes.access import scope_of
from tests.evaluation.bilans import MARCH, YEAR, build_march, build_year, names
from tests.factories import beneficiaries as people
from tests.factories import evaluation as bilans
from tests.factories import programmes as make
from tests.harness.queries import max_queries, same_queries


@pytest.fixture
def manager(frame, client_for):
    return client_for(frame.programme_manager)


def page(frame, period=MARCH, tail="") -> str:
    return reverse("evaluation:report_detail", args=[frame.programme.pk, period]) + tail


def text_of(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_says_what_the_document_says(frame, manager):
    build_march(frame)
    bilans.make_note(frame.programme, MARCH, "Les semis sont sortis.")
    text = text_of(manager.get(page(frame)))
    for words in (
        "Bilan de mars 2016",
        "bilan collectif · 2 sites · édition équipe",
        "1 entrée, 1 sortie",
        "+ 40 % sur février",
        "1 annulée (gel)",
        "Engagées en mars",
        "Présence par site",
        "Les semis sont sortis.",
        "au moins 2",
        "Publier",
    ):
        assert words in text, words


def test_the_team_may_look_at_the_committee_s_edition(frame, manager, client_for):
    build_year(frame)
    assert "La Briquette" in text_of(manager.get(page(frame, YEAR)))
    text = text_of(manager.get(page(frame, YEAR, "?edition=comite")))
    assert "La Briquette" not in text
    assert "2 quartiers de moins de 5 pers." in text
    text = text_of(client_for(frame.committee_member).get(page(frame, YEAR, "?edition=equipe")))
    assert "La Briquette" not in text
    assert "équipe" not in text
    assert "Publier" not in text


@pytest.mark.parametrize("role", ["committee_member", "network_coordinator", "workshop_leader"])
def test_nobody_is_named_on_the_page_of_the_committee(role, frame, client_for):
    build_march(frame)
    text = text_of(client_for(getattr(frame, role)).get(page(frame)))
    assert "édition comité" in text
    assert not [name for name in names() if name in text]


def test_other_days_have_no_bilan(frame, manager):
    period = Period(date(2016, 3, 1), date(2016, 3, 30))
    for tail in ("", "texte/", "publier/"):
        assert manager.get(page(frame, period, tail)).status_code == 404


def test_sessions_to_close_are_named_before_publishing_and_hold_nothing_back(
    frame, manager, client_for
):
    late = build_march(frame)["late"]
    for tail in ("", "publier/"):
        answer = manager.get(page(frame, MARCH, tail))
        assert "1 séance à clôturer : ses heures ne comptent pas encore." in text_of(answer)
        assert reverse("programmes:session_detail", args=[late.pk]) in text_of(answer)
    text = text_of(client_for(frame.committee_member).get(page(frame)))
    assert "1 séance à clôturer" in text
    assert "/seances/" not in text
    for day in range(2, 10):
        make.make_session(frame.programme, frame.site, on=date(2016, 3, day))
    assert "et 3 autres séances" in text_of(manager.get(page(frame)))
    number = manager.get(page(frame, MARCH, "publier/")).context["form"].version
    assert manager.post(page(frame, MARCH, "publier/"), {"number": number}).status_code == 302


def test_a_month_that_is_not_over_says_so(frame, manager):
    month = Period.containing(timezone.localdate(), Kind.MONTH)
    for tail in ("", "publier/"):
        assert "n’est pas terminée" in text_of(manager.get(page(frame, month, tail)))
    assert "n’est pas terminée" not in text_of(manager.get(page(frame)))


def test_the_text_is_written_then_changed(frame, manager):
    path = page(frame, MARCH, "texte/")
    assert manager.post(path, {"text": "Les semis."}).url == page(frame)
    note = ReportNote.objects.get(starts_on=MARCH.start)
    assert (note.text, note.version, note.ends_on) == ("Les semis.", 1, MARCH.end)
    manager.post(path, {"text": "Les récoltes.", "version": 1})
    note.refresh_from_db()
    assert (note.text, note.version) == ("Les récoltes.", 2)
    verbs = AuditEvent.objects.filter(object_kind="evaluation.reportnote").values_list("verb")
    assert sorted(verbs) == [("create",), ("update",)]


@pytest.mark.parametrize("version", ["1", ""])
def test_a_stale_text_shows_both(version, frame, manager):
    """Opened on version 1, or before there was any text."""
    note = bilans.make_note(frame.programme, MARCH, "Le premier.")
    note.text = "Entre-temps."
    note.save()
    answer = manager.post(page(frame, MARCH, "texte/"), {"text": "Le mien.", "version": version})
    text = text_of(answer)
    assert "Le mien." in text
    assert "« Entre-temps. »" in text
    assert "obligatoire" not in text
    note.refresh_from_db()
    assert note.text == "Entre-temps."
    again = {"text": "Le mien.", "version": answer.context["form"]["version"].value()}
    assert manager.post(page(frame, MARCH, "texte/"), again).status_code == 302


def test_two_first_texts_at_once_are_both_shown(frame, manager, monkeypatch):
    check = ReportNote.validate_constraints

    def overtaken(self, exclude=None):
        """Pass, then let somebody else save the text of the same month."""
        check(self, exclude)
        if not ReportNote.objects.filter(starts_on=MARCH.start).exists():
            bilans.make_note(frame.programme, MARCH, "Le leur.")

    monkeypatch.setattr(ReportNote, "validate_constraints", overtaken)
    text = text_of(manager.post(page(frame, MARCH, "texte/"), {"text": "Le mien."}))
    assert "Le mien." in text
    assert "« Le leur. »" in text
    assert ReportNote.objects.get(starts_on=MARCH.start).text == "Le leur."


def test_a_social_security_number_is_refused_in_the_text(frame, manager):
    answer = manager.post(page(frame, MARCH, "texte/"), {"text": "Voir 1 84 12 76 451 089 46."})
    assert "numéro de sécurité sociale" in text_of(answer)
    assert not ReportNote.objects.filter(starts_on=MARCH.start).exists()


def test_the_list_shows_each_reader_their_editions(frame, manager, client_for):
    bilans.make_report(frame.programme, YEAR, "equipe")
    bilans.make_report(frame.programme, YEAR, "comite")
    url = reverse("evaluation:report_list", args=[frame.programme.pk])
    rows = manager.get(url).context["object_list"]
    assert [(r.starts_on.year, r.audience) for r in rows][-2:] == [
        (2015, "equipe"),
        (2015, "comite"),
    ]
    rows = client_for(frame.committee_member).get(url).context["object_list"]
    assert {r.audience for r in rows} == {"comite"}


def test_the_list_makes_as_many_queries_for_two_and_seven(frame, manager):
    def add(months):
        for month in months:
            bilans.make_report(frame.programme, Period.month(2014, month))

    add([1])
    url = reverse("evaluation:report_list", args=[frame.programme.pk])
    assert same_queries(lambda: manager.get(url), lambda: add(range(2, 7))) <= 12


@pytest.mark.parametrize(("period", "limit"), [(MARCH, 27), (YEAR, 29)], ids=str)
def test_the_page_makes_few_queries_whatever_the_number_of_persons(period, limit, frame, manager):
    build_march(frame)
    build_year(frame)

    def grow():
        for day in (date(2015, 6, 1), date(2016, 3, 29)):
            session = make.close(make.make_session(frame.programme, frame.site, on=day))
            for _ in range(5):
                stay = people.enrolment_of(people.make_person(frame.programme))
                people.make_attendance(stay, session, frame.site)
                people.make_step(stay, "bilan_sante", started_on=day)
                people.make_outcome(stay, "cdi", starts_on=day)

    grow()
    same_queries(lambda: manager.get(page(frame, period)), grow)
    with max_queries(limit):
        manager.get(page(frame, period))


def test_the_page_of_the_day_asks_for_last_month_until_it_is_published(world, client_for):
    month = Period.containing(timezone.localdate(), Kind.MONTH).previous()
    programme = make.make_programme(world.here.territory)
    make.make_edition(programme, 2015, ends_on=date(2099, 1, 1))
    manager = client_for(make.make_member("programme_manager", programme))
    assert name_of(month) in manager.get("/").content.decode()
    for role in ("social_worker", "workshop_leader"):
        text = client_for(make.make_member(role, programme)).get("/").content.decode()
        assert "Bilans à publier" not in text
    bilans.make_report(programme, month)
    assert "Bilans à publier" not in manager.get("/").content.decode()


def test_the_page_of_the_day_makes_as_many_queries_for_two_and_seven(world):
    user = make.make_member("programme_manager", world.here.territory)
    scope = scope_of(user)

    def add():
        for _ in range(5):
            programme = make.make_programme(world.here.territory)
            make.make_edition(programme, 2015, ends_on=date(2099, 1, 1))

    add()
    scope = scope_of(user)
    before = reports_to_publish(scope, [])
    same_queries(lambda: reports_to_publish(scope_of(user), []), add)
    after = reports_to_publish(scope_of(user), [])
    assert len(after[None]["rows"]) == len(before[None]["rows"]) + 5


@pytest.mark.parametrize(
    ("period", "name", "title"),
    [
        (MARCH, "Bilan de mars 2016", "Bilan mensuel — mars 2016"),
        (Period.month(2016, 4), "Bilan d’avril 2016", "Bilan mensuel — avril 2016"),
        (Period.month(2016, 8), "Bilan d’août 2016", "Bilan mensuel — août 2016"),
        (Period.month(2016, 10), "Bilan d’octobre 2016", "Bilan mensuel — octobre 2016"),
        (
            Period.quarter(2016, 1),
            "Bilan du 1er trimestre 2016",
            "Bilan trimestriel — 1er trimestre 2016",
        ),
        (YEAR, "Bilan annuel 2015", "Bilan annuel — 2015"),
    ],
    ids=str,
)
def test_a_bilan_has_a_name_and_a_title(period, name, title):
    assert name_of(period).replace("\u00a0", " ") == name
    assert title_of(period).replace("\u00a0", " ") == title


def test_a_quarter_is_compared_with_the_quarter_before(frame, manager):
    build_march(frame)
    session = make.close(make.make_session(frame.programme, frame.site, on=date(2015, 11, 3)))
    stay = people.enrolment_of(people.make_person(frame.programme))
    people.make_attendance(stay, session, frame.site)
    text = text_of(manager.get(page(frame, Period.quarter(2016, 1))))
    for words in ("+ 1 100 % sur le 4e trimestre 2015", "Engagées au 1er trimestre"):
        assert words in text, words
