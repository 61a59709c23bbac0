from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0031_runs_written_before"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessrecord",
            name="page",
            field=models.CharField(
                choices=[
                    ("roster", "your line in the list of athletes"),
                    ("overview", "your overview"),
                    ("trends", "your weekly trends"),
                    ("guidance", "your guidance and plan"),
                    ("diary", "your diary"),
                    ("digest", "your line in the weekly mail"),
                    ("line-csv", "your line, downloaded as a table"),
                    ("week-csv", "your weeks, downloaded as a table"),
                ],
                max_length=8,
            ),
        ),
    ]
