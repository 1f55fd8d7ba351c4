"""SQLite's OR REPLACE no longer takes the place of a published bilan."""

from django.db import migrations

from autoprod.audit.triggers import NoReplacing

_SAME = (
    "(taken.id = NEW.id OR (taken.programme_id = NEW.programme_id "
    "AND taken.starts_on = NEW.starts_on AND taken.ends_on = NEW.ends_on "
    "AND taken.audience = NEW.audience AND taken.number = NEW.number))"
)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [NoReplacing("evaluation_report", same=_SAME)]
