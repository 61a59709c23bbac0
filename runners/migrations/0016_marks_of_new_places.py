"""Nothing to do forwards: marks keep their area. Backwards, a new place becomes its neighbour."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

# Each with its name, which the note keeps.
NEIGHBOURS = {
    "ankle": ("foot", "Ankle"),
    "back_of_knee": ("knee", "Back of the knee"),
    "outer_hip": ("outer_thigh", "Outer hip"),
}
SIT_BONE = ("hamstring", "Sit bone")
BATCH = 500


def to_neighbours(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Where the neighbour was marked as well, the higher number and both notes stand."""
    entries: Any = apps.get_model("runners", "SorenessEntry").objects
    longest = entries.model._meta.get_field("note").max_length
    moving = entries.filter(Q(sit_bone=True) | Q(area__in=NEIGHBOURS)).order_by("pk")
    for entry in moving.iterator(chunk_size=BATCH):
        area, name = SIT_BONE if entry.sit_bone else NEIGHBOURS[entry.area]
        entry.area, entry.sit_bone = area, False
        notes = [f"{name}.", entry.note]
        there = entries.filter(
            check_in=entry.check_in_id,
            area=area,
            side=entry.side,
            kind=entry.kind,
            timing=entry.timing,
            sit_bone=False,
        ).first()
        if there is not None:
            entry.intensity = max(entry.intensity, there.intensity)
            notes.append(there.note)
            there.delete()
        entry.note = " ".join(note for note in notes if note)[:longest]
        entry.save(update_fields=["area", "sit_bone", "intensity", "note"])


class Migration(migrations.Migration):
    dependencies = [("runners", "0015_places")]

    operations = [migrations.RunPython(migrations.RunPython.noop, to_neighbours)]
