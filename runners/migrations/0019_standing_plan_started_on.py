from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0018_standing_louder"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="plan_started_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sharedstanding",
            name="plan_started_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
