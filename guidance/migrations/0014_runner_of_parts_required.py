"""Every plan item, every one done and every answer to a warning sign has its runner by now."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RUNNER: Any = models.ForeignKey(
    on_delete=django.db.models.deletion.CASCADE,
    related_name="+",
    to=settings.AUTH_USER_MODEL,
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("guidance", "0013_carry_runner"),
    ]

    operations = [
        migrations.AlterField(model_name="planitem", name="runner", field=RUNNER),
        migrations.AlterField(model_name="done", name="runner", field=RUNNER),
        migrations.AlterField(model_name="flaganswer", name="runner", field=RUNNER),
    ]
