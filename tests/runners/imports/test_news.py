"""What came of an import: said on Today until the report was opened, and on top of the report."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.imports import actions, jobs
from runners.imports.came import Came, offers_in
from runners.models import Import, User
from runners.models.imports import ImportQuerySet
from runners.web.database_trouble import TooManyWait
from tests.factories import make_run, make_soreness
from tests.guidance.plans import TODAY_PAGE, words
from tests.runners.imports.test_import import _own_storage
from tests.runners.imports.test_import_command import HEADINGS
from tests.runners.imports.test_import_one import DATA, answer, brought_in, page

__all__ = ["_own_storage"]

RUNKEEPER = DATA / "exports/runkeeper_cardioActivities.csv"
TOLD = ("Your files are read", "Your files are being read")


def diary(path: Path, *rows: tuple[str, str, int, str]) -> Path:
    """A list of runs: day, sport, kilometres and what was noted."""
    lines = [
        f'{n},"{day}, 7:00:00 AM",,{sport},{note},3600,{km},,3600.0,3600.0,{km}000.0,'
        for n, (day, sport, km, note) in enumerate(rows, start=1)
    ]
    path.write_text("\n".join([HEADINGS, *lines]))
    return path


def tells(client: Client) -> bool:
    said = words(client, TODAY_PAGE)
    return any(one in said for one in TOLD)


@pytest.fixture
def weeks(tmp_path: Path) -> Path:
    """5 and 6 May 2024 are a Sunday and a Monday."""
    return diary(
        tmp_path / "activities.csv",
        ("May 1, 2024", "Run", 10, "left calf tight"),
        ("May 5, 2024", "Run", 12, "sore right knee and sore left hip"),
        ("May 6, 2024", "Run", 9, "all good"),
        ("May 7, 2025", "Run", 11, ""),
        ("May 8, 2025", "Zumbido", 7, ""),
        ("May 9, 2025", "Walk", 6, "tight right hamstring"),
    )


@pytest.mark.parametrize(
    ("week_start", "units", "week"), [(1, "km", "22 km"), (7, "km", "21 km"), (1, "mi", "14 mi")]
)
def test_today_tells_until_the_report_was_opened(
    as_alice: Client, alice: User, weeks: Path, week_start: int, units: str, week: str
) -> None:
    alice.week_start, alice.units = week_start, units
    alice.save(update_fields=["week_start", "units"])
    assert not tells(as_alice)
    brought = brought_in(alice, weeks)
    sums = f"4 runs from 2024 to 2025. Longest week: {week}. 3 sore places in your notes."
    assert f"Your files are read {sums} 1 thing to answer." in words(as_alice, TODAY_PAGE)
    assert f'href="/import/{brought.uid}/"' in as_alice.get(TODAY_PAGE).text
    assert sums in page(as_alice, brought)
    assert not tells(as_alice)


def test_while_they_are_read_it_says_so(as_alice: Client, alice: User, weeks: Path) -> None:
    file = SimpleUploadedFile(weeks.name, weeks.read_bytes())
    brought = actions.begin([file], uid=uuid.uuid4(), by=alice)
    for _ in range(2):  # to watch is not to open the report
        assert "Your files are being read See how far it is." in words(as_alice, TODAY_PAGE)
        assert "from 2024" not in page(as_alice, brought)
    jobs.read_next()
    assert "Your files are read" in words(as_alice, TODAY_PAGE)


def test_after_a_week_it_is_no_news(
    as_alice: Client, alice: User, weeks: Path, noon: time_machine.Traveller
) -> None:
    brought_in(alice, weeks)
    noon.shift(Import.NEWS_FOR - dt.timedelta(hours=1))
    as_alice.force_login(alice)
    assert tells(as_alice)
    noon.shift(dt.timedelta(hours=2))
    assert not tells(as_alice)


def test_what_was_taken_out_again_is_no_news(as_alice: Client, alice: User, weeks: Path) -> None:
    brought = brought_in(alice, weeks)
    actions.undo(brought, by=alice)
    assert not tells(as_alice)
    assert "from 2024" not in page(as_alice, brought)


def test_nobody_else_is_told(as_alice: Client, alice: User, bob: User, weeks: Path) -> None:
    brought_in(bob, weeks)
    assert not tells(as_alice)


def test_nothing_new_and_what_broke_off_are_told_as_they_are(
    as_alice: Client, alice: User, weeks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(as_alice, brought_in(alice, weeks))
    brought_in(alice, weeks)
    assert "Your files are read Nothing new. 1 thing to answer." in words(as_alice, TODAY_PAGE)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("runners.imports.reading._of_row", breaks)
    broken = brought_in(alice, weeks)
    assert "Reading your files broke off What is in stays." in words(as_alice, TODAY_PAGE)
    page(as_alice, broken)
    assert "Nothing new." in words(as_alice, TODAY_PAGE)  # the one before, not opened yet


def test_a_worker_that_died_at_the_end_leaves_it_to_the_report(
    as_alice: Client, alice: User, weeks: Path
) -> None:
    brought = brought_in(alice, weeks)
    Import.objects.update(came=None)
    assert "Your files are read See what came of it." in words(as_alice, TODAY_PAGE)
    assert "4 runs from 2024 to 2025. Longest week: 22 km. 3 sore places" in page(as_alice, brought)


def test_an_answer_changes_what_came_of_it(as_alice: Client, alice: User, weeks: Path) -> None:
    brought = brought_in(alice, weeks)
    answer(as_alice, brought, reason="sport-not-known", **{"is": "other"})
    said = answer(as_alice, brought, sport="walk", **{"is": "other"})
    assert "6 runs from 2024 to 2025. Longest week: 24 km. 4 sore places" in said


def test_the_longest_week_is_one_of_the_whole_diary(alice: User, weeks: Path) -> None:
    make_run(alice, dt.date(2025, 5, 5), distance_m=20_000)
    brought = brought_in(alice, weeks)
    assert Came.of(brought).week_m == 31_000


def test_one_week_is_not_called_the_longest(alice: User, tmp_path: Path) -> None:
    brought = brought_in(alice, diary(tmp_path / "activities.csv", ("May 1, 2024", "Run", 5, "")))
    assert (Came.of(brought).runs, Came.of(brought).week_m) == (1, None)


def test_what_is_marked_already_is_not_counted(alice: User, weeks: Path) -> None:
    make_soreness(alice, dt.date(2024, 5, 1), area="calf")
    brought = brought_in(alice, weeks)
    assert Came.of(brought).places == 2
    assert len(Came.of(brought).noted) == 1


def test_all_notes_are_looked_through_and_the_oldest_are_offered_too(
    as_alice: Client, alice: User
) -> None:
    brought = brought_in(alice, RUNKEEPER)
    came = Came.of(brought)
    runs = actions.runs_of(brought)
    places = [key for key, _ in offers_in(runs, alice)]
    assert came.places == len(places) > 15
    assert came.noted == list(dict.fromkeys(places))
    assert page(as_alice, brought).count("Mark it") == min(came.places, 20)


def test_a_look_that_cannot_be_noted_is_shown_all_the_same(
    as_alice: Client, alice: User, weeks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = brought_in(alice, weeks)

    def locked(*_: object, **__: object) -> int:
        raise TooManyWait

    with monkeypatch.context() as patch:
        patch.setattr(ImportQuerySet, "update", locked)
        assert "4 runs from 2024" in page(as_alice, brought)
    assert tells(as_alice)


def test_today_takes_the_same_queries_with_news_and_without(
    as_alice: Client, alice: User, weeks: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_run(alice, dt.date(2024, 5, 2))
    as_alice.get(TODAY_PAGE)
    with django_assert_num_queries(9):
        as_alice.get(TODAY_PAGE)
    for _ in range(3):
        brought_in(alice, weeks)
    as_alice.get(TODAY_PAGE)
    with django_assert_num_queries(9):
        assert tells(as_alice)
