"""The ledger is only added to, and what is left of a lot follows from it, whatever the door."""

from django.db import migrations

from autoprod.audit.triggers import AppendOnly, NoReplacing
from autoprod.core.following import Follow
from autoprod.core.refusals import Refuse

_LOT = "Le poids, le produit et l’origine d’un lot ne changent pas\u202f: corrigez sa pesée."
_BALANCE = "Le reste d’un lot suit de ses mouvements\u202f: ajoutez-en un."

_KEPT = ("programme_id", "number", "product_id", "origin", "harvest_id", "grams")


def _changed(column: str) -> str:
    missing = f'(NEW."{column}" IS NULL) <> (OLD."{column}" IS NULL)'
    return f'({missing} OR NEW."{column}" <> OLD."{column}")'


_SAME_TAP = "(taken.id = NEW.id OR taken.client_uuid = NEW.client_uuid)"
_SAME_MOVEMENT = f"({_SAME_TAP} OR taken.reverses_id = NEW.reverses_id)"
_SAME_LOT = (
    "(taken.id = NEW.id OR taken.harvest_id = NEW.harvest_id "
    "OR (taken.programme_id = NEW.programme_id AND taken.number = NEW.number))"
)

_FOLLOWS = (
    "(SELECT l.grams - COALESCE((SELECT SUM(m.grams) FROM gardens_movement m "
    "WHERE m.lot_id = l.id), 0) FROM gardens_lot l WHERE l.id = NEW.lot_id)"
)

#: Counted from all the rows: PostgreSQL runs this once all those of one statement are there. The
#: lot first: whoever writes another movement of it at the same time waits, and counts ours.
_COUNTED = (
    "UPDATE gardens_lot SET version = version WHERE id = NEW.lot_id; "
    f'UPDATE gardens_lotbalance SET "left" = {_FOLLOWS} WHERE lot_id = NEW.lot_id'
)


class Migration(migrations.Migration):
    dependencies = [("gardens", "0001_initial")]

    operations = [
        AppendOnly("gardens_harvest"),
        AppendOnly("gardens_movement"),
        NoReplacing("gardens_harvest", same=_SAME_TAP),
        NoReplacing("gardens_movement", same=_SAME_MOVEMENT),
        Refuse(
            "gardens_lot_kept",
            table="gardens_lot",
            cases={"UPDATE": f"({' OR '.join(map(_changed, _KEPT))})", "REPLACE": _SAME_LOT},
            message=_LOT,
        ),
        Refuse(
            "gardens_lotbalance_follows",
            table="gardens_lotbalance",
            cases={
                "INSERT": f'NEW."left" <> {_FOLLOWS}',
                "UPDATE": f'(NEW.lot_id <> OLD.lot_id OR NEW."left" <> {_FOLLOWS})',
                # Without it, nothing would stop a lot below zero: lots stay for good.
                "DELETE": "EXISTS (SELECT 1 FROM gardens_lot WHERE id = OLD.lot_id)",
            },
            message=_BALANCE,
        ),
        Follow(
            "gardens_lot_opens",
            table="gardens_lot",
            statement='INSERT INTO gardens_lotbalance (lot_id, "left") VALUES (NEW.id, NEW.grams)',
        ),
        Follow("gardens_movement_counts", table="gardens_movement", statement=_COUNTED),
    ]
