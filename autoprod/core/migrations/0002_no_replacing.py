"""SQLite's OR REPLACE no longer makes a demo base a real one."""

from django.db import migrations

from autoprod.audit.triggers import NoReplacing


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [NoReplacing("core_installation")]
