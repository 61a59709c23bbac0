"""Fills what 0024 added, some thousand rows at a time, so that no save waits long for it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from runners.models.carried import fill


def fill_soreness(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    fill(apps.get_model("runners", "SorenessEntry"), "check_in", "runner", "day")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("runners", "0024_soreness_runner_and_day")]

    operations = [migrations.RunPython(fill_soreness, migrations.RunPython.noop)]
