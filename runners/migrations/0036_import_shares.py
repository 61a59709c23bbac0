"""What several workers read of one import."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0035_import_keeps_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sending", "being sent"),
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
                ("read", models.PositiveBigIntegerField(default=0)),
                ("beat_at", models.DateTimeField(blank=True, null=True)),
                (
                    "brought",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="runners.import",
                    ),
                ),
                (
                    "runner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("brought", "number"), name="import_share_once")
                ],
            },
        ),
    ]
