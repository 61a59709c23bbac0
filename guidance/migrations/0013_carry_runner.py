"""Fills what 0012 added, some thousand rows at a time, so that no save waits long for it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from runners.models.carried import fill


def fill_parts(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    fill(apps.get_model("guidance", "PlanItem"), "plan", "runner")
    fill(apps.get_model("guidance", "Done"), "item", "runner")
    fill(apps.get_model("guidance", "FlagAnswer"), "screen", "runner")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("guidance", "0012_runner_of_parts")]

    operations = [migrations.RunPython(fill_parts, migrations.RunPython.noop)]
