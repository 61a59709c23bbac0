"""Whether the files of an import stay once they are read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0034_import_news"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="keeps_files",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
