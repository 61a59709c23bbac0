import json
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AS_STORED = "standing.as_stored"
KEY = f'{{"say": "{AS_STORED}"'
BATCH = 100  # in a transaction each, so that no save waits long
# Without its words a row says this until it is renewed; an open warning stays one.
UNTIL_RENEWED = {
    "headline": "Not worked out yet",
    "reason": "",
    "warning": "Be seen: a warning sign is open",
}


def to_key(words: str | None) -> str | None:
    """What is one already stays so: this can be stopped and run again."""
    if words and words.startswith(KEY):
        return words
    return json.dumps({"say": AS_STORED, "words": words}) if words else None


def to_words(stored: str | None, otherwise: str) -> str:
    if stored and not stored.startswith("{"):
        return stored
    said = json.loads(stored) if stored else None
    if said is None:
        return ""
    words: str = said["words"] if said["say"] == AS_STORED else otherwise
    return words


def rewrite(model: Any, names: list[str], *, stale: str, forwards: bool) -> None:
    """Words as they stand, and every row stale: it is renewed at the next look."""
    rows = []
    for row in model.objects.iterator(chunk_size=BATCH):
        for name in names:
            stored = getattr(row, name)
            new = to_key(stored) if forwards else to_words(stored, UNTIL_RENEWED[name])
            setattr(row, name, new)
        setattr(row, stale, None)
        rows.append(row)
        if len(rows) == BATCH:
            model.objects.bulk_update(rows, [*names, stale])
            rows = []
    model.objects.bulk_update(rows, [*names, stale])


def rewrite_all(apps: Apps, *, forwards: bool) -> None:
    standing = apps.get_model("runners", "Standing")
    shared = apps.get_model("runners", "SharedStanding")
    names = ["headline", "reason", "warning"]
    rewrite(standing, names, stale="valid_until", forwards=forwards)
    rewrite(shared, names[:2], stale="fresh_until", forwards=forwards)


def keep_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    rewrite_all(apps, forwards=True)


def say_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    rewrite_all(apps, forwards=False)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("runners", "0009_standing_words_widened")]

    operations = [migrations.RunPython(keep_words, say_words)]
