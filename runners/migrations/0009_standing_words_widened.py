from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for JSON in the columns of words, before they hold what is said by its key."""

    dependencies = [("runners", "0008_tries")]

    operations = [
        *(
            migrations.AlterField(model, "headline", models.TextField())
            for model in ("standing", "sharedstanding")
        ),
        *(
            migrations.AlterField(model, name, models.TextField(null=True, blank=True))
            for model, name in (
                ("standing", "reason"),
                ("standing", "warning"),
                ("sharedstanding", "reason"),
            )
        ),
    ]
