"""Who may open the addresses of monthly statements: one line per URL name."""

from autoprod.core.periods import Kind, Period
from autoprod.core.scoping import Action, Scope
from beneficiaries.models import StatementFile, StatementObjection
from beneficiaries.services import statements
from beneficiaries.services.statements import Signature
from tests.access.entries import Entry, fill, press, see
from tests.factories import beneficiaries as people
from tests.factories import programmes as make

A = Action
MARCH = Period.month(2016, 3)


def _programme(place, frame):
    return frame.programme


def _month(place, frame):
    return Period.containing(make.yesterday(), Kind.MONTH)


def _to_sign(place, frame):
    """Return a statement of one line, each time of somebody new."""
    stay = people.enrolment_of(people.make_person(frame.programme))
    session = make.close(make.make_session(frame.programme, frame.site, on=MARCH.end))
    people.make_attendance(stay, session, frame.site)
    return statements.prepare(scope=_everything(), enrolment=stay, month=MARCH)


def _month_to_sign(place, frame):
    _to_sign(place, frame)
    return MARCH


def _signed(place, frame):
    signature = Signature(on=make.yesterday(), way="paper")
    statement = _to_sign(place, frame)
    return statements.sign(scope=_everything(), statement=statement, signature=signature)


def _everything():
    return Scope.everything(reason="test")


def _statement(place, frame):
    return frame.somebody.statement


def _file(place, frame):
    return StatementFile.objects.get(statement=frame.somebody.statement)


def _objection(place, frame):
    return StatementObjection.objects.get(statement=frame.somebody.statement)


def _drawn(place, frame):
    return {"strokes": "100,100 200,150;300,100 400,200"}


def _said(place, frame):
    return {"on": frame.somebody.statement.month, "words": "J’étais là"}


LINES: dict[str, Entry] = {
    "beneficiaries:statement_month": see(A.TICK_ATTENDANCE, programme=_programme, period=_month),
    "beneficiaries:statement_prepare_month": press(
        A.TICK_ATTENDANCE, programme=_programme, period=_month
    ),
    "beneficiaries:statement_print_month": press(
        A.TICK_ATTENDANCE, programme=_programme, period=_month
    ),
    "beneficiaries:statement_sign_month": fill(
        A.TICK_ATTENDANCE, programme=_programme, period=_month_to_sign
    ),
    "beneficiaries:statement_lock_month": press(
        A.LOCK_STATEMENTS, programme=_programme, period=_month
    ),
    "beneficiaries:statement_detail": see(A.TICK_ATTENDANCE, pk=_to_sign),
    "beneficiaries:statement_print": press(A.TICK_ATTENDANCE, pk=_to_sign),
    "beneficiaries:statement_prepare": press(A.TICK_ATTENDANCE, pk=_to_sign),
    "beneficiaries:statement_sign": fill(A.TICK_ATTENDANCE, data=_drawn, pk=_to_sign),
    "beneficiaries:statement_sign_paper": fill(A.TICK_ATTENDANCE, pk=_to_sign),
    "beneficiaries:statement_lock": press(A.LOCK_STATEMENTS, pk=_signed),
    "beneficiaries:statement_close_unsigned": fill(A.TICK_ATTENDANCE, pk=_to_sign),
    "beneficiaries:statement_reopen": fill(A.LOCK_STATEMENTS, pk=_signed),
    "beneficiaries:statement_file": see(A.TICK_ATTENDANCE, pk=_file),
    "beneficiaries:statement_objection_create": fill(
        A.TICK_ATTENDANCE, data=_said, statement=_statement
    ),
    "beneficiaries:statement_objection_answer": fill(A.TICK_ATTENDANCE, pk=_objection),
}
