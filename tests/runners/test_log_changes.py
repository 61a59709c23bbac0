"""`Standing.changes` counts each change of a log, also of those that no request makes.

That every request of every test counts what it changes, and looks for consent where it adds, is
watched in `tests/conftest.py`.
"""

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from runners import standing
from runners.imports import actions, jobs
from runners.models import Import, Run, User
from runners.writes import lock
from tests.factories import TODAY, make_run
from tests.log_changes import CONSENTED, COUNTED, lacking, tables
from tests.runners.exports.test_export import lived
from tests.runners.exports.test_taking_back import export_of
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage", "lived"]

RUNS, SPOTS = "exports/runkeeper_cardioActivities.csv", "exports/own_log_day_first.csv"


def begun(runner: User, name: str, data: bytes) -> Import:
    return actions.begin([SimpleUploadedFile(name, data)], uid=uuid.uuid4(), by=runner)


def test_the_tables_of_a_log() -> None:
    assert tables() == {
        *("runners_run", "runners_checkin", "runners_sorenessentry"),
        *("guidance_answer", "guidance_checkresult", "guidance_screen", "guidance_flaganswer"),
        *("guidance_plan", "guidance_planitem", "guidance_done"),
    }


@pytest.mark.parametrize("name", [RUNS, SPOTS])
def test_an_import_and_its_undo(name: str, alice: User, data_dir: Path) -> None:
    with lacking(COUNTED) as found:
        brought = begun(alice, name, (data_dir / name).read_bytes())
        assert jobs.read_next()
        actions.undo(brought, by=alice)
    assert found == []


def test_an_export_taken_back(lived: User, bob: User) -> None:
    with lacking(COUNTED) as found:
        begun(bob, "limber.zip", export_of(lived))
        assert jobs.read_next()
    assert Run.objects.of(bob).exists()
    assert found == []


def test_what_nobody_counts_is_found(alice: User) -> None:
    with lacking(COUNTED) as found:
        make_run(alice)
        with transaction.atomic():
            make_run(alice)
            standing.renew_after_change(alice)
        with transaction.atomic():
            make_run(alice)
        Run.objects.filter(day__gt=TODAY).delete()
    assert [sql.partition(" (")[0] for sql in found] == ['INSERT INTO "runners_run"'] * 2


def test_what_was_undone_needs_no_count(alice: User) -> None:
    class Broken(Exception):
        pass

    @transaction.atomic
    def broken() -> None:
        make_run(alice)
        raise Broken

    with lacking(COUNTED) as found, pytest.raises(Broken):
        broken()
    assert found == []


def test_what_is_added_without_a_look_for_consent_is_found(alice: User) -> None:
    alice.needs_consent = True
    with lacking(CONSENTED) as found:
        make_run(alice)
        with transaction.atomic():
            lock(alice)
            make_run(alice)
        Run.objects.update(note="not added")
    assert [sql.partition(" (")[0] for sql in found] == ['INSERT INTO "runners_run"']
