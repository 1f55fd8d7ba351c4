"""SQLite's OR REPLACE no longer rewrites the journal."""

from django.db import migrations

from autoprod.audit.triggers import NoReplacing


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [NoReplacing("audit_auditevent")]
