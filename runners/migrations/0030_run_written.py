"""Which columns of a run no other record of it replaces."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0029_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="written",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
