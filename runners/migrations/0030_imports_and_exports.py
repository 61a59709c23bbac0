"""Imports in parts and shares, of lists that their runner explains, told of; and exports."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0029_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("making", "being made"),
                            ("done", "done"),
                            ("broken", "broken off"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("of", models.PositiveSmallIntegerField(default=0)),
                ("stored", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("beat_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
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
            ],
            options={
                "ordering": ["number"],
            },
        ),
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
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="import",
            name="import_one_at_a_time",
        ),
        migrations.AddField(
            model_name="import",
            name="came",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="headings",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="import",
            name="keeps_files",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="import",
            name="matching",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="part_size",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="import",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importfile",
            name="starts_at",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="written",
            field=models.JSONField(blank=True, null=True),
        ),
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
        migrations.AlterField(
            model_name="importfile",
            name="stored",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sending", "waiting", "reading"])),
                fields=("runner",),
                name="import_one_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exports",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importpart",
            name="brought",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="runners.import",
            ),
        ),
        migrations.AddField(
            model_name="importpart",
            name="runner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importshare",
            name="brought",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="shares",
                to="runners.import",
            ),
        ),
        migrations.AddField(
            model_name="importshare",
            name="runner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "making"])),
                fields=("person",),
                name="export_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(
                fields=("person", "uid"), name="export_uid_once_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="importpart",
            constraint=models.UniqueConstraint(
                fields=("brought", "number"), name="import_part_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="importshare",
            constraint=models.UniqueConstraint(
                fields=("brought", "number"), name="import_share_once"
            ),
        ),
    ]
