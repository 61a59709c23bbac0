"""Of runs that came from a file before 0030 nobody can tell what their runner changed: all stands.

But for those of an import that were not changed since. A few thousand at a time, so that no save
waits long for it; it can be stopped and run again.
"""

import datetime as dt

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Exists, F, Max, OuterRef

AT_ONCE = 5_000
A_MOMENT = dt.timedelta(seconds=1)
WRITTEN = ["distance_m", "duration_s", "effort", "elapsed_s"]


def let_all_stand(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    runs = apps.get_model("runners", "Run").objects
    rows = apps.get_model("runners", "ImportRow").objects.filter(run=OuterRef("pk"))
    as_it_came = runs.filter(Exists(rows), updated_at__lt=F("created_at") + A_MOMENT)
    last = runs.aggregate(last=Max("pk"))["last"] or 0
    for first in range(0, last + 1, AT_ONCE):
        some = runs.filter(pk__range=(first, first + AT_ONCE - 1), written__isnull=True)
        some.exclude(source="typed").exclude(pk__in=as_it_came).update(written=WRITTEN)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("runners", "0030_imports_and_exports")]

    operations = [migrations.RunPython(let_all_stand, migrations.RunPython.noop)]
