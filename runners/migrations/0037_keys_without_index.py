"""Where another index begins with a foreign key, it has none of its own."""

from django.db import migrations

from runners.models.key_index import DropKeyIndex


class Migration(migrations.Migration):
    atomic = False  # so that each table is locked for a moment of its own
    dependencies = [("runners", "0036_records_by_day")]

    operations = [
        DropKeyIndex("invitation", "sender"),
        DropKeyIndex("note", "coach"),
        DropKeyIndex("note", "athlete"),
        DropKeyIndex("accessrecord", "athlete"),
        DropKeyIndex("digest", "user"),
        DropKeyIndex("export", "person"),
        DropKeyIndex("run", "runner"),
        DropKeyIndex("checkin", "runner"),
        DropKeyIndex("sorenessentry", "check_in"),
        DropKeyIndex("import", "runner"),
        DropKeyIndex("importpart", "brought"),
        DropKeyIndex("importshare", "brought"),
        DropKeyIndex("importrow", "brought"),
    ]
