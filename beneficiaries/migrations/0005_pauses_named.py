from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0004_identities_without_address"),
        ("programmes", "0005_session_roll"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="suspension",
            options={
                "ordering": ["enrolment", "-starts_on", "pk"],
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
            },
        ),
        migrations.AlterConstraint(
            model_name="suspension",
            name="beneficiaries_suspension_open",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("enrolment",),
                name="beneficiaries_suspension_open",
                violation_error_message="Le parcours est déjà en pause.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="suspension",
            name="beneficiaries_suspension_dates",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None),
                    ("ends_on", None),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="beneficiaries_suspension_dates",
                violation_error_message="La pause finit avant d’avoir commencé.",
            ),
        ),
    ]
