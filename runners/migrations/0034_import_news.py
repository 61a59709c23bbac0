"""What came of an import, and whether its runner has looked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0033_runs_written_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="came",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
