from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0012_sharing_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="ask_next",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
