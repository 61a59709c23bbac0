from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0007_link_confirmed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("at", models.JSONField()),
                ("version", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        # Where limits were counted before, in a cache; the command that made it is not run any more.
        migrations.RunSQL("DROP TABLE IF EXISTS rate_limits", migrations.RunSQL.noop),
    ]
