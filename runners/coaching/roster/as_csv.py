"""The list of athletes as a table: a row for each, with what their line shows.

What is not shared stands empty, as what is not known does; `shared` says which it is. Of a warning
sign there is the level, as in the list, and never which sign it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runners.coaching.roster.rows import WEEKS, Seen, level_words
from runners.formats import in_units
from runners.models import SharedStanding
from runners.models.coaching import SWITCHES

NOTHING = [None] * WEEKS


def filename(seen: Iterable[Seen]) -> str:
    """With the latest day of those in it, and nobody's name."""
    days = {one.today for one in seen}
    return f"limber-athletes-{max(days)}.csv" if days else "limber-athletes.csv"


def rows(seen: Iterable[Seen], teams: Mapping[int, str], units: str) -> Iterator[list[Any]]:
    """With their heading. `day` is that of the line: distance and change are of its week, as far
    as it had come.
    """
    yield [
        *("athlete", "team", "day", "shared", "state", "why"),
        *(f"week_distance_{units}", "week_change_percent", "last_log"),
        *(f"peak_{ago}_weeks_ago" for ago in reversed(range(1, WEEKS))),
        "peak_this_week",
    ]
    for one in seen:
        yield _row(one, teams.get(one.link.team_id or 0, ""), units)


def _row(seen: Seen, team: str, units: str) -> list[Any]:
    shared, known = seen.shared, seen.line or SharedStanding()
    said = level_words(seen.line, shared, units)
    far_m = known.distance_m if shared.runs else None
    return [
        seen.link.athlete.name,
        team,
        seen.line.as_of if seen.line else seen.today,
        " ".join(name for name in SWITCHES if getattr(shared, name)),
        said.level,
        said.why,
        None if far_m is None else f"{in_units(far_m, units):.2f}",
        known.change if shared.runs else None,
        known.last_log if shared.runs or shared.soreness else None,
        *((known.peaks if shared.soreness else None) or NOTHING),
    ]
