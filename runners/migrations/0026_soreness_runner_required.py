"""Every spot has its runner and its day by now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runners", "0025_carry_runner_and_day")]

    operations = [
        migrations.AlterField(model_name="sorenessentry", name="day", field=models.DateField()),
        migrations.AlterField(
            model_name="sorenessentry",
            name="runner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
