from django.db import migrations, models


def made_with() -> "models.CharField[str, str]":
    return models.CharField(blank=True, db_default="", default="", max_length=16)


class Migration(migrations.Migration):
    """Rows without it are stale, and renewed at the next look."""

    dependencies = [("runners", "0013_standing_ask_next")]

    operations = [
        migrations.AddField("standing", "made_with", made_with()),
        migrations.AddField("sharedstanding", "made_with", made_with()),
        migrations.RemoveField("standing", "knowledge_version"),
    ]
