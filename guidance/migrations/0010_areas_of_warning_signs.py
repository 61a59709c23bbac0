"""Nothing to do forwards. Backwards, a new area of a bone sign becomes its neighbour."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NEIGHBOURS = {"ankle": "foot", "back_of_knee": "knee", "outer_hip": "outer_thigh"}


def to_neighbours(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    flag_answers: Any = apps.get_model("guidance", "FlagAnswer").objects
    for area, neighbour in NEIGHBOURS.items():
        flag_answers.filter(area=area).update(area=neighbour)


class Migration(migrations.Migration):
    dependencies = [("guidance", "0009_onset_at_once")]

    operations = [migrations.RunPython(migrations.RunPython.noop, to_neighbours)]
