from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for JSON, before it holds why an item is left alone by its key."""

    dependencies = [("guidance", "0005_flag_answer")]

    operations = [
        migrations.RenameField("planitem", "held", "blocked"),
        migrations.AlterField("planitem", "blocked", models.TextField(null=True, blank=True)),
    ]
