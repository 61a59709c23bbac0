"""What was answered as "sudden" before one stride was told from within one run."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def onsets(apps: Apps, *, now: list[str], then: str) -> None:
    answers = apps.get_model("guidance", "Answer").objects.filter(question="ask:onset")
    answers.filter(value__in=now).update(value=then)


def keep_apart(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    onsets(apps, now=["sudden"], then="at_once")


def put_together(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    onsets(apps, now=["at_once", "one_stride"], then="sudden")


class Migration(migrations.Migration):
    dependencies = [("guidance", "0008_planitem_blocked")]

    operations = [migrations.RunPython(keep_apart, put_together)]
