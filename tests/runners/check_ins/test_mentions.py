"""Sore places that notes name: by a runner's own notes of a year, and by the rules one by one."""

import csv
import json
from pathlib import Path

import pytest

from runners.check_ins.mentions import mentions

DATA = Path(__file__).parents[2] / "data"
NOTES = DATA / "exports/runkeeper_cardioActivities.csv"
LABELLED = json.loads((DATA / "expected-lists.json").read_text())["soreness_in_notes"]["rows"]
TUNED_UNTIL = "2013-04-30"  # the rules were made by the notes until then; the others measure them

Said = tuple[tuple[str, ...], tuple[str, ...]]  # the areas that a word may mean, and the sides
MEANS = {None: (), "thigh": ("quad", "hamstring", "outer_thigh")}
SIDES = {None: (), "both": ("left", "right")}


def said(note: str) -> set[Said]:
    return {
        (tuple(area.value for area in one.areas), tuple(side.value for side in one.sides))
        for one in mentions(note)
    }


def labelled(day: str) -> set[Said]:
    rows = [row for row in LABELLED if row["date"] == day]
    return {
        (
            MEANS.get(one["region"], (one["region"],)),
            SIDES.get(one["side"], (one["side"],)),
        )
        for row in rows
        for one in row["mentions"]
    }


def counted(*, is_later: bool) -> tuple[int, int, int]:
    """Places that are right, that were found, and that the notes name; of one part of the year."""
    right = found = wanted = 0
    with NOTES.open(newline="") as file:
        for row in csv.DictReader(file):
            day = row["Date"][:10]
            if (day > TUNED_UNTIL) is is_later:
                got, want = said(row["Notes"]), labelled(day)
                right += len(got & want)
                found += len(got)
                wanted += len(want)
    return right, found, wanted


@pytest.mark.parametrize("is_later", [False, True])
def test_precision_and_recall_over_a_year_of_notes(is_later: bool) -> None:
    right, found, wanted = counted(is_later=is_later)
    assert wanted == (8 if is_later else 15)
    assert right / found > 0.9
    assert right / wanted > 0.9


LEFT, RIGHT, BOTH = ("left",), ("right",), ("left", "right")


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Right knee flared up at 8 km.", {(("knee",), RIGHT)}),
        ("tight calf", {(("calf",), ())}),
        ("My calves were tight", {(("calf",), BOTH)}),
        ("Knee hurts, the left one", {(("knee",), LEFT)}),
        (
            "Sore left hamstring and right hip flexor",
            {(("hamstring",), LEFT), (("hip_flexor",), RIGHT)},
        ),
        ("Lower back stiff all day", {(("low_back",), ("centre",))}),
        ("Pain behind the knee", {(("back_of_knee",), ())}),
        ("Still sore from Sunday", {((), ())}),
        ("Hip ached", {(("hip_flexor", "outer_hip", "glute"), ())}),
        ("Shin splints on the right", {(("shin",), RIGHT)}),
        ("Stopped because of my left Achilles", {(("achilles",), LEFT)}),
    ],
)
def test_what_is_said_is_found(note: str, expected: set[Said]) -> None:
    assert said(note) == expected


@pytest.mark.parametrize(
    "note",
    [
        "",
        "No more knee pain!",
        "Knee didn't hurt at all",
        "Knee seems fine",
        "Calf no longer tight",
        "My wife's knee hurts, so we walked",
        "The lights hurt my pace",
        "Will probably be sore tomorrow",
        "Wore my knee brace",
        "Calf raises and then home",
        "Worried the knee might hurt",
        "Great run, legs felt good",
        "100 % without pain in my foot",
    ],
)
def test_what_is_denied_feared_or_of_others_is_not(note: str) -> None:
    assert said(note) == set()


def test_a_number_is_taken_only_where_it_was_said() -> None:
    (one,) = mentions("Right knee pain, 4/10, for 3 km")
    assert one.intensity == 4
    (one,) = mentions("Right knee pain for 8 km")
    assert one.intensity is None


@pytest.mark.parametrize(
    "note", ["knee " * 5_000, "sore " * 5_000, "'" * 2_000, "🦵 pain", "a" * 2_000]
)
def test_any_note_is_read(note: str) -> None:
    mentions(note)
