"""Lists that only their runner can explain wait until that is done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0029_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="headings",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="import",
            name="matching",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("reading", "being read"),
                    ("match", "a list to look at"),
                    ("done", "done"),
                    ("stopped", "stopped"),
                    ("broken", "broken off"),
                ],
                default="waiting",
                max_length=7,
            ),
        ),
    ]
