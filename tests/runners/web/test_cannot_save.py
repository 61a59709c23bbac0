"""Where the database cannot write: what is answered, what is kept, what the log says."""

import html
import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from runners.models import AccessRecord, CheckIn, Invitation, Run, Standing, User
from runners.web import database_trouble, write_queue
from tests.factories import PASSWORD, in_words, make_invitation, make_link, make_run, make_user
from tests.races import signed_in, sqlite_in
from tests.runners.web.troubles import Trouble, away, full, locked, read_only, seconds

pytestmark = pytest.mark.slow

SAVING = "Limber cannot save just now. What you typed is still here."
SHOWING = "Limber cannot show this page just now. Nothing is lost."
NOTE = 'calf <b>tight</b> & "hot"\nsince Friday ' + "🏃" * 1900  # more than a page of SQLite holds

UNABLE = [read_only, locked]
UNABLE_TO_GROW = [*UNABLE, full]


@pytest.fixture(autouse=True)
def _on_disk(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setattr(write_queue, "TO_SAVE_S", 0.3)
    monkeypatch.setattr(write_queue, "TO_SHOW_S", 0.2)
    lines = {name: write_queue.Line(at_once=4) for name in ("sqlite", "postgresql")}
    monkeypatch.setattr(write_queue, "LINES", lines)
    monkeypatch.setattr(database_trouble, "notes", database_trouble.Notes())
    with sqlite_in(tmp_path):
        yield


@pytest.fixture
def alice(_on_disk: None) -> User:
    return make_user("Alice Ash")


@pytest.fixture
def bob(_on_disk: None) -> User:
    return make_user("Bob Birch")


def run_fields(**more: str) -> dict[str, str]:
    day = timezone.now().date().isoformat()
    return {"uid": str(uuid.uuid4()), "day": day, "duration": "50:00", "distance": "10", **more}


def post(client: Client, path: str, fields: Mapping[str, str] | None = None, **more: Any) -> Any:
    """As a browser sends a form without files; the test client would make it multipart."""
    body = urlencode(fields or {})
    return client.post(path, body, content_type="application/x-www-form-urlencoded", **more)


def fields_of(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def action_of(page: str) -> str:
    return html.unescape(re.findall(r'<form method="post" action="([^"]*)"', page)[0])


@pytest.mark.parametrize("trouble", UNABLE_TO_GROW)
def test_what_was_typed_is_kept_and_can_be_sent_again(trouble: Trouble, alice: User) -> None:
    if trouble is full and connection.vendor != "sqlite":
        pytest.skip("SQLite alone can be told to be full")
    client, sent = signed_in(alice), run_fields(note=NOTE)
    with trouble():
        refused = post(client, "/runs/add/?from=today", sent)

    page = refused.content.decode()
    assert refused.status_code == 503
    assert refused["Retry-After"] == "10"
    assert "no-store" in refused["Cache-Control"]
    assert SAVING in page
    assert "calf &lt;b&gt;tight&lt;/b&gt; &amp; &quot;hot&quot;" in page
    assert fields_of(page).items() >= sent.items()
    assert action_of(page) == "/runs/add/?from=today"
    assert not Run.objects.exists()

    again = post(client, action_of(page), fields_of(page))

    assert again.status_code == 302
    assert Run.objects.get().note == NOTE


@pytest.mark.parametrize("trouble", UNABLE)
def test_htmx_is_told_in_one_sentence_and_the_panel_stays(trouble: Trouble, alice: User) -> None:
    client = signed_in(alice)
    with trouble():
        refused = post(client, "/runs/add/", run_fields(), headers={"HX-Request": "true"})

    assert (refused.status_code, refused.content.decode()) == (503, SAVING)
    assert refused["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("trouble", UNABLE)
def test_signing_in_is_not_too_fast_and_a_password_is_not_sent_back(
    trouble: Trouble, alice: User
) -> None:
    with trouble():
        refused = post(
            Client(), "/accounts/login/?next=/diary/", {"login": alice.email, "password": PASSWORD}
        )

    page = refused.content.decode()
    assert refused.status_code == 503
    assert SAVING in page
    assert alice.email in page
    assert PASSWORD not in page
    assert '<input type="password" name="password"' in page
    assert "sessionid" not in refused.cookies


@pytest.mark.parametrize("trouble", UNABLE)
@pytest.mark.parametrize("path", ["signup", "password/reset"])
def test_pages_about_accounts_say_it_as_well(trouble: Trouble, alice: User, path: str) -> None:
    """Their tries are counted before any of their code runs."""
    with trouble():
        refused = post(Client(), f"/accounts/{path}/", {"email": alice.email, "consent": "on"})

    assert refused.status_code == 503
    assert SAVING in refused.content.decode()
    assert alice.email in refused.content.decode()


@pytest.mark.parametrize("trouble", UNABLE)
def test_an_invitation_is_not_too_fast(trouble: Trouble, alice: User) -> None:
    client = signed_in(alice)
    with trouble():
        refused = post(client, "/invitations/coach/add/", {"email": "bob@example.org"})

    assert refused.status_code == 503
    assert SAVING in refused.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("trouble", UNABLE)
@pytest.mark.parametrize("view", ["", "diary/", "trends/", "guidance/", "weeks.csv", "table.csv"])
def test_a_look_that_cannot_be_recorded_is_not_shown(
    trouble: Trouble, view: str, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    make_run(alice, note="a secret of the hills")
    coach = signed_in(bob)
    if not view:
        assert coach.get(f"/athletes/{alice.pk}/").status_code == 200
    AccessRecord.objects.all().delete()

    with trouble(), seconds(5):
        refused = coach.get(f"/athletes/{'' if view == 'table.csv' else f'{alice.pk}/'}{view}")

    shown = refused.content.decode()
    assert refused.status_code == 503
    assert SHOWING in shown
    assert "secret" not in shown
    assert "Alice" not in shown
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("trouble", UNABLE)
@pytest.mark.parametrize("has_row", [True, False])
def test_today_is_shown_though_it_cannot_be_renewed(
    trouble: Trouble, has_row: bool, alice: User
) -> None:
    client = signed_in(alice)
    if has_row:
        client.get("/today/")
        Standing.objects.update(valid_until=None, headline=in_words("of the day before yesterday"))

    with trouble(), seconds(5):
        shown = client.get("/today/")

    assert shown.status_code == 200
    assert "before yesterday" not in shown.content.decode()
    assert Standing.objects.filter(valid_until__isnull=False).exists() is False


@pytest.mark.parametrize("trouble", UNABLE)
@pytest.mark.parametrize("path", ["/settings/", "/privacy/", "/diary/", "/guidance/"])
def test_reading_goes_on(trouble: Trouble, path: str, alice: User) -> None:
    client = signed_in(alice)
    with trouble():
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("trouble", UNABLE)
def test_a_session_that_cannot_be_kept_is_told(trouble: Trouble, bob: User) -> None:
    invitation = make_invitation(bob)
    newcomer = make_user("Nora New", welcomed_at=None)
    client = signed_in(newcomer)
    with trouble():
        refused = client.get(f"/invitations/{invitation.token}/")  # remembered in the session

    assert refused.status_code == 503
    assert SHOWING in refused.content.decode()


def test_a_database_that_is_away_shows_nothing_and_keeps_what_was_typed(alice: User) -> None:
    client = signed_in(alice)
    with away():
        shown, saved = client.get("/settings/"), post(client, "/runs/add/", run_fields(note="hot"))

    assert (shown.status_code, saved.status_code) == (503, 503)
    assert SHOWING in shown.content.decode()
    assert fields_of(saved.content.decode())["note"] == "hot"


def test_a_database_lost_between_two_middlewares_keeps_what_was_typed_too(alice: User) -> None:
    """One has read the session, the next one asks who that is, and no view was reached yet."""
    client = signed_in(alice)
    client.raise_request_exception = False

    def lost(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'FROM "runners_user"' in sql:
            raise OperationalError("gone") from psycopg.OperationalError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lost):
        shown, saved = client.get("/settings/"), post(client, "/runs/add/", run_fields(note="hot"))

    assert (shown.status_code, saved.status_code) == (503, 503)
    assert fields_of(saved.content.decode())["note"] == "hot"


def test_a_foreign_form_does_not_come_back_with_our_token(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/settings/")
    with away():
        refused = post(client, "/runs/add/", run_fields(note="not mine"))

    page = refused.content.decode()
    assert refused.status_code == 503
    assert "Nothing was changed." in page
    assert "not mine" not in page
    assert "<form" not in page


def test_our_own_form_comes_back_with_a_token_that_works(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    token = fields_of(client.get("/settings/consent/").content.decode())["csrfmiddlewaretoken"]
    with away():
        refused = post(client, "/runs/add/", run_fields(csrfmiddlewaretoken=token))

    page = refused.content.decode()
    assert post(client, action_of(page), fields_of(page)).status_code == 302
    assert Run.objects.count() == 1


@pytest.mark.parametrize("path", ["//elsewhere.example/", "//elsewhere.example/%22%3E%3Cb%3E"])
def test_trying_again_leads_to_no_other_host(path: str, alice: User) -> None:
    client = signed_in(alice)
    with away():
        shown = client.get("/", PATH_INFO=unquote(path)).content.decode()
        sent = post(client, "/", {"note": "hot"}, PATH_INFO=unquote(path)).content.decode()

    assert 'href="/%2Felsewhere.example/' in shown
    assert action_of(sent).startswith("/%2Felsewhere.example/")
    assert "<b>" not in shown + sent


def test_the_log_names_the_cause_once_a_minute_and_no_values(
    alice: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(alice)
    logger = logging.getLogger("django")
    monkeypatch.setattr(logger, "propagate", True)
    caplog.set_level(logging.DEBUG)
    now = 1000.0
    monkeypatch.setattr(database_trouble, "monotonic", lambda: now)
    with read_only():
        for _again in range(3):
            post(client, "/runs/add/", run_fields(note="left calf, hot"))
        once = [record.getMessage() for record in caplog.records if record.levelno >= 30]
        now += 61
        post(client, "/runs/add/", run_fields(note="left calf, hot"))

    cause = (
        "the database file is read-only"
        if connection.vendor == "sqlite"
        else ("the database is read-only")
    )
    assert once == [f"Limber cannot save: {cause}. Requests that save are answered with 503."]
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 2
    assert "calf" not in caplog.text


def test_saving_goes_on_once_the_trouble_is_over(alice: User) -> None:
    client = signed_in(alice)
    with read_only():
        assert post(client, "/settings/consent/").status_code == 503
    assert post(client, f"/check-in/{timezone.now().date()}/all-clear/").status_code == 302
    assert CheckIn.objects.count() == 1
