"""Records of looks and of weekly mails that are a year old are found without a look at all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0035_coach_approval"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="accessrecord",
            index=models.Index(fields=["day"], name="access_record_day"),
        ),
        migrations.AddIndex(
            model_name="digest",
            index=models.Index(fields=["week"], name="digest_week"),
        ),
    ]
