"""The folder of backups: which are kept, and that one works there at a time."""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from runners import journal
from runners.hosting import Refused, shelf
from tests.runners.hosting.conftest import Host

pytestmark = pytest.mark.usefixtures("host")

NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)  # a Monday
DAY = dt.timedelta(days=1)


def days_back(made: set[dt.datetime]) -> list[int]:
    return sorted((NOON - at).days for at in made)


def test_of_a_backup_each_night_seven_days_and_four_weeks_are_kept() -> None:
    nightly = [NOON - number * DAY for number in range(100)]

    # The last of each week is its Sunday; that of this week is today's.
    assert days_back(shelf.kept(nightly)) == [0, 1, 2, 3, 4, 5, 6, 8, 15]


def test_it_is_the_same_when_only_what_was_kept_is_left() -> None:
    there: set[dt.datetime] = set()
    for number in reversed(range(100)):
        there = shelf.kept(there | {NOON - number * DAY})

    assert days_back(there) == [0, 1, 2, 3, 4, 5, 6, 8, 15]


def test_of_a_day_the_last_one_is_kept_and_a_pause_costs_none() -> None:
    by_hand = [NOON + dt.timedelta(minutes=minute) for minute in range(20)]
    long_ago = [NOON - number * DAY for number in (300, 301, 302)]

    assert shelf.kept([*by_hand, *long_ago]) == {by_hand[-1], *long_ago}


def test_others_files_in_the_folder_are_left_alone(host: Host) -> None:
    folder = shelf.folder()
    folder.mkdir()
    ours = [shelf.name(NOON - number * DAY, is_encrypted=number % 2 == 1) for number in range(30)]
    others = ["limber-notes.txt", "limber-20261130T120000Z.tar.gz.sig", "other.tar.gz"]
    for name in [*ours, *others]:
        (folder / name).touch()
    oldest = shelf.forget_old()

    assert oldest == NOON - 15 * DAY
    assert len(shelf.backups()) == 9
    assert [name for name in others if not (folder / name).exists()] == []


def aged(path: Path, age: dt.timedelta) -> Path:
    path.touch()
    os.utime(path, times=((NOON - age).timestamp(),) * 2)
    return path


def test_what_was_replaced_is_kept_for_a_week_and_pieces_are_not(host: Host) -> None:
    shelf.folder().mkdir()
    hour = dt.timedelta(hours=1)
    old = aged(host.home / "replaced-1.pgdump", 8 * DAY)
    new = aged(host.home / "replaced-2-limber.sqlite3", 6 * DAY)
    left = aged(shelf.folder() / "limber-20261130T020000Z.tar.gz.part", 2 * hour)
    growing = aged(shelf.folder() / "limber-20261130T120000Z.tar.gz.part", 0 * hour)

    shelf.forget_replaced(host.home, NOON)
    shelf.forget_pieces(NOON)

    assert [path.exists() for path in (old, new, left, growing)] == [False, True, False, True]


def test_one_works_at_a_time_and_cleans_up_after_one_that_was_killed(host: Host) -> None:
    with shelf.working() as room:
        (room / "left").touch()
        with pytest.raises(Refused, match="at work"), shelf.working():
            pass
    (host.home / ".working").mkdir()
    (host.home / ".working" / "left").touch()

    with shelf.working() as room:
        assert list(room.iterdir()) == []
        assert room.stat().st_mode & 0o077 == 0
    assert not room.exists()


def test_the_journal_goes_with_the_last_backup_that_needs_it(tmp_path: Path) -> None:
    journal.begin(NOON - 40 * DAY)
    for number in (14, 15, 16, 17, 40):
        (journal.folder() / f"{NOON - number * DAY:%Y-%m-%d}.box.jsonl").touch()

    journal.forget_before(NOON - 15 * DAY)

    left = sorted(path.name[:10] for path in journal.folder().glob("*.jsonl"))
    assert left == ["2026-11-14", "2026-11-15", "2026-11-16"]
    assert journal.begins_at() == NOON - 15 * DAY


def test_what_lies_on_one_disk_has_to_fit_together(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    free = shutil.disk_usage(tmp_path).free
    need = free * 3 // 5

    shelf.refuse_without_space("A restore", [(one, need)])
    with pytest.raises(Refused, match=f"^A restore needs up to .* MB in {other}, where"):
        shelf.refuse_without_space("A restore", [(one, need), (other, need)])
