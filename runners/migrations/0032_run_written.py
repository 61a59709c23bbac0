"""Which columns of a run no other record of it replaces."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0031_imports_in_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="written",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
