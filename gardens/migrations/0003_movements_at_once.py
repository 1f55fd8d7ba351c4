"""Several movements of one lot may be written by one statement.

PostgreSQL runs what follows a row once all the rows of the statement are there: what is left is
read from all of them, not lowered one row after the other.
"""

from django.db import migrations

from autoprod.core.following import Follow

_TABLE = "gardens_movement"

#: The lot first: whoever writes another movement of it at the same time waits, and counts ours.
_COUNTED = (
    "UPDATE gardens_lot SET version = version WHERE id = NEW.lot_id; "
    'UPDATE gardens_lotbalance SET "left" = '
    "(SELECT l.grams - COALESCE((SELECT SUM(m.grams) FROM gardens_movement m "
    "WHERE m.lot_id = l.id), 0) FROM gardens_lot l WHERE l.id = NEW.lot_id) "
    "WHERE lot_id = NEW.lot_id"
)
_LOWERED = 'UPDATE gardens_lotbalance SET "left" = "left" - NEW.grams WHERE lot_id = NEW.lot_id'


class Unfollow(Follow):
    """Takes away what an earlier migration made the base write."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Drop the trigger."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Create it again."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("gardens", "0002_ledger")]

    operations = [
        Unfollow("gardens_movement_takes", table=_TABLE, statement=_LOWERED),
        Follow("gardens_movement_counts", table=_TABLE, statement=_COUNTED),
    ]
