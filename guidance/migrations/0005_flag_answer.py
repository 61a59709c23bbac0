import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A warning sign is a flag in the code, wherever it stands; on screen it keeps its name."""

    dependencies = [("guidance", "0004_weekdays_without_regexp")]

    operations = [
        migrations.RenameModel("SignAnswer", "FlagAnswer"),
        migrations.AlterField(
            "flaganswer",
            "screen",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="flags",
                to="guidance.screen",
            ),
        ),
    ]
