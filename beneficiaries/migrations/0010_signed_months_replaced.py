"""A signed month stays as it is under OR REPLACE too, and its sessions keep their title."""

from django.db import migrations

from autoprod.core.refusals import Refuse

_MONTH = "Ce mois est signé\u202f: rouvrez l’état de présence pour le changer."
_STATEMENT = "Un état de présence signé ne change pas\u202f: rouvrez-le, avec un motif."
_SESSION = "Cette séance est dans un état de présence signé\u202f: elle ne change plus."

# The unique keys of each table: a row that shares one with NEW is in its way.
_SAME_LINE = (
    "(taken.id = NEW.id OR taken.client_uuid = NEW.client_uuid "
    "OR (taken.session_id = NEW.session_id AND taken.enrolment_id = NEW.enrolment_id "
    "AND taken.starts_at = NEW.starts_at))"
)
_SAME_STATEMENT = (
    "(taken.id = NEW.id OR taken.code = NEW.code "
    "OR (taken.enrolment_id = NEW.enrolment_id AND taken.month = NEW.month "
    "AND (taken.number = NEW.number OR (taken.state <> 'reopened' AND NEW.state <> 'reopened'))))"
)
_SIGNED = (
    "EXISTS (SELECT 1 FROM beneficiaries_statement s "
    "WHERE s.enrolment_id = taken.enrolment_id AND s.state IN ('signed', 'locked', 'unsigned') "
    'AND taken."on" BETWEEN s.month AND s.last_day)'
)


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0009_scans_signing"),
        ("programmes", "0007_outreach"),
    ]

    operations = [
        Refuse(
            "beneficiaries_attendance_taken",
            table="beneficiaries_attendance",
            cases={"REPLACE": f"{_SAME_LINE} AND {_SIGNED}"},
            message=_MONTH,
        ),
        Refuse(
            "beneficiaries_statement_taken",
            table="beneficiaries_statement",
            cases={"REPLACE": f"{_SAME_STATEMENT} AND taken.state <> 'to_sign'"},
            message=_STATEMENT,
        ),
        Refuse(
            "programmes_session_taken",
            table="programmes_session",
            cases={
                "REPLACE": "taken.id = NEW.id AND taken.held_on IS NOT NULL",
                # A line of the statement says its title; the day it was held is written once.
                "UPDATE": "(OLD.held_on IS NOT NULL AND (NEW.title <> OLD.title "
                "OR (NEW.held_on IS NOT NULL AND NEW.held_on <> OLD.held_on)))",
            },
            message=_SESSION,
        ),
    ]
