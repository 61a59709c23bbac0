"""Everybody who may ask for a page, each with a browser, and what they reach of a Limber in which
everything exists.
"""

import logging
import re
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from runners.accounts import leaving
from runners.digests.unsubscribing import stop_address
from runners.imports import jobs
from runners.models import Export, ExportState, User
from runners.models.digests import DigestKind
from tests.drills import hostile
from tests.drills.routes import Found, Route, all_routes, guesses, reach, route_of
from tests.factories import (
    PASSWORD,
    TODAY,
    days_ago,
    make_check_in,
    make_note,
    make_plan,
    make_run,
    make_soreness,
    make_user,
)
from tests.storages import storages_in
from tests.zebedea import ADDRESS, make_zebedea

STRANGER, SOMEBODY, OWNER, COACH, HOST, LEFT, NEWCOMER, HALF_WAY = PEOPLE = (
    *("a stranger", "somebody else", "the owner", "her coach", "a host"),
    *("somebody who has left", "somebody before the first questions"),
    "somebody with her password, without her second step",
)
SITE = "http://testserver"
HX = {"HX-Request": "true"}
# A list that nobody knows: its runner is asked what its columns are.
LIST = b"Datum;Strecke;Zeit;RPE?\n26.11.2014;8,4;45:00;5\n28.11.2014;12;1:04:12;6\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """`to` is where it leads. `error` is the end of a traceback, where something was raised."""

    status: int
    kind: str = ""
    content: bytes = b""
    to: str = ""
    error: str = ""

    @property
    def leads_to_sign_in(self) -> bool:
        return self.to.startswith("/accounts/login/")

    def fault(self, address: str) -> str:
        """What is wrong with it, whoever asked for whatever; "" for nothing."""
        is_doctors = self.status == 503 and route_of(address) == "runners:healthz"
        if self.error or (self.status >= 500 and not is_doctors):
            return f"{self.status} {self.error}"
        if self.to and not re.match(r"/(?![/\\])", self.to):
            return f"leads to {self.to[:80]}"
        if self.kind.startswith("text/html") and hostile.SCRIPT.encode() in self.content:
            return "shows a script"
        return ""


class Browser:
    """Of one person. A request leaves nothing behind, neither in the database nor in cookies."""

    def __init__(self, person: User | None = None, *, password: bool = False) -> None:
        self.client = Client(raise_request_exception=False)
        self.person = person.pk if person else None
        self.cookies: dict[str, str] = {}
        if person:
            self.client.force_login(person)
            self.cookies = {key: cookie.value for key, cookie in self.client.cookies.items()}
        if password:
            self.begin("/accounts/reauthenticate/", password=PASSWORD)

    def begin(self, address: str, **fields: str) -> None:
        """Send a form, and be from now on who has sent it."""
        self.client.post(address, fields)
        self.cookies = {key: cookie.value for key, cookie in self.client.cookies.items()}

    def strict(self) -> "Browser":
        """One of the same person, whose forms are looked at as they are in earnest."""
        browser = Browser()
        browser.client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        browser.cookies = self.cookies
        return browser

    def ask(self, method: str, address: str, body: bytes = b"", **how: Any) -> Answer:
        with self._once(keeps=how.pop("keeps", False)):
            return self._ask(method, address, body, **how)

    def method_of(self, address: str) -> str:
        """By which an address is asked, where it does not take both."""
        return "POST" if self.ask("GET", address).status == 405 else "GET"

    def look(self, address: str) -> str:
        answer = self.ask("GET", address)
        return answer.content.decode() if answer.kind.startswith("text/html") else ""

    def attack(
        self,
        method: str,
        address: str,
        body: bytes = b"",
        *,
        then: Callable[[], str] = str,
        **how: Any,
    ) -> str:
        """What is wrong with the answer, with the page that it leads to, or with what comes
        `then`; "" for nothing.
        """
        with self._once():
            answer = self._ask(method, address, body, **how)
            problem = answer.fault(address) or then()
            if not problem and answer.to and method == "POST":
                problem = self._ask("GET", answer.to).fault(answer.to)
        return problem

    @contextmanager
    def _once(self, *, keeps: bool = False) -> Iterator[None]:
        self.client.cookies = SimpleCookie(self.cookies)
        with transaction.atomic():
            yield
            transaction.set_rollback(not keeps)

    def _ask(
        self,
        method: str,
        address: str,
        body: bytes = b"",
        *,
        kind: str = hostile.FORM,
        htmx: bool = False,
    ) -> Answer:
        try:
            response: Any = self.client.generic(
                method, address, body, kind, headers=HX if htmx else {}
            )
            return Answer(
                response.status_code,
                response.get("Content-Type", ""),
                response.getvalue(),
                response.get("Location") or response.get("HX-Redirect", ""),
                _end_of(response.exc_info[1]) if response.exc_info else "",
            )
        except Exception as problem:  # outside of what Django catches, or while it is sent
            return Answer(500, error=_end_of(problem))


def _end_of(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    at = [frame for frame in frames if "site-packages" not in frame.filename][-1:] or frames[-1:]
    where = "".join(f" at {Path(frame.filename).name}:{frame.lineno}" for frame in at)
    return f"{type(problem).__name__}: {str(problem)[:150]}{where}"


@dataclass(slots=True)
class World:
    """Who there is, and what each of them reaches."""

    people: dict[str, Browser]
    routes: dict[str, Route] = field(default_factory=all_routes)
    found: dict[str, Found] = field(default_factory=dict)

    def reached(self, route: str) -> list[tuple[str, str]]:
        """Who reaches it, and its address: the owner first."""
        return [
            (who, address)
            for who in (OWNER, COACH, HOST, *PEOPLE)
            for address in self.found[who].addresses.get(route, [])
        ]

    def first(self) -> dict[str, tuple[str, str]]:
        """The same, one of each route."""
        return {route: known[0] for route in self.routes if (known := self.reached(route))}


@contextmanager
def whole_world(home: Path) -> Iterator[World]:
    """With all that each of them reaches."""
    with everybody(home) as world:
        _explore(world)
        yield world


@contextmanager
def everybody(home: Path) -> Iterator[World]:
    """At noon of `TODAY`, with the database as it is for the time of a transaction."""
    with (
        time_machine.travel(f"{TODAY}T11:00:00Z"),
        _as_it_is_served(home),
        transaction.atomic(),
    ):
        yield World(_make_people())
        transaction.set_rollback(True)


@contextmanager
def _as_it_is_served(home: Path) -> Iterator[None]:
    """With mail, folders of its own, no log, and no limits: they would hide the rest."""
    logging.disable()
    with override_settings(
        RATE_LIMITS={},
        STORAGES=storages_in(home),
        SITE_URL=SITE,
        SENDS_MAIL=True,
        ACCOUNT_EMAIL_VERIFICATION="mandatory",
        EMAIL_BACKEND="runners.mail.outbox.OutboxBackend",
        POST_OFFICE={"BACKENDS": {"default": "tests.mail_server.MailServer"}},
    ):
        yield
    logging.disable(logging.NOTSET)


def _make_people() -> dict[str, Browser]:
    her = make_zebedea()
    kit = User.objects.get(name="Kit Marlow")
    left = make_user("Lena Lark")
    leaving.leave(by=left)
    browsers = {
        STRANGER: Browser(),
        SOMEBODY: Browser(make_user("Mallory Maple")),
        OWNER: Browser(her, password=True),
        COACH: Browser(kit, password=True),
        HOST: Browser(make_user("Hanna Hazel", is_host=True), password=True),
        LEFT: Browser(left),
        NEWCOMER: Browser(make_user("Nora New", welcomed_at=None)),
        HALF_WAY: Browser(),
    }
    browsers[HALF_WAY].begin("/accounts/login/", login=ADDRESS, password=PASSWORD)
    assert browsers[HALF_WAY].look("/accounts/second-step/sign-in/")
    _make_in_other_states(her, kit, browsers[OWNER])
    return browsers


def _make_in_other_states(her: User, kit: User, browser: Browser) -> None:
    """What can be taken back, an import that was read, a list to be matched, one that waits."""
    now = timezone.now()
    make_run(her, deleted_at=now)
    make_check_in(her, days_ago(1), deleted_at=now)
    make_note(her, kit, deleted_at=now)
    make_soreness(kit)
    make_plan(kit)  # hers waits for her warning sign
    RecoveryCodes.activate(her)
    Export.objects.filter(person=her).update(state=ExportState.DONE, ended_at=now)
    read_all()
    _bring(browser)
    read_all()
    _bring(browser)


def _bring(browser: Browser) -> None:
    sent = hostile.multipart(
        [("uid", str(uuid.uuid4())), ("keep", "on")], [("files", "list.csv", LIST)]
    )
    answer = browser.ask("POST", "/import/", sent, kind=hostile.WITH_FILES, keeps=True)
    assert answer.to.startswith("/import/")


def read_all() -> None:
    while jobs.read_next():
        pass


def _explore(world: World) -> None:
    """From the pages whose addresses name nothing, and the links in mails."""
    her = User.objects.get(email=ADDRESS)
    mails = [text for mail in Email.objects.all() for text in (mail.message, mail.html_message)]
    mails += [stop_address(her, kind) for kind in DigestKind]
    links = {link for text in mails for link in re.findall(rf"{SITE}(/[^\s\"<>]*)", text)}
    plain = [reverse(route.name) for route in world.routes.values() if not route.arguments]
    for who, browser in world.people.items():
        world.found[who] = Found(most=12 if who == OWNER else 3)
        reach(world.found[who], browser.look, [*plain, *sorted(links)])
    for route in world.routes.values():
        if not world.reached(route.name):
            _guess(world, route)


def _guess(world: World, route: Route) -> None:
    known = {address for name in world.routes for _, address in world.reached(name)}
    addresses = list(guesses(route, known))
    for browser, found in ((world.people[who], world.found[who]) for who in (OWNER, COACH, HOST)):
        method = browser.method_of(addresses[0])
        for address in addresses:
            if browser.ask(method, address).status != 404:
                reach(found, browser.look, [address])
                return
    world.found[OWNER].note(addresses[0])  # nobody is answered there, and yet it is attacked
