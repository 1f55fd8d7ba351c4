"""A signed month stays as it is: no page, import, job or statement of SQL changes it."""

from django.db import migrations

from autoprod.core.refusals import Refuse

_MONTH = "Ce mois est signé\u202f: rouvrez l’état de présence pour le changer."
_STATEMENT = "Un état de présence signé ne change pas\u202f: rouvrez-le, avec un motif."
_SESSION = "Cette séance est dans un état de présence signé\u202f: elle ne change plus."

_FROZEN = "('signed', 'locked', 'unsigned')"


def _signed(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM beneficiaries_statement s "
        f"WHERE s.enrolment_id = {row}.enrolment_id AND s.state IN {_FROZEN} "
        f'AND {row}."on" BETWEEN s.month AND s.last_day)'
    )


def _changed(*columns: str) -> str:
    """Return a condition: one of these columns is not what it was."""
    each = [
        f'((NEW."{c}" IS NULL) <> (OLD."{c}" IS NULL) OR NEW."{c}" <> OLD."{c}")' for c in columns
    ]
    return f"({' OR '.join(each)})"


_KEPT = _changed(
    "enrolment_id",
    "month",
    "last_day",
    "number",
    "code",
    "lines",
    "days",
    "minutes",
    "fingerprint",
    "signed_on",
    "way",
    "is_mark",
    "is_read_aloud",
    "witness",
    "unsigned_reason_id",
)
_MOVES = (
    "(NEW.state = OLD.state "
    "OR (OLD.state = 'signed' AND NEW.state = 'locked') "
    f"OR (OLD.state IN {_FROZEN} AND NEW.state = 'reopened' AND NEW.reopen_reason <> ''))"
)
_SIGNED_IN_IT = (
    "EXISTS (SELECT 1 FROM beneficiaries_attendance a JOIN beneficiaries_statement s "
    f"ON s.enrolment_id = a.enrolment_id AND s.state IN {_FROZEN} "
    'AND a."on" BETWEEN s.month AND s.last_day WHERE a.session_id = OLD.id)'
)
_HELD = _changed("programme_id", "on", "starts_at", "ends_at", "closed_at", "cancelled_on", "kind_id")


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0006_statements"), ("programmes", "0006_schedules")]

    operations = [
        Refuse(
            "beneficiaries_attendance_signed",
            table="beneficiaries_attendance",
            cases={
                "INSERT": _signed("NEW"),
                "UPDATE": f"({_signed('OLD')} OR {_signed('NEW')})",
                "DELETE": _signed("OLD"),
                "TRUNCATE": "EXISTS (SELECT 1 FROM beneficiaries_statement s "
                f"WHERE s.state IN {_FROZEN})",
            },
            message=_MONTH,
        ),
        Refuse(
            "beneficiaries_statement_frozen",
            table="beneficiaries_statement",
            cases={
                "UPDATE": f"(OLD.state <> 'to_sign' AND ({_KEPT} OR NOT {_MOVES}))",
                "DELETE": "OLD.state <> 'to_sign'",
                "TRUNCATE": "EXISTS (SELECT 1 FROM beneficiaries_statement s "
                "WHERE s.state <> 'to_sign')",
            },
            message=_STATEMENT,
        ),
        Refuse(
            "programmes_session_held",
            table="programmes_session",
            cases={
                "UPDATE": f"(OLD.held_on IS NOT NULL AND ({_HELD} "
                f"OR (NEW.held_on IS NULL AND {_SIGNED_IN_IT})))",
                "DELETE": "OLD.held_on IS NOT NULL",
            },
            message=_SESSION,
        ),
    ]
