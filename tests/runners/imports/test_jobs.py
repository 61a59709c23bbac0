"""Who reads the imports: one worker each, taken up where another died, nothing twice."""

import datetime as dt
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from runners.accounts.actions import withdraw_consent
from runners.imports import actions, jobs
from runners.imports.reading import Share, items
from runners.imports.report import report_of
from runners.models import Import, ImportRow, ImportShare, ImportState, Run, User
from runners.web.database_trouble import TooManyWait
from tests.factories import make_user
from tests.races import at_once, sqlite_in
from tests.runners.imports.test_import import _own_storage, stored
from tests.serving import ROOT

__all__ = ["_own_storage"]

DATA = Path(__file__).parents[2] / "data"
SHARED = connection.features.has_select_for_update_skip_locked
LIST = DATA / "exports/runkeeper_cardioActivities.csv"  # of 178 runs


def begun(runner: User, path: Path = LIST) -> Import:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return actions.begin([file], uid=uuid.uuid4(), by=runner)


def test_a_worker_that_ends_gives_the_import_back(alice: User) -> None:
    brought = begun(alice)
    asked = iter([True] * 3)
    assert jobs.read_next(lambda: next(asked, False))
    brought.refresh_from_db()
    assert brought.state == ImportState.WAITING
    assert 0 < Run.objects.count() < 178
    assert jobs.read_next()
    assert Run.objects.of(alice).count() == 178
    assert list(ImportRow.objects.values_list("position", flat=True)) == list(range(178))
    assert set(ImportRow.objects.values_list("became", flat=True)) == {"new"}


def test_an_import_without_a_sign_of_life_is_taken_up(alice: User) -> None:
    brought = begun(alice)
    assert jobs.claim() is not None
    assert jobs.claim() is None
    long_ago = timezone.now() - ImportShare.PATIENCE - dt.timedelta(seconds=1)
    ImportShare.objects.filter(brought=brought).update(beat_at=long_ago)
    assert jobs.read_next()
    assert Run.objects.of(alice).count() == 178


def test_stopped_in_the_middle_keeps_what_is_in(alice: User) -> None:
    brought = begun(alice)
    asked = 0

    def stop_at_the_third() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            actions.stop(brought)
        return True

    jobs.read_next(stop_at_the_third)
    brought.refresh_from_db()
    assert brought.state == ImportState.STOPPED
    assert 0 < Run.objects.count() == ImportRow.objects.count() < 178
    assert not jobs.read_next()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_read_each_import_once(tmp_path: Path) -> None:
    with sqlite_in(tmp_path):
        runners = [make_user(f"Runner{n} Reed") for n in range(4)]
        for runner in runners:
            begun(runner)

        def work() -> int:
            read = 0
            while jobs.read_next():
                read += 1
            return read

        assert sum(at_once(work, work)) == 4
        assert [Run.objects.of(runner).count() for runner in runners] == [178] * 4
        assert ImportRow.objects.count() == 4 * 178


@pytest.mark.server
@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_brings_nothing_twice(
    served_env: dict[str, str],
) -> None:
    """With a real process, killed in the middle; the next one takes the import up."""
    script = (
        "import django; django.setup()\n"
        "import uuid, subprocess, sys, time, datetime as dt\n"
        "from django.core.files.uploadedfile import SimpleUploadedFile\n"
        "from runners.imports import actions\n"
        "from runners.models import *\n"
        "from pathlib import Path\n"
        "what, path = sys.argv[1:]\n"
        "ana = User.objects.get(email='ana@example.org')\n"
        "if what == 'begin':\n"
        "    data = Path(path).read_bytes()\n"
        "    actions.begin([SimpleUploadedFile(Path(path).name, data)], uid=uuid.uuid4(), by=ana)\n"
        "if what == 'kill-in-the-middle':\n"
        "    worker = subprocess.Popen([sys.executable, 'manage.py', 'work'])\n"
        "    deadline = time.monotonic() + 60\n"
        "    while not ImportRow.objects.exists() and time.monotonic() < deadline:\n"
        "        time.sleep(0.002)\n"
        "    worker.kill()\n"
        "    worker.wait()\n"
        "if what == 'wait':\n"
        "    deadline = time.monotonic() + 120\n"
        "    while Import.objects.get().state != 'done' and time.monotonic() < deadline:\n"
        "        time.sleep(0.2)\n"
        "if what == 'forget-the-sign':\n"
        "    ImportShare.objects.update(beat_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))\n"
        "rows = ImportRow.objects.filter(runner=ana)\n"
        "print(rows.count(), rows.filter(became='new').count(),"
        " Run.objects.filter(runner=ana, source='list').count(), Import.objects.get().state)\n"
    )
    env = {**served_env, "DJANGO_SETTINGS_MODULE": "config.settings"}
    path = DATA / "exports/garmin_connect_activities.csv"

    def ask(what: str) -> tuple[int, int, int, str]:
        command = [sys.executable, "-c", script, what, str(path)]
        out = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        rows, new, runs, state = out.stdout.split()
        return int(rows), int(new), int(runs), state

    ask("begin")
    ask("kill-in-the-middle")
    rows, new, runs, state = ask("forget-the-sign")
    assert 0 < rows < 1131
    assert (new, state) == (runs, "reading")
    work = [sys.executable, str(ROOT / "manage.py"), "work"]
    worker = subprocess.Popen(work, cwd=ROOT, env=env)
    ask("wait")
    worker.terminate()
    assert worker.wait(20) == 0
    rows, new, runs, state = ask("look")
    assert (rows, state) == (1131, "done")
    assert new == runs == 1129


def test_after_consent_was_taken_back_nothing_more_is_stored(alice: User) -> None:
    brought = begun(alice)
    asked = 0

    def take_back_at_the_third() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            withdraw_consent(by=alice)
        return True

    jobs.read_next(take_back_at_the_third)
    brought.refresh_from_db()
    assert brought.state == ImportState.STOPPED
    assert Run.objects.count() == ImportRow.objects.count() < 178


def test_a_database_that_is_away_for_a_moment_breaks_nothing_off(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = begun(alice)

    def away(*_: object, **__: object) -> None:
        raise TooManyWait

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "note_progress", away)
        with pytest.raises(TooManyWait):
            jobs.read_next()
    brought.refresh_from_db()
    assert brought.state == ImportState.READING
    assert not Run.objects.exists()
    ImportShare.objects.update(beat_at=timezone.now() - 2 * ImportShare.PATIENCE)
    assert jobs.read_next()
    assert Run.objects.of(alice).count() == 178


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_import(tmp_path: Path) -> None:
    with sqlite_in(tmp_path):
        alice = make_user("Alice Ash")
        uid, data = uuid.uuid4(), LIST.read_bytes()

        def send() -> int:
            return actions.begin([SimpleUploadedFile("a.csv", data)], uid=uid, by=alice).pk

        first, second = at_once(send, send)
        assert first == second
        assert Import.objects.count() == 1
        assert len(stored()) == 1


# Shares


def archive(path: Path) -> Path:
    """All recordings, the Strava export beside them, and two files that are none."""
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted((DATA / "activities").iterdir()):
            packed.write(file, file.name)
        packed.write(DATA / "exports/strava_export_sample.zip", "strava.zip")
        packed.writestr("shoes.csv", "shoes,price\nblue,100\n")
        packed.writestr("profile.json", "{}")
    return path


def told(brought: Import) -> list[tuple[str, str, str]]:
    rows = ImportRow.objects.filter(brought=brought).exclude(reason="left-alone")
    return sorted(rows.values_list("file", "became", "reason"))


def runs_of(runner: User) -> list[tuple[object, ...]]:
    values = ("day", "distance_m", "duration_s", "elapsed_s", "source", "note")
    return sorted(Run.objects.of(runner).values_list(*values), key=str)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
@pytest.mark.skipif(not SHARED, reason="SQLite lets one write at a time")
def test_two_workers_share_one_import(tmp_path: Path, settings: Settings) -> None:
    path = archive(tmp_path / "all.zip")
    alone, both = make_user("Alone Ash"), make_user("Both Birch")
    one = begun(alone, path)
    while jobs.read_next():
        pass
    settings.IMPORT_SHARE_BYTES = 1_000
    settings.IMPORT_MOST_SHARES = 3
    other = begun(both, path)

    def work() -> int:
        read = 0
        while Import.objects.of(both).unfinished().exists():
            read += jobs.read_next()
        return read

    counts = at_once(work, work)
    assert sum(counts) == 3
    assert min(counts) > 0
    one.refresh_from_db()
    other.refresh_from_db()
    assert (other.state, other.read) == (ImportState.DONE, other.size)
    assert {row[0] for row in told(other)} == {row[0] for row in told(one)}
    assert runs_of(both) == runs_of(alone)
    assert set(report_of(other).left_out) == set(report_of(one).left_out)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
@pytest.mark.skipif(not SHARED, reason="SQLite lets one write at a time")
def test_what_one_worker_left_another_takes_up(tmp_path: Path, settings: Settings) -> None:
    settings.IMPORT_SHARE_BYTES = 1_000
    settings.IMPORT_MOST_SHARES = 2
    alice = make_user("Alice Ash")
    brought = begun(alice, archive(tmp_path / "all.zip"))
    assert jobs.claim() is not None  # by a worker that is killed
    assert jobs.read_next()
    brought.refresh_from_db()
    assert brought.state == ImportState.READING
    assert not jobs.read_next()
    ImportShare.objects.filter(state=ImportState.READING).update(
        beat_at=timezone.now() - 2 * ImportShare.PATIENCE
    )
    assert jobs.read_next()
    brought.refresh_from_db()
    assert brought.state == ImportState.DONE
    assert Run.objects.of(alice).count() == 17


@pytest.mark.parametrize("of", [1, 2, 5])
def test_shares_together_are_all_of_it(alice: User, tmp_path: Path, of: int) -> None:
    path = archive(tmp_path / "all.zip")
    found = [
        item.file
        for number in range(of)
        for item in items([path], alice, share=Share(number, of))
        if item.reason != "left-alone"
    ]
    assert sorted(found) == sorted(
        item.file for item in items([path], alice) if item.reason != "left-alone"
    )
