"""Taking everything out: asked for, made by a worker, saved by its owner alone, then gone."""

import csv
import datetime as dt
import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Field
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from guidance.models import Answer, Done, FlagAnswer, PlanItem, Screen, ScreenResult
from runners.accounts.actions import delete_account
from runners.data.retention import tidy_up
from runners.exports import jobs
from runners.exports.archive import write
from runners.exports.parts import parts
from runners.models import Export, ExportState, User
from runners.models.exports import export_storage
from tests.factories import (
    TODAY,
    days_ago,
    make_check_result,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_soreness,
    make_user,
)
from tests.storages import own_storages

# By model: what nobody takes along, and why. `*` is all of it.
LEFT_OUT = {
    "User": {
        "id": "a key of this host",
        "password": "a secret",
        "last_login": "a record of the host",
        "is_superuser": "of the host",
        "is_active": "of the host",
        "is_demo": "of the host",
        "is_host": "of the host",
        "welcomed_at": "whether a page was shown",
        "leaves_at": "of the host; whoever has left takes nothing out any more",
    },
    "EmailChange": {"*": "a change under way, with its secret"},
    "Standing": {"*": "worked out from the logs"},
    "SharedStanding": {"*": "worked out from the logs"},
    "Import": {"*": "how the logs came; what came of it is in them"},
    "ImportFile": {"*": "saved on the page of its import"},
    "ImportPart": {"*": "a piece of a file on its way"},
    "ImportShare": {"*": "who reads what"},
    "ImportRow": {"*": "downloaded on the page of its import"},
    "Export": {"*": "this"},
    "Digest": {"*": "that a mail was sent"},
    "Invitation": {"*": "addresses of others, and secrets"},
    "CoachApproval": {"*": "of the host"},
    "SharingChange": {"*": "shown under Seen by; what is shared now is in it"},
    "Session": {"*": "a secret; shown under Sign-in and security"},
    "SecurityEvent": {"*": "shown under Sign-in and security"},
    "Tries": {"*": "counts against guesses, of no person"},
}
KEYS = {"id", "uid", "runner", "athlete", "coach", "author", "user", "person", "answers", "team"}
EVERYWHERE = {
    *KEYS,
    *("created_at", "updated_at"),  # when it was typed
    *("deleted_at",),  # what was deleted is not taken along
    *("mail", "mailed_on", "token", "feed_token"),  # mails, and secrets
    *("shown_on", "is_news", "looked_at", "looked_before_at"),  # what a page has shown
    *("invitation", "ended_by", "withdrawn_at"),  # of other people
    *("blocked",),  # worked out from the logs
}


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    own_storages(settings, tmp_path)


@pytest.fixture
def lived(alice: User) -> User:
    """A runner with something in every table."""
    make_run(alice, days_ago(3), note="=HYPERLINK(1)", effort=6)
    make_soreness(alice, days_ago(2), area="hamstring", side="left", intensity=4, note="behind")
    make_check_result(alice, "plank", days_ago(5))
    plan = make_plan(alice, days_ago(9), items={"plank": "135"})
    item = PlanItem.objects.get(plan=plan)
    Done.objects.create(item=item, day=days_ago(1))
    Answer.objects.create(runner=alice, question="ask:care_first", value=["none"], day=days_ago(9))
    screen = Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=days_ago(4))
    FlagAnswer.objects.create(screen=screen, flag="flag:night_pain", yes=True)
    kit = make_user("Kit Marlow", is_coach=True)
    make_link(kit, alice)
    make_note(kit, alice, text="Easy this week")
    make_note(kit, alice, text="for myself", is_private=True)
    return alice


def archive_of(person: User) -> zipfile.ZipFile:
    out = io.BytesIO()
    write(person, out)
    return zipfile.ZipFile(out)


def said_of(person: User) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(archive_of(person).read("limber.json"))
    return said


def table_of(person: User, name: str) -> list[dict[str, str]]:
    text = archive_of(person).read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def words(client: Client) -> str:
    return " ".join(strip_tags(client.get("/export/").text).split())


# What it holds


def test_it_holds_what_was_said(lived: User) -> None:
    said = said_of(lived)
    assert (said["format"], said["version"]) == ("limber", 1)
    assert said["account"][0]["email"] == lived.email
    assert said["runs"][0]["effort"] == 6
    (spot,) = said["check_ins"][0]["spots"]
    assert (spot["area"], spot["side"], spot["intensity"]) == ("hamstring", "left", 4)
    assert said["plans"][0]["items"][0]["done"] == [{"day": str(days_ago(1))}]
    assert said["screens"][0]["signs"][0]["flag"] == "flag:night_pain"
    assert said["answers"][0]["value"] == ["none"]
    assert said["coaches"][0]["coach"] == "Kit Marlow"
    assert [(note["from"], note["text"]) for note in said["notes"]] == [
        ("Kit Marlow", "Easy this week")
    ]


def test_each_list_is_a_table_as_well(lived: User) -> None:
    (spot,) = table_of(lived, "spots")
    assert (spot["day"], spot["area"], spot["intensity"]) == (str(days_ago(2)), "hamstring", "4")
    assert table_of(lived, "runs")[0]["note"] == "'=HYPERLINK(1)"
    (done,) = table_of(lived, "done")
    assert (done["day"], done["remedy"]) == (str(days_ago(1)), "remedy:plank")
    names = set(archive_of(lived).namelist())
    tables = {f"{part.name}.csv" for one in parts() for part in one.all()}
    assert {name for name in names if "/" not in name} == {"limber.json", *tables}


def test_it_holds_nothing_of_another_and_no_secret(lived: User, bob: User) -> None:
    make_run(bob, note="of Bob")
    archive = archive_of(lived)
    everything = "".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())
    plan = lived.plans.get()
    for never in ("of Bob", "for myself", plan.feed_token, lived.password, "kit@"):
        assert never not in everything


def test_what_was_deleted_is_not_taken_along(lived: User) -> None:
    lived.runs.update(deleted_at=timezone.now())
    lived.check_ins.update(deleted_at=timezone.now())
    said = said_of(lived)
    assert said["runs"] == said["check_ins"] == []
    assert table_of(lived, "spots") == []


def test_each_field_of_each_table_is_taken_along_or_left_out_with_a_reason() -> None:
    taken: dict[str, set[str]] = {}
    for one in parts():
        for part in one.all():
            fields = taken.setdefault(part.model.__name__, {part.on})
            fields |= {field.partition("__")[0] for field in part.columns}
    lacking = [
        f"{model.__name__}.{field.name}"
        for app in ("runners", "guidance")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.concrete and not field.many_to_many
        if "*" not in LEFT_OUT.get(model.__name__, {})
        if field.name not in taken.get(model.__name__, set()) | EVERYWHERE
        if field.name not in LEFT_OUT.get(model.__name__, {})
        if not (model.__name__ == "SorenessEntry" and field.name == "day")  # of its check-in
    ]
    assert lacking == []


def test_ten_times_the_days_take_the_same_queries(
    lived: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tables = sum(1 for one in parts() for _ in one.all())
    with django_assert_num_queries(tables):
        write(lived, io.BytesIO())
    for ago in range(10, 40):
        make_soreness(lived, days_ago(ago))
        make_run(lived, days_ago(ago))
    with django_assert_num_queries(tables):
        write(lived, io.BytesIO())


# Asking for it


def ask(client: Client, uid: uuid.UUID | None = None) -> Any:
    return client.post("/export/", {"uid": str(uid or uuid.uuid4())})


def test_it_is_asked_for_made_and_saved(as_alice: Client, lived: User) -> None:
    assert "Make it" in words(as_alice)
    assert ask(as_alice)["Location"] == "/export/"
    assert "Waiting for its turn" in words(as_alice)
    assert jobs.make_next()
    assert not jobs.make_next()
    said = words(as_alice)
    assert "Your archive is here" in said
    assert "It stays until" in said
    made = Export.objects.of(lived).get()
    assert (made.state, made.size > 0) == (ExportState.DONE, True)
    response = as_alice.get(f"/export/{made.uid}.zip")
    assert response["Content-Disposition"].startswith('attachment; filename="limber-')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert json.loads(archive.read("limber.json"))["runs"][0]["effort"] == 6
    assert Path(export_storage().path(made.stored)).stat().st_mode & 0o077 == 0


def test_sent_again_or_from_two_windows_it_is_one(as_alice: Client, alice: User) -> None:
    uid = uuid.uuid4()
    for sent in (uid, uid, uuid.uuid4()):
        ask(as_alice, sent)
    assert Export.objects.of(alice).count() == 1
    assert jobs.make_next()
    ask(as_alice, uid)  # a page of yesterday
    assert Export.objects.of(alice).count() == 1


def test_only_its_owner_saves_it(as_alice: Client, bob: User) -> None:
    stranger = Client()
    stranger.force_login(bob)
    ask(stranger)
    assert jobs.make_next()
    made = Export.objects.of(bob).get()
    assert as_alice.get(f"/export/{made.uid}.zip").status_code == 404
    assert stranger.get(f"/export/{made.uid}.zip").getvalue()


def test_it_is_gone_after_some_days(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    ask(as_alice)
    assert jobs.make_next()
    made = Export.objects.of(alice).get()
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy_up()["export"] == 0
    ended = made.ended_at or timezone.now()
    Export.objects.update(ended_at=ended - Export.KEPT, created_at=ended - Export.KEPT)
    assert as_alice.get(f"/export/{made.uid}.zip").status_code == 404
    assert "Make it" in words(as_alice)
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy_up()["export"] == 1
    assert export_storage().listdir("")[1] == []


def test_it_goes_with_the_account(
    as_alice: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    ask(as_alice)
    assert jobs.make_next()
    ask(as_alice)
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(by=alice)
    assert export_storage().listdir("")[1] == []
    assert not jobs.make_next()


def test_what_a_worker_left_is_made_by_the_next(as_alice: Client, alice: User) -> None:
    ask(as_alice)
    assert jobs.claim() is not None
    assert not jobs.make_next()
    Export.objects.update(beat_at=timezone.now() - 2 * Export.PATIENCE)
    assert jobs.make_next()
    assert Export.objects.of(alice).get().state == ExportState.DONE


def test_a_fault_is_told_and_it_can_be_asked_for_again(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    ask(as_alice)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "write", broken)
        assert jobs.make_next()
    assert "Limber broke off here" in words(as_alice)
    ask(as_alice)
    assert jobs.make_next()
    assert "Your archive is here" in words(as_alice)


def test_whoever_deletes_the_account_is_offered_it_first(as_alice: Client) -> None:
    assert 'href="/export/"' in as_alice.get("/settings/delete/").text
    assert 'href="/export/"' in as_alice.get("/settings/").text


# From the command line


def test_the_command_writes_it_for_its_owner_alone(lived: User, tmp_path: Path) -> None:
    path = tmp_path / "alice.zip"
    call_command("export", lived.email, str(path))
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(zipfile.ZipFile(path).read("limber.json"))["account"]
    with pytest.raises(CommandError, match="is there already"):
        call_command("export", lived.email, str(path))
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("export", "nobody@example.org", str(tmp_path / "x.zip"))


def test_days_are_those_of_the_diary(lived: User) -> None:
    assert dt.date.fromisoformat(said_of(lived)["runs"][0]["day"]) == days_ago(3)
    assert days_ago(3) < TODAY
