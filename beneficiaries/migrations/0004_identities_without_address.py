from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("beneficiaries", "0003_addresses"),
    ]

    operations = [
        migrations.RemoveField(model_name="personidentity", name="address"),
        migrations.RemoveField(model_name="personidentity", name="postcode"),
        migrations.RemoveField(model_name="personidentity", name="city"),
    ]
