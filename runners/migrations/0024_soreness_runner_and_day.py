"""Each spot carries the runner and the day of its check-in: first empty, for the rows there are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runners", "0023_standing_changes")]

    operations = [
        migrations.AddField(
            model_name="sorenessentry",
            name="runner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sorenessentry", name="day", field=models.DateField(null=True)
        ),
    ]
