"""Addresses leave the identity for a table of their own, so that one can be hidden."""

from django.db import migrations


def move_addresses(apps, schema_editor):
    PersonIdentity = apps.get_model("beneficiaries", "PersonIdentity")
    PersonAddress = apps.get_model("beneficiaries", "PersonAddress")
    known = PersonIdentity.objects.exclude(address="", postcode="", city="").order_by("pk")
    PersonAddress.objects.bulk_create(
        (
            PersonAddress(
                person_id=row.person_id, street=row.address, postcode=row.postcode, city=row.city
            )
            for row in known.iterator(chunk_size=500)
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("beneficiaries", "0002_files_of_persons"),
    ]

    operations = [migrations.RunPython(move_addresses, migrations.RunPython.noop)]
