import json
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AS_STORED = "standing.as_stored"
UNTIL_RENEWED = "guidance leaves it alone for now"


def keep_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """As they stand, until the note is renewed with the standing."""
    items: Any = apps.get_model("guidance", "PlanItem").objects
    items.filter(blocked="").update(blocked=None)
    for item in items.filter(blocked__isnull=False):
        item.blocked = json.dumps({"say": AS_STORED, "words": item.blocked})
        item.save(update_fields=["blocked"])


def say_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    items: Any = apps.get_model("guidance", "PlanItem").objects
    for item in items.filter(blocked__isnull=False):
        said = json.loads(item.blocked)
        item.blocked = said["words"] if said["say"] == AS_STORED else UNTIL_RENEWED
        item.save(update_fields=["blocked"])
    items.filter(blocked__isnull=True).update(blocked="")


class Migration(migrations.Migration):
    dependencies = [("guidance", "0006_planitem_blocked_widened")]

    operations = [migrations.RunPython(keep_words, say_words)]
