"""As `runners.0037`."""

from django.db import migrations

from runners.models.key_index import DropKeyIndex


class Migration(migrations.Migration):
    atomic = False  # so that each table is locked for a moment of its own
    dependencies = [("guidance", "0014_runner_of_parts_required")]

    operations = [
        DropKeyIndex("answer", "runner"),
        DropKeyIndex("checkresult", "runner"),
        DropKeyIndex("screen", "runner"),
        DropKeyIndex("flaganswer", "screen"),
        DropKeyIndex("plan", "runner"),
        DropKeyIndex("done", "item"),
        DropKeyIndex("suggestion", "athlete"),
    ]
