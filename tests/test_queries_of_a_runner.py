"""Every table about a runner carries the runner, and every query of their own pages names them.

So no page of one runner reads, or waits for, rows of others, and each finds its own by one index.
Everybody of the drills is there, with rows in every table; Zebedea opens each address of hers and
sends each form as it stands.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from runners.journal import opaque_id
from runners.models import Session, User
from tests.drills import hostile
from tests.drills.everybody import OWNER, Answer, Browser, World, everybody
from tests.drills.routes import Form, Found, guesses, reach, route_of
from tests.kept import kept_texts
from tests.named_person import unnamed
from tests.test_access import TABLE
from tests.zebedea import ADDRESS, ANSWER, NAME, WORD

pytestmark = pytest.mark.slow

UID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}")

# Tables that hold nothing of one runner alone, and why.
OF_OTHERS = {
    "CoachLink": "of a coach and an athlete, and found by either",
    "AccessRecord": "of a coach who looked at an athlete",
    "SharingChange": "goes with its link",
    "SharedStanding": "a line of a coach's roster, which goes with its link",
    "Invitation": "of who sent it, to somebody who may have no account yet",
    "Note": "of a coach and an athlete, who both read it",
    "Suggestion": "of a coach to an athlete",
    "Team": "of a coach",
    "Tries": "of nobody: to sign in, say",
}
WHOSE = {"runner", "person", "user"}
# Where somebody else may have the address that is asked for.
NOT_REACHED = {"mfa_remove_webauthn"}  # only a browser makes a passkey
BY_ADDRESS = {(name, "runners_user") for name in ("account_email", "account_email_confirm")}


def test_each_table_of_a_runner_has_a_column_of_the_runner() -> None:
    without = set()
    for label in ("runners", "guidance"):
        for model in apps.get_app_config(label).get_models():
            columns = {each.name for each in model._meta.concrete_fields if each.is_relation}
            if model is not User and not columns & WHOSE:
                without.add(model.__name__)
    assert without == OF_OTHERS.keys()


Asked = list[tuple[str, Any]]


@contextmanager
def asked() -> Iterator[Asked]:
    """Statements with their values."""
    said: Asked = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.extend((sql, each) for each in (params if many else [params or ()]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield said


class Watched:
    """Her browser on her own pages: `opened` are their routes, `wrong` what names nobody there."""

    def __init__(self, world: World) -> None:
        self.browser = world.people[OWNER]
        listed = {row[0] for row in TABLE}
        self.own = {
            name: route
            for name, route in world.routes.items()
            if name in listed and not route.is_public and not route.is_for_hosts
        }
        self.opened: set[str] = set()
        self.wrong: set[str] = set()

    def ask(self, method: str, address: str, body: bytes = b"") -> Answer:
        route = route_of(address) or ""
        with asked() as said:
            answer = self.browser.ask(method, address, body)
        if answer.status not in (404, 405):
            self.opened.add(route)
        tokens = tokens_of(self.browser)
        for sql, params in said:
            for table in unnamed(sql, params, self.browser.person or 0, tokens):
                if (route, table) not in BY_ADDRESS:
                    self.wrong.add(f"{table}, {method} {route}: {sql}")
        return answer

    def look(self, address: str) -> str:
        """The page; nothing of somebody else's."""
        if route_of(address) not in self.own:
            return ""
        answer = self.ask("GET", address)
        return answer.content.decode() if answer.kind.startswith("text/html") else ""

    def send(self, form: Form) -> None:
        """By one button of each kind."""
        ways = {(route_of(press.action), press.name): press for press in form.ways}
        for (route, _), press in ways.items():
            if form.method == "POST" and route in self.own:
                pairs = [*form.filled_in(), *press.pairs]
                self.ask("POST", press.action, hostile.query(pairs).encode())


def tokens_of(browser: Browser) -> set[str]:
    """By which a person is found, or known in a log."""
    assert browser.person
    her = User.objects.get(pk=browser.person)
    found = {opaque_id(her), browser.client.cookies[django_settings.SESSION_COOKIE_NAME].value}
    found |= set(Session.objects.filter(person=her).values_list("session_key", flat=True))
    found |= set(EmailAddress.objects.filter(user=her).values_list("email", flat=True))
    return found


# With keys from 1 on: of the addresses that are tried, only so many are.
@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_each_query_of_a_runners_own_pages_names_the_runner(
    tmp_path: Path, settings: Settings
) -> None:
    settings.KEEPS_ADVICE = True
    found = Found(most=3)
    with everybody(tmp_path) as world:
        her = Watched(world)
        tokens = tokens_of(her.browser)
        plain = [reverse(name) for name, each in her.own.items() if not each.arguments]
        reach(found, her.look, plain)
        assert WORD in her.look(f"{reverse('runners:diary')}?notes={WORD}")
        for form in found.forms:
            her.send(form)
        known = {address for several in found.addresses.values() for address in several}
        for name in sorted(her.own.keys() - her.opened):
            for address in guesses(her.own[name], known):
                if her.ask(her.browser.method_of(address), address).status != 404:
                    break
    assert her.own.keys() - her.opened == NOT_REACHED
    assert not her.wrong, "\n".join(["", *sorted(her.wrong)])
    # Nor does the process keep a word of hers, once she has looked at all of it.
    texts = set(kept_texts()) - {ANSWER}
    assert len(texts) > 1000
    hers = {WORD, ADDRESS, *NAME.split(), *tokens}
    assert {text for text in texts if any(word in text for word in hers)} == set()
    assert {text for text in texts if UID.fullmatch(text)} == set()


@pytest.mark.parametrize(
    ("sql", "params", "found"),
    [
        ('SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id" = %s', [7], set()),
        ('SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id" = %s', [8], {"runners_run"}),
        ('SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id" IN (%s)', [7], set()),
        (
            'SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id" IN (%s, %s)',
            [7, 8],
            {"runners_run"},
        ),
        ('SELECT 1 FROM "runners_run" WHERE "runners_run"."id" = %s', [7], {"runners_run"}),
        (
            'UPDATE "runners_run" SET "note" = %s WHERE ("runners_run"."runner_id" = %s OR'
            ' "runners_run"."id" = %s)',
            ["", 7, 7],
            {"runners_run"},
        ),
        (
            'SELECT 1 FROM "runners_sorenessentry" INNER JOIN "runners_checkin" ON'
            ' ("runners_sorenessentry"."check_in_id" = "runners_checkin"."id") WHERE'
            ' "runners_checkin"."runner_id" = %s',
            [7],
            set(),
        ),
        (
            'SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id" = %s AND EXISTS(SELECT 1'
            ' FROM "runners_checkin" U0 WHERE U0."day" = ("runners_run"."day"))',
            [7],
            {"runners_checkin"},
        ),
        (
            'SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id" = %s UNION SELECT 1 FROM'
            ' "runners_checkin" WHERE "runners_checkin"."runner_id" = %s',
            [7, 8],
            {"runners_checkin"},
        ),
        (
            'SELECT (WITH found(c0) AS (SELECT 1 FROM "runners_run" WHERE "runners_run"."runner_id"'
            " = %s) SELECT json_group_array(json_array(c0)) FROM found), (WITH found(c0) AS (SELECT"
            ' 1 FROM "runners_checkin" WHERE "runners_checkin"."runner_id" = %s) SELECT'
            " json_group_array(json_array(c0)) FROM found)",
            [7, 8],
            {"runners_checkin"},
        ),
        ('DELETE FROM "runners_session" WHERE "runners_session"."session_key" = %s', ["k"], set()),
        ('DELETE FROM "runners_session"', [], {"runners_session"}),
    ],
)
def test_what_names_somebody(sql: str, params: list[Any], found: set[str]) -> None:
    assert unnamed(sql, params, 7, {"k"}) == found
