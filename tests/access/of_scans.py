"""Who may open the addresses of scanned statements: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action
from beneficiaries.models import StatementScanPage
from tests.access.entries import Entry, fill, press, see
from tests.beneficiaries import scanned
from tests.factories import beneficiaries as people
from tests.factories import presence as plans
from tests.factories import programmes as make

A = Action


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _scan(place, frame):
    return scanned.kept(frame.programme, scanned.stacked([scanned.blank()]))


def _page(place, frame):
    scan = _scan(place, frame)
    return StatementScanPage.objects.create(scan=scan, number=1, state="doubtful")


def _stack(place, frame):
    return {"document": scanned.sent(), "signed_on": make.yesterday()}


def _chosen(place, frame):
    person = people.make_person(frame.programme)
    statement = plans.make_statement(people.enrolment_of(person))
    return {"statement": plans.sign(statement).pk}


def _words(place, frame):
    return {"words": "Page blanche"}


LINES: dict[str, Entry] = {
    "beneficiaries:statement_scan_list": see(
        A.TICK_ATTENDANCE, programme=_programme, period=_month
    ),
    "beneficiaries:statement_scan_create": fill(
        A.TICK_ATTENDANCE, data=_stack, programme=_programme, period=_month
    ),
    "beneficiaries:statement_scan_detail": see(A.TICK_ATTENDANCE, pk=_scan),
    "beneficiaries:statement_scan_read": press(A.TICK_ATTENDANCE, pk=_scan),
    "beneficiaries:statement_scan_download": see(A.TICK_ATTENDANCE, pk=_scan),
    "beneficiaries:statement_page_detail": fill(A.TICK_ATTENDANCE, data=_chosen, pk=_page),
    "beneficiaries:statement_page_picture": see(A.TICK_ATTENDANCE, pk=_page),
    "beneficiaries:statement_page_aside": press(A.TICK_ATTENDANCE, data=_words, pk=_page),
    "beneficiaries:statement_page_back": press(A.TICK_ATTENDANCE, pk=_page),
}
