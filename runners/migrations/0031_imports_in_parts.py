"""Imports that a browser sends in parts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0030_matched_lists"),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="state",
            field=models.CharField(
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
        migrations.AddField(
            model_name="import",
            name="part_size",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importfile",
            name="starts_at",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="importfile",
            name="stored",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.RemoveConstraint(
            model_name="import",
            name="import_one_at_a_time",
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sending", "waiting", "reading"])),
                fields=("runner",),
                name="import_one_at_a_time",
            ),
        ),
        migrations.CreateModel(
            name="ImportPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("stored", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                (
                    "brought",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
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
            },
        ),
        migrations.AddConstraint(
            model_name="importpart",
            constraint=models.UniqueConstraint(
                fields=("brought", "number"), name="import_part_once"
            ),
        ),
    ]
