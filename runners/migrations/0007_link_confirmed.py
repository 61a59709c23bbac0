"""A link is open once the athlete knows who it is, and not while it is in question.

Links that exist count as confirmed when this runs.
"""

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def end_those_in_question(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On the way back: without these columns they would be open to the coach."""
    links = apps.get_model("runners", "CoachLink").objects.filter(ended_at__isnull=True)
    in_question = links.filter(Q(confirmed_at__isnull=True) | Q(paused_at__isnull=False))
    in_question.update(ended_at=django.utils.timezone.now())


class Migration(migrations.Migration):
    dependencies = [("runners", "0006_outbox")]

    operations = [
        migrations.AddField(
            model_name="coachlink",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="coachlink",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="coachlink",
            name="is_news",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="coachlink",
            constraint=models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="coach_link_paused_after_confirmed",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, end_those_in_question),
    ]
