"""Plan items, what was done and answers to warning signs carry the runner: first empty."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RUNNER: Any = models.ForeignKey(
    null=True,
    on_delete=django.db.models.deletion.CASCADE,
    related_name="+",
    to=settings.AUTH_USER_MODEL,
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("guidance", "0011_suggestion_shown_on"),
    ]

    operations = [
        migrations.AddField(model_name="planitem", name="runner", field=RUNNER),
        migrations.AddField(model_name="done", name="runner", field=RUNNER),
        migrations.AddField(model_name="flaganswer", name="runner", field=RUNNER),
    ]
