"""The archive: `limber.json` with all of it, a table for each list, and runs for other services."""

import datetime as dt
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from runners.exports import for_services
from runners.exports.cells import lines
from runners.exports.parts import Part, Rows, Values, parts, rows_of
from runners.models import User
from runners.replica import read_own

FORMAT, VERSION = "limber", 1  # docs/export-format.md
MADE_OF = "limber.json"
AROUND = ("day", "started_on", "remedy")  # of a row, that tell where what is in it belongs
NOT_IN_TABLES = ("profile", "written")  # of a run; for programs alone


class Encoder(DjangoJSONEncoder):
    """Instants to their last digit: Django's own are cut."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


Progress = Callable[[int, int], None]  # how many lists are written, of how many


def write(person: User, to: IO[bytes], progress: Progress = lambda done, of: None) -> None:
    """1 query for each table."""
    all_parts = parts()
    said: Values = {"format": FORMAT, "version": VERSION, "made_at": timezone.now()}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, part in enumerate(all_parts):
            progress(done, len(all_parts) + 1)
            rows = said[part.name] = _rows(part, person)
            for name, table in _tables(part, rows):
                archive.writestr(f"{name}.csv", table)
        progress(len(all_parts), len(all_parts) + 1)
        for name, content in for_services.files(said["runs"], person.tz):
            archive.writestr(name, content)
        archive.writestr(MADE_OF, json.dumps(said, cls=Encoder, ensure_ascii=False))


def _rows(part: Part, person: User) -> Rows:
    """What comes back is the person's own log, of which each change is counted."""
    read = partial(rows_of, part, person)
    return read_own(person, read) if part.comes_back else read()


def _tables(part: Part, rows: Rows) -> Iterator[tuple[str, bytes]]:
    """Of a part, and of each part inside it, whose rows begin with what they stand in."""
    yield part.name, _table(part, rows)
    for inner in part.inside:
        yield from _tables(inner, [{**row, **found} for row in rows for found in row[inner.name]])


def _table(part: Part, rows: Rows) -> bytes:
    own = [name for name in part.columns.values() if name not in NOT_IN_TABLES]
    before = [name for name in AROUND if part.on and name not in own and rows and name in rows[0]]
    columns = [*before, *own]
    return b"".join(lines([columns, *([row[column] for column in columns] for row in rows)]))
