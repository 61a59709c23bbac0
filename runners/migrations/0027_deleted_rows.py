"""Deleted rows are found without a look at all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0026_soreness_runner_required"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["runner"],
                name="check_in_deleted",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["runner"],
                name="run_deleted",
            ),
        ),
    ]
