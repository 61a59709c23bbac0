"""An export taken back by an empty account: the diary, trends and guidance are then the same."""

import copy
import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.models import Answer, Plan
from runners import standing
from runners.exports.archive import write
from runners.exports.parts import parts, rows_of
from runners.exports.taking_back import NotRead, read_export, take_back
from runners.imports import actions, jobs
from runners.models import CheckIn, CoachLink, ImportRow, Note, Run, User
from tests.factories import days_ago, make_run, make_soreness
from tests.runners.exports.test_export import lived
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage", "lived"]

PAGES = ("/diary/", "/trends/?weeks=12", "/trends/?weeks=52", "/guidance/", "/guidance/plan/")


def export_of(person: User) -> bytes:
    out = io.BytesIO()
    write(person, out)
    return out.getvalue()


def said_of(person: User) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(export_of(person)))
    return read_export(archive.read("limber.json"))


def given_back(runner: User, data: bytes) -> ImportRow:
    file = SimpleUploadedFile("limber-2026-11-30.zip", data)
    actions.begin([file], uid=uuid.uuid4(), by=runner)
    assert jobs.read_next()
    return ImportRow.objects.filter(runner=runner).latest("pk")


def own(person: User) -> dict[str, list[dict[str, Any]]]:
    return {part.name: rows_of(part, person) for part in parts() if part.comes_back}


def shown(client: Client, path: str) -> str:
    """A page without what is of one row or one look."""
    text = client.get(path).text
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrf[^>]*>|x-csrftoken[^}]*|nonce-\S+", "", text)
    return re.sub(r'(name|value|id|for|href|action)="[^"]*\d{2,}[^"]*"', "", text)


@pytest.fixture
def years(lived: User) -> User:
    for ago in range(1, 80, 2):
        make_run(lived, days_ago(ago), distance_m=8_000 + 40 * ago, effort=3 + ago % 5)
        if ago > 2:
            make_soreness(lived, days_ago(ago + 1), area="calf", side="right", intensity=ago % 8)
    standing.renew([lived])
    return lived


def test_all_that_is_a_persons_own_comes_back_field_by_field(years: User, bob: User) -> None:
    row = given_back(bob, export_of(years))
    assert (row.became, row.reason) == ("new", "taken-back")
    assert own(bob) == own(years)
    assert row.fields["runs"] == str(Run.objects.of(years).count())


def test_diary_trends_and_guidance_are_the_same(years: User, bob: User, as_alice: Client) -> None:
    bobs = Client()
    bobs.force_login(bob)
    given_back(bob, export_of(years))
    for path in PAGES:
        mine, theirs = (shown(client, path) for client in (as_alice, bobs))
        assert mine.replace("Alice Ash", "").replace(">AA<", "") == theirs.replace(
            bob.name, ""
        ).replace(">BB<", "")


def test_links_consents_and_notes_never_come_back(years: User, bob: User) -> None:
    given_back(bob, export_of(years))
    assert not CoachLink.objects.filter(athlete=bob).exists()
    assert not Note.objects.filter(athlete=bob).exists()
    assert bob.consents.count() == 1
    bob.refresh_from_db()
    assert bob.email != years.email


def test_only_an_empty_account_takes_it(years: User, bob: User) -> None:
    make_run(bob, days_ago(1))
    row = given_back(bob, export_of(years))
    assert (row.became, row.reason) == ("failed", "diary-not-empty")
    assert Run.objects.of(bob).count() == 1
    assert not CheckIn.objects.of(bob).exists()


def test_given_again_it_changes_nothing(years: User, bob: User) -> None:
    given_back(bob, export_of(years))
    before = own(bob)
    assert given_back(bob, export_of(years)).reason == "diary-not-empty"
    assert own(bob) == before


def test_the_report_says_so(years: User, bob: User) -> None:
    given_back(bob, export_of(years))
    bobs = Client()
    bobs.force_login(bob)
    page = bobs.get(f"/import/{bob.imports.get().uid}/").text
    assert "Your diary is here again" in page
    assert "41 runs and" in page


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda said: said.update(version=2), "export-of-another-version"),
        (lambda said: said["runs"][0].update(duration_s=-1), "export-not-read"),
        (lambda said: said["runs"][0].update(day="2026-02-30"), "export-not-read"),
        (lambda said: said["runs"][0].update(started_at="2026-02-03T05:00"), "export-not-read"),
        (lambda said: said["runs"].append(said["runs"][0]), "export-not-read"),
        (lambda said: said["runs"].append("x"), "export-not-read"),
        (lambda said: said.update(runs={"a": 1}), "export-not-read"),
        (lambda said: said["check_ins"][0]["spots"][0].update(area="elbow"), "export-not-read"),
        (lambda said: said["check_ins"][0].pop("spots"), ""),
        (lambda said: said["answers"][0].update(value={"a": 1}), "export-not-read"),
        (lambda said: said["answers"][0].update(question="ask:nothing"), "export-not-read"),
        (lambda said: said["checks"][0].update(value=[[[]]]), "export-not-read"),
        (lambda said: said["plans"][0]["items"][0].update(remedy="remedy:x"), "export-not-read"),
        (lambda said: said["plans"][0]["items"][0].update(weekdays="9"), "export-not-read"),
        (lambda said: said["account"][0].update(time_zone="../etc"), "export-not-read"),
        (lambda said: said["runs"][0].pop("note"), "export-not-read"),
    ],
)
def test_what_was_changed_is_refused_and_nothing_stored(
    lived: User, bob: User, change: Any, reason: str
) -> None:
    said = said_of(lived)
    change(said)
    zone = bob.time_zone
    if not reason:
        take_back(said, by=bob)
        return
    with pytest.raises(NotRead) as refused:
        take_back(read_export(json.dumps(said).encode()), by=bob)
    assert refused.value.reason == reason
    assert not any(own(bob).values())
    assert User.objects.get(pk=bob.pk).time_zone == zone


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)


@pytest.mark.slow
@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_stands_in_it_is_taken_or_refused(lived: User, bob: User, data: Any) -> None:
    """And where it is taken, each page can be shown."""
    said = copy.deepcopy(said_of(lived))
    rows = said[data.draw(st.sampled_from(["runs", "check_ins", "answers", "checks", "plans"]))]
    row = rows[0]
    if inner := [name for name, value in row.items() if isinstance(value, list) and value]:
        name = data.draw(st.sampled_from(inner))
        row = row[name][0] if isinstance(row[name][0], dict) else row
    row[data.draw(st.sampled_from(sorted(row)))] = data.draw(HOSTILE)
    Run.objects.filter(runner=bob).delete()
    CheckIn.objects.filter(runner=bob).delete()
    for model in (Answer, Plan):
        model._default_manager.filter(runner=bob).delete()
    bob.check_results.all().delete()
    bob.screens.all().delete()
    try:
        take_back(read_export(json.dumps(said).encode()), by=bob)
    except NotRead:
        return
    client = Client()
    client.force_login(bob)
    for path in ("/today/", *PAGES, "/guidance/summary/", "/guidance/checks/"):
        assert client.get(path).status_code in (200, 302)
