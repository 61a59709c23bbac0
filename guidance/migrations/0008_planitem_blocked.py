from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guidance", "0007_planitem_blocked_to_keys")]

    operations = [
        migrations.AlterField("planitem", "blocked", models.JSONField(null=True, blank=True)),
    ]
