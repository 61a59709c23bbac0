"""What a run takes over from another record of it: which source is better, what stands."""

from typing import Any

import pytest

from runners.models import Run, User
from runners.runs.actions import change_run
from runners.runs.filling import filled
from runners.runs.run_state import state_of
from tests.factories import TODAY, make_run

BEST_FIRST = ["fit", "tcx", "list", "gpx", "typed"]
PROFILE = [[500, 300, 10]]


def record(source: str, **fields: Any) -> Run:
    said = {"distance_m": 10_000, "duration_s": 3_000, "elapsed_s": 3_100, **fields}
    return Run(day=TODAY, source=source, **said)


@pytest.mark.parametrize("source", BEST_FIRST)
@pytest.mark.parametrize("other", BEST_FIRST)
def test_the_better_source_tells_time_and_distance(source: str, other: str) -> None:
    new = record(other, distance_m=10_090, duration_s=2_940, elapsed_s=3_060, profile=PROFILE)
    fields = filled(record(source, effort=4, profile=[[600, 290, 10]]), new)
    if source == "typed":
        assert fields.keys() <= {"source", "profile", "written"}
    elif BEST_FIRST.index(other) < BEST_FIRST.index(source):
        assert fields == {
            **{"distance_m": 10_090, "duration_s": 2_940, "elapsed_s": 3_060},
            **{"profile": PROFILE, "source": other},
        }
    else:
        assert fields == {}


@pytest.mark.parametrize(
    ("of", "other", "expected"),
    [
        ("strava:77", "intervals:i1", 6),
        ("intervals:i1", "strava:77", None),
        ("", "intervals:i1", None),
    ],
)
def test_of_two_lists_intervals_tells_how_hard_it_was(
    of: str, other: str, expected: int | None
) -> None:
    run = record("list", effort=4, fingerprint=of)
    new = record("list", effort=6, fingerprint=other)
    assert filled(run, new).get("effort") == expected
    run.written = ["effort"]
    assert "effort" not in filled(run, new)


def test_what_was_typed_stands_from_then_on() -> None:
    run = record("typed", elapsed_s=None, distance_m=None)
    merged = filled(run, record("gpx", elapsed_s=3_100))
    assert merged == {
        **{"distance_m": 10_000, "elapsed_s": 3_100},
        **{"source": "gpx", "written": ["duration_s"]},
    }
    for name, value in merged.items():
        setattr(run, name, value)
    better = filled(run, record("fit", distance_m=10_050, duration_s=2_940))
    assert better == {"distance_m": 10_050, "source": "fit"}


def test_what_the_runner_changed_stands_also_where_it_was_emptied(alice: User) -> None:
    run = make_run(alice, source="gpx", effort=6, elapsed_s=3_100)
    mine = {**state_of(run), "distance": 10_400, "effort": None}
    run = change_run(run, mine, by=alice)
    better = filled(run, record("fit", duration_s=2_940, effort=5))
    assert better == {"duration_s": 2_940, "source": "fit"}


def test_a_start_does_not_come_back_to_a_day_that_the_runner_corrected(alice: User) -> None:
    run = make_run(alice, source="fit")
    run = change_run(run, {**state_of(run), "day": "2026-11-20"}, by=alice)
    new = record("fit", elapsed_s=None, started_at="2026-11-23T06:00Z")
    assert filled(run, new) == {}


def test_what_a_list_corrects_replaces_and_stands() -> None:
    corrected = record("gpx", distance_m=10_600, written=["distance_m"])
    assert filled(record("fit"), corrected) == {"distance_m": 10_600, "written": ["distance_m"]}
    better = filled(corrected, record("fit", duration_s=2_940))
    assert better == {"duration_s": 2_940, "source": "fit"}


def test_a_part_of_a_run_replaces_nothing() -> None:
    """The watch went out on the way, the phone did not."""
    part = record("fit", distance_m=6_000, duration_s=1_800, elapsed_s=1_800, profile=PROFILE)
    assert filled(record("gpx", profile=[[600, 290, 10]]), part) == {}


@pytest.mark.parametrize(
    ("run", "new", "takes"),
    [
        ({"elapsed_s": 3_010}, {"elapsed_s": None, "duration_s": 3_050}, (3_050, None)),
        ({"written": ["duration_s"]}, {"duration_s": 2_900, "elapsed_s": 2_950}, (3_000, 3_100)),
        ({"written": ["elapsed_s"]}, {"duration_s": 3_150, "elapsed_s": 3_150}, (3_100, 3_100)),
        ({"onset_min": 49}, {"duration_s": 2_900, "elapsed_s": 3_100}, (3_000, 3_100)),
    ],
    ids=["no longer than the run", "typed time", "corrected time", "a minute that was noted"],
)
def test_no_run_is_shorter_than_its_time(
    run: dict[str, Any], new: dict[str, Any], takes: tuple[int, int | None]
) -> None:
    known = record("gpx", **run)
    fields = filled(known, record("fit", **new))
    times = [fields.get(name, getattr(known, name)) for name in ("duration_s", "elapsed_s")]
    assert tuple(times) == takes
