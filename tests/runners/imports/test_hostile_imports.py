"""Real exports with parts of them changed: whatever comes, each thing gets a run or a reason."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.imports.columns import OF_AREA, Says
from runners.imports.match_forms import ColumnsForm
from runners.imports.match_page import preview
from runners.imports.matching import Matching
from runners.imports.reading import Item, items
from runners.imports.tables import NoTable, read_table
from runners.models import User
from runners.models.people import AgeBand

pytestmark = pytest.mark.slow

EXPORTS = Path(__file__).parents[2] / "data/exports"
NASTY = st.sampled_from(
    [
        b"\x00",
        b"\xff\xfe",
        b'"',
        b",",
        b";",
        b"\n",
        b"\r",
        b"=cmd|'",
        b"-",
        b"9" * 400,
        b"1e400",
        b"PK",
    ]
)
# Where, how many bytes go, and what comes instead.
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(NASTY, st.binary(max_size=6))),
    min_size=1,
    max_size=6,
)


def changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, gone, put in changes:
        at = int(where * len(data))
        data = data[:at] + put + data[at + gone :]
    return data


# Without a row: nothing is asked of the database.
RUNNER = User(time_zone="Europe/Vienna", units="km", age_band=AgeBand.ADULT)


def read(path: Path) -> list[Item]:
    return list(items([path], RUNNER))


def can_be_told(found: list[Item]) -> bool:
    return all(
        item.file and (item.run is not None if item.status == "new" else item.reason)
        for item in found
    )


@pytest.mark.parametrize(
    "name",
    [
        "runkeeper_cardioActivities.csv",
        "strava_activities_87_columns.csv",
        "strava_export_sample.zip",
    ],
)
@settings(derandomize=True, max_examples=100, deadline=None)
@given(changes=CHANGES)
def test_a_changed_export_gives_runs_and_reasons(
    name: str, changes: list[tuple[float, int, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"changed-{name}"
    path.write_bytes(changed((EXPORTS / name).read_bytes(), changes))
    assert can_be_told(read(path))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(changes=CHANGES)
def test_a_whole_archive_with_a_changed_list_gives_runs_and_reasons(
    changes: list[tuple[float, int, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed-list.zip"
    with zipfile.ZipFile(EXPORTS / "strava_export_sample.zip") as real:
        parts = {name: real.read(name) for name in real.namelist()}
    parts["activities.csv"] = changed(parts["activities.csv"], changes)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    path.write_bytes(packed.getvalue())
    assert can_be_told(read(path))


BEGINNINGS = [
    path.read_bytes()[:3_000]
    for folder in ("exports", "diaries")
    for path in sorted((EXPORTS.parent / folder).glob("*.csv"))
]
ANSWERS = {
    **{f"says-{at}": st.sampled_from(["", "x", *Says.values, *OF_AREA]) for at in range(6)},
    "side-1": st.sampled_from(["", "left", "both", "x"]),
    "place-0": st.sampled_from(["", "knee", "x"]),
    "lowest": st.sampled_from(["0", "-5", "nan", "1e300", "", "x"]),
    "highest": st.sampled_from(["10", "9.5", "inf"]),
    "worse": st.sampled_from(["high", "low", "x"]),
    "day_first": st.sampled_from(["day", "month", ""]),
}


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    data=st.sampled_from(BEGINNINGS),
    changes=CHANGES,
    sent=st.fixed_dictionaries({}, optional=ANSWERS),
)
def test_whatever_is_said_of_a_changed_list_gives_spots_runs_and_reasons(
    data: bytes, changes: list[tuple[float, int, bytes]], sent: dict[str, str]
) -> None:
    try:
        table = read_table(changed(data, changes))
    except NoTable:
        return
    form = ColumnsForm(table, Matching.guessed(table, units="km"), runner=RUNNER, sent=sent)
    assert len(list(form.columns())) <= len(table.headings)
    if not form.is_valid():
        assert form.errors
        return
    found = preview("list", table, Matching.of_json(form.to_matching().to_json()), RUNNER)
    assert found.runs + found.spots >= len(found.rows)
    assert all(why for _, why in found.unread)
