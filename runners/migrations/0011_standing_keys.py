from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runners", "0010_standing_words_to_keys")]

    operations = [
        *(
            migrations.AlterField(model, "headline", models.JSONField())
            for model in ("standing", "sharedstanding")
        ),
        *(
            migrations.AlterField(model, name, models.JSONField(null=True, blank=True))
            for model, name in (
                ("standing", "reason"),
                ("standing", "warning"),
                ("sharedstanding", "reason"),
            )
        ),
    ]
