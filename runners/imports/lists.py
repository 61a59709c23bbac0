"""The rows of another service's list, as plain values."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Self

from runners.formats import METRES_PER_MILE
from runners.imports.tables import Moment, Table, decimal_sign, figure, folded, moments, seconds
from runners.imports.words import Kind, is_stock, sport_of
from runners.limits import MAX_CLIMB_M, is_too_fast
from runners.runs.filling import LONGEST_NOTE

M_PER_KM, M_PER_MILE, M_PER_FOOT = 1000.0, METRES_PER_MILE, 0.3048
MEASURED = ("distance", "distance_km", "distance_mi", "step", "climb")  # tell the decimal sign
STEPS_TO_TELL = 3  # rows with steps, from which the unit of a list can be told


@dataclass(frozen=True, slots=True)
class Listed:
    """One row. `sport` is `running`, another sport or `unknown`.

    `started_at` is aware where the row has a clock time. `duration_s` is the time that counts as
    the run, `moving_s` the service's own guess of it. `file` is the way to the original, from the
    list. What the row does not say is None or empty.
    """

    line: int
    service: str
    sport: str
    day: dt.date | None
    started_at: dt.datetime | None
    duration_s: int | None
    elapsed_s: int | None
    distance_m: int | None
    climb_m: int | None
    moving_s: int | None = None
    effort: int | None = None
    note: str = ""
    file: str = ""
    id: str = ""
    utc_offset_s: int | None = None

    @classmethod
    def of(
        cls,
        *,
        zone: dt.tzinfo,
        started_at: dt.datetime | None,
        duration_s: int | None,
        elapsed_s: int | None,
        climb_m: int | None,
        day: dt.date | None = None,
        note: str = "",
        **said: Any,
    ) -> Self:
        """Without what cannot be. The day is that of the start in `zone`, else `day`."""
        duration_s = duration_s or elapsed_s
        return cls(
            day=started_at.astimezone(zone).date() if started_at else day,
            started_at=started_at,
            duration_s=duration_s,
            elapsed_s=elapsed_s if elapsed_s and elapsed_s >= (duration_s or 0) else None,
            climb_m=climb_m if climb_m is not None and 0 <= climb_m <= MAX_CLIMB_M else None,
            note=note[:LONGEST_NOTE],
            **said,
        )

    @property
    def fingerprint(self) -> str:
        return f"{self.service}:{self.id}"[:64] if self.id else ""


def read_list(
    table: Table, kind: Kind, columns: Mapping[str, list[int]], *, home: dt.tzinfo, units: str
) -> list[Listed]:
    """`home` is the zone of clock times without one, `units` are meant where nothing tells.

    Raises NoTable where the days of the list cannot be told.
    """
    list_ = _List(table, kind, columns, units)
    when = moments(list_.column("when"))
    return [list_.row(number, moment, home) for number, moment in enumerate(when)]


class _List:
    def __init__(
        self, table: Table, kind: Kind, columns: Mapping[str, list[int]], units: str
    ) -> None:
        self.table, self.kind, self.columns = table, kind, columns
        self.sign = decimal_sign(
            cell for field in MEASURED if field in columns for cell in self.column(field)
        )
        self.unit_m = self._unit_m(units)

    def column(self, field: str) -> list[str]:
        return [self.cell(number, field) for number in range(len(self.table.rows))]

    def cell(self, number: int, field: str) -> str:
        """The last of two columns of one name: the first is rounded for display."""
        at = self.columns.get(field)
        return self.table.rows[number][at[-1]] if at else ""

    def figure(self, number: int, field: str) -> float | None:
        return figure(self.cell(number, field), self.sign)

    def seconds(self, number: int, field: str) -> int | None:
        found = seconds(self.cell(number, field), self.sign)
        return round(found) if found and found > 0 else None

    def row(self, number: int, when: Moment | None, home: dt.tzinfo) -> Listed:
        moving_s = self.seconds(number, "moving")
        elapsed_s = self.seconds(number, "elapsed")
        duration_s = self.seconds(number, "time") or moving_s
        at = when.at if when else None
        zone = dt.UTC if self.kind.zone == "utc" else home
        effort = self.figure(number, "effort")
        return Listed.of(
            line=number + self.table.first,
            service=self.kind.service,
            sport=sport_of(self.cell(number, "sport")),
            zone=home,
            day=when.day if when else None,
            started_at=at.replace(tzinfo=zone).astimezone(dt.UTC) if at else None,
            duration_s=duration_s,
            moving_s=moving_s,
            elapsed_s=elapsed_s,
            distance_m=self._distance_m(number, duration_s or elapsed_s),
            climb_m=self._climb_m(number),
            effort=round(effort) if effort and 1 <= round(effort) <= 10 else None,
            note=self._note(number),
            file=self.cell(number, "file"),
            id=self.cell(number, "id"),
        )

    def _distance_m(self, number: int, duration_s: int | None) -> int | None:
        for field, metres in (("distance_km", M_PER_KM), ("distance_mi", M_PER_MILE)):
            if field in self.columns:
                return _whole(self.figure(number, field), metres)
        far = self.figure(number, "distance")
        if len(self.columns.get("distance", ())) > 1:
            return _whole(far, 1.0)
        far_m = _whole(far, self.unit_m)
        if far_m and self.kind.distance == "by_steps" and is_too_fast(far_m, duration_s or 1):
            return _whole(far, 1.0)  # a run on a track is in metres, and nothing says so
        return far_m

    def _climb_m(self, number: int) -> int | None:
        feet = self.figure(number, "climb_ft")
        metres = feet * M_PER_FOOT if feet is not None else self.figure(number, "climb_m")
        metres = self.figure(number, "climb") if metres is None else metres
        return None if metres is None else round(metres)

    def _note(self, number: int) -> str:
        name = self.cell(number, "name")
        parts = [
            "" if is_stock(name) else name,
            self.cell(number, "description"),
            self.cell(number, "private"),
        ]
        return "\n".join(dict.fromkeys(part for part in parts if part))

    def _unit_m(self, units: str) -> float:
        """Metres of one unit of the list's distance."""
        usual = M_PER_MILE if units == "mi" else M_PER_KM
        if self.kind.distance == "m":
            return 1.0
        if self.kind.distance == "km":
            return M_PER_KM
        if self.kind.distance == "by_heading":
            return M_PER_MILE if "speed_mi" in self.columns else M_PER_KM
        return self._by_steps() or usual

    def _by_steps(self) -> float | None:
        """Steps a minute, metres a step and the time tell how far a unit is."""
        found = []
        for number in range(len(self.table.rows)):
            per_minute, step_m = self.figure(number, "cadence"), self.figure(number, "step")
            far, time_s = self.figure(number, "distance"), self.seconds(number, "time")
            if per_minute and step_m and far and time_s:
                found.append(per_minute * step_m * time_s / 60 / far)
        if len(found) < STEPS_TO_TELL:
            return None
        middle = median(found)
        return min((M_PER_KM, M_PER_MILE), key=lambda unit_m: abs(unit_m - middle))


def _whole(far: float | None, metres: float) -> int | None:
    return round(far * metres) if far and round(far * metres) > 0 else None


def listed_by_file(listed: Sequence[Listed], folder: str) -> dict[str, Listed]:
    """Rows by the way to their file, which a list gives from the folder that it lies in."""
    before = f"{folder}/" if folder else ""
    return {folded(f"{before}{row.file}"): row for row in listed if row.file}
