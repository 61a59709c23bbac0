"""The lines of the log: JSON, what happened to whom, and nothing that anybody wrote or asked."""

import ast
import copy
import datetime as dt
import json
import logging
import sqlite3
import sys
import uuid
import warnings
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.deprecation import MiddlewareMixin
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from runners.coaching.links import invitation_views as invitations
from runners.exports import jobs
from runners.journal import opaque_id
from runners.models import CheckIn, Export, Run, User
from runners.web import logs
from runners.web.logs import Lines
from tests.factories import TODAY
from tests.mail_server import MailServer, delivered
from tests.runners.check_ins.test_check_in import spot
from tests.signing_in import give_password
from tests.storages import own_storages
from tests.test_boundaries import MODULES, tree_of

OWN_HANDLERS = ("django", "django.server", "post_office", "_granian")
SECRET = "Kq7-a_secret-that-opens-a-page"
KEYS = {"time", "level", "logger", "message", "request", "person", "route"}
KEYS |= {"method", "status", "ms", "trace", "at"}
HX = {"HX-Request": "true"}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern).removeprefix("^")
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)


def filled(route: str) -> str:
    """With the secret in the place of each text, which may be what opens a page."""
    examples = {
        "<int:": "1",
        "<uuid:": "73d92022-f7fb-454e-b083-1ea360dbdb10",
        r"(?P<uidb36>[0-9A-Za-z]+)": "1",
        r"(?P<key>[-:\w]+)": SECRET,
        "(?P<key>.+)": SECRET,
    }
    parts = route.removesuffix("$").replace(r"(?P<uidb36>[0-9A-Za-z]+)-", "1-")
    for pattern, example_ in examples.items():
        if pattern.startswith("("):
            parts = parts.replace(pattern, example_)
    while "<" in parts:
        before, _, rest = parts.partition("<")
        inner, _, after = rest.partition(">")
        parts = before + examples.get(f"<{inner.partition(':')[0]}:", SECRET) + after
    return f"/{parts}"


ADDRESSES = [filled(route) for route in routes(get_resolver())]


class Said(StringIO):
    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture(autouse=True)
def _own_storages(settings: Settings, tmp_path: Path) -> None:
    own_storages(settings, tmp_path)


@pytest.fixture
def said() -> Iterator[Said]:
    """What the loggers of the settings write."""
    stream = Said()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("", *OWN_HANDLERS)]
    for logger in loggers:
        assert isinstance(logger.handlers[0].formatter, Lines)
    handler.setFormatter(Lines())
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def logged(record: logging.LogRecord) -> dict[str, Any]:
    line = Lines().format(record)
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


def record(name: str, message: object, *args: object, error: Any = None) -> logging.LogRecord:
    return logging.getLogger(name).makeRecord(name, logging.ERROR, "", 1, message, args, error)


# A request


def test_a_request_is_one_line_that_says_who_asked_for_which_page(
    as_alice: Client, alice: User, said: Said
) -> None:
    response = as_alice.get(f"/check-in/{TODAY}/?again={SECRET}")

    [line] = said.lines
    assert dt.datetime.fromisoformat(line.pop("time")).tzinfo == dt.UTC
    assert line.pop("ms") >= 0
    assert line == {
        "level": "INFO",
        "logger": "runners.web.request_log",
        "message": "Answered",
        "request": response["X-Request-ID"],
        "person": opaque_id(alice),
        "route": "runners:check-in-day",
        "method": "GET",
        "status": 200,
    }


@pytest.mark.django_db
def test_all_lines_of_a_request_bear_its_id(client: Client, said: Said) -> None:
    response = client.get("/privacy/", headers={"host": "evil.example"})

    assert response.status_code == 400
    first, last = said.lines
    assert (first["logger"], first["message"]) == ("django.security.DisallowedHost", "Bad Request")
    assert first["request"] == last["request"] == response["X-Request-ID"]
    assert "trace" not in first  # anybody can send it a thousand times


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_behind_proxy", "given_", "is_taken"),
    [
        (True, "7f3a" * 8, True),
        (True, "73d92022-f7fb-454e-b083-1ea360dbdb10", True),
        (True, SECRET, False),
        (True, "ab\r\nSet-Cookie: x=1", False),
        (True, "ab" * 40, False),
        (False, "7f3a" * 8, False),
    ],
)
def test_an_id_is_taken_from_the_proxy_alone(
    client: Client,
    settings: Settings,
    said: Said,
    is_behind_proxy: bool,
    given_: str,
    is_taken: bool,
) -> None:
    settings.BEHIND_PROXY = is_behind_proxy

    answered = client.get("/privacy/", headers={"X-Request-ID": given_})["X-Request-ID"]

    assert (answered == given_) is is_taken
    assert said.lines[0]["request"] == answered
    assert len(answered) >= 12


@pytest.mark.django_db
def test_who_signs_in_and_out_is_told_by_the_same_id(
    client: Client, alice: User, said: Said
) -> None:
    client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    client.post("/accounts/login/", {"login": alice.email, "password": "a-long-enough-password"})
    client.post("/accounts/logout/")

    assert [line.get("person") for line in said.lines] == [None, opaque_id(alice), opaque_id(alice)]
    assert alice.email not in said.getvalue()


@pytest.mark.django_db
def test_files_and_monitors_make_no_lines(client: Client, said: Said) -> None:
    assert client.get("/static/css/limber.css").getvalue()
    assert client.get("/healthz").status_code == 200
    assert said.lines == []
    assert client.get("/static/css/no-such.css").status_code == 404
    assert len(said.lines) == 1


# What went wrong


def broken(_user: object, token: str) -> None:
    try:
        int(token)
    except ValueError as problem:
        raise RuntimeError(f"No luck with {token} of /invitations/{token}/") from problem


@pytest.mark.django_db
def test_a_fault_is_told_with_where_it_was_and_without_what_it_said(
    client: Client, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "_open", broken)
    client.raise_request_exception = False

    response = client.get(f"/invitations/{SECRET}/")

    assert response.status_code == 500
    fault, answered = said.lines
    assert (fault["level"], fault["message"]) == ("ERROR", "Internal Server Error")
    assert fault["route"] == answered["route"] == "runners:invitation"
    first, second, *_ = fault["trace"]
    assert first == "RuntimeError"
    assert second.startswith("tests/runners/web/test_logs.py:")
    assert second.endswith(" broken")
    assert "from ValueError" in fault["trace"]
    assert SECRET not in said.getvalue()
    assert f"<code>{fault['request']}</code>" in response.text  # to be named by who writes


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/privacy/", {"host": "a b"}, 400), ("/accounts/login/", {}, 403)],
)
def test_who_was_refused_can_name_the_request(
    path: str, headers: dict[str, str], status: int
) -> None:
    response = Client(enforce_csrf_checks=True).post(path, headers=headers)

    assert response.status_code == status
    assert f"name <code>{response['X-Request-ID']}</code>" in response.text


@pytest.mark.django_db
def test_the_database_tells_its_rule_and_no_value(alice: User) -> None:
    """PostgreSQL says in its words which address was there already."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.create_user(alice.email)

    [message, trace] = [
        logged(record("runners.x", "cannot: %s", refused.value))["message"],
        " ".join(
            logged(record("x", "", error=(IntegrityError, refused.value, refused.tb)))["trace"]
        ),
    ]
    for text in (message, trace):
        assert "IntegrityError" in text
        assert "user_email" in text
        assert alice.email not in text


@pytest.mark.parametrize(
    ("error", "known"),
    [
        (sqlite3.IntegrityError("CHECK constraint failed: run_distance"), "run_distance"),
        (sqlite3.OperationalError(f'near "{SECRET}": syntax error'), ""),
        (FileNotFoundError(2, "No such file", f"/srv/{SECRET}"), "No such file"),
        (AttributeError("x", name="distance_m"), "distance_m"),
        (KeyError(SECRET), ""),
        (UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET), ""),
        (ExceptionGroup(SECRET, [ValueError(SECRET)]), ""),
    ],
)
def test_of_an_error_names_and_codes_are_told(error: BaseException, known: str) -> None:
    assert logs.told(error).startswith(type(error).__name__)
    assert logs.told(error).endswith(known)
    assert SECRET not in logs.told(error)


def test_a_long_trace_is_cut() -> None:
    def deeper(left: int) -> None:
        if not left:
            raise ValueError(SECRET)
        deeper(left - 1)

    with pytest.raises(ValueError, match=SECRET) as raised:
        deeper(300)

    trace = logged(record("x", "", error=(ValueError, raised.value, raised.tb)))["trace"]
    assert len(trace) == 1 + logs.MOST_FRAMES


def test_what_ends_a_command_and_what_python_warns_of_are_lines_too(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr(warnings, "showwarning", None)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    logs.log_what_breaks()

    sys.excepthook(ValueError, ValueError(SECRET), None)
    warnings.showwarning(SECRET, RuntimeWarning, "/x/site-packages/y.py", 7)

    ended, warned = said.lines
    assert (ended["level"], ended["trace"]) == ("CRITICAL", ["ValueError"])
    assert (warned["message"], warned["at"]) == ("Python warns: RuntimeWarning", "y.py:7")
    assert SECRET not in said.getvalue()


def test_a_job_of_the_worker_has_an_id_and_a_person(
    alice: User, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_luck(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(jobs, "write", no_luck)
    export = Export.objects.create(person=alice)

    assert jobs.make_next()

    [line] = said.lines
    assert line["message"] == f"Export {export.pk} broke off"
    assert line["person"] == opaque_id(alice)
    assert len(line["request"]) == 12
    assert SECRET not in said.getvalue()


# Nothing that anybody wrote or asked


class Broken(MiddlewareMixin):
    """In front of every view: an error that says all that it was sent."""

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        sent = f"{request.get_full_path()} {request.headers} {request.POST} {request.FILES}"
        detail = f"DETAIL: Key (email)=({request.user}, {SECRET}) already exists. {sent}"
        raise IntegrityError(detail) from ValueError(sent)


def secret_request(client: Client, method: str, address: str, **headers: str) -> Any:
    """The secret wherever a request can have one."""
    fields = dict.fromkeys(("note", "text", "name", "email", "login", "password", "q"), SECRET)
    fields |= {"uid": str(uuid.uuid4()), "next": f"/{SECRET}/", SECRET: SECRET}
    sent = {
        "user-agent": SECRET,
        "referer": f"https://testserver/{SECRET}",
        "x-forwarded-for": "203.0.113.77",
        "x-request-id": SECRET,
        "authorization": f"Bearer {SECRET}",
        **headers,
    }
    client.cookies["left"] = SECRET
    if method == "POST":
        file = SimpleUploadedFile(f"{SECRET}.gpx", SECRET.encode())
        return client.post(f"{address}?again={SECRET}", {**fields, "files": file}, headers=sent)
    return client.generic(method, f"{address}?again={SECRET}", SECRET, headers=sent)


@pytest.fixture
def as_somebody_known(client: Client, alice: User) -> Client:
    """Whose name and address would be seen in a log."""
    alice.name, alice.email = f"Alice {SECRET}", f"alice-{SECRET.lower()}@example.org"
    alice.save()
    client.force_login(alice)
    return client


def check(said: Said) -> None:
    assert said.lines
    assert SECRET.lower() not in said.getvalue().lower()
    assert "203.0.113" not in said.getvalue()
    assert "@" not in said.getvalue()
    assert set().union(*said.lines) <= KEYS


def test_there_are_routes_with_a_secret_in_them() -> None:
    assert f"/invitations/{SECRET}/accept/" in ADDRESSES
    assert f"/plan/{SECRET}.ics" in ADDRESSES
    assert f"/digest/{SECRET}/stop/" in ADDRESSES
    assert f"/accounts/confirm-email/{SECRET}/" in ADDRESSES
    assert f"/accounts/password/reset/key/1-{SECRET}/" in ADDRESSES
    assert not [address for address in ADDRESSES if "<" in address or "(" in address]


UNREADABLE = ({"host": SECRET}, {"content-type": f"a; charset={SECRET}"})
NOWHERE = (f"/{SECRET}/", f"//invitations/{SECRET}", f"/%0a{SECRET}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("is_signed_in", "is_broken"), [(False, False), (True, False), (True, True)]
)
def test_no_line_of_any_page_holds_what_was_sent(
    as_somebody_known: Client, said: Said, settings: Settings, is_signed_in: bool, is_broken: bool
) -> None:
    settings.BEHIND_PROXY = True
    settings.RATE_LIMITS = {}
    if is_broken:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Broken"]
    client = as_somebody_known if is_signed_in else Client()
    client.raise_request_exception = False
    everywhere = (*ADDRESSES, *NOWHERE)
    ways = [("GET", {}, everywhere), ("POST", HX, everywhere)]
    ways += [("PUT", {}, NOWHERE), (SECRET, {}, NOWHERE)]
    ways += [("POST", headers, NOWHERE) for headers in UNREADABLE]

    statuses = [
        ask(client, method, address, headers)
        for method, headers, addresses in ways
        for address in addresses
    ]

    check(said)
    lines = said.of("runners.web.request_log")
    assert len(lines) > 200
    assert [line["status"] for line in lines] == [one for one in statuses if one]
    assert is_broken is (500 in statuses)
    if is_broken:
        assert {line["trace"][0] for line in said.of("django.request")} == {"IntegrityError"}


def ask(client: Client, method: str, address: str, headers: dict[str, str]) -> int:
    """Gives the status; 0 of what is not worth a line. To sign out, or to delete the account, ends
    nothing here.
    """
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = secret_request(client, method, address, **headers)
        transaction.set_rollback(True)
    client.cookies = cookies
    assert response["X-Request-ID"] != SECRET
    return 0 if (address, response.status_code) == ("/healthz", 200) else response.status_code


@pytest.mark.slow
def test_no_line_holds_what_people_save_and_send(
    as_somebody_known: Client, alice: User, said: Said, mail_server: type[MailServer]
) -> None:
    """Forms that are taken, the mails that they cause, and what a worker makes of it."""
    client, sent = as_somebody_known, f"x-{SECRET}@example.org".lower()
    give_password(client)
    uid, day = str(uuid.uuid4()), str(alice.local_day())
    posts: list[tuple[str, dict[str, str]]] = [
        (f"/check-in/{day}/", {"note": SECRET, **spot(note=SECRET)}),
        ("/runs/add/", {"uid": uid, "day": day, "duration": "50:00", "note": SECRET}),
        ("/invitations/coach/add/", {"email": sent, "runs": "on"}),
        ("/accounts/email/", {"email": sent}),
        ("/export/", {"uid": uid}),
    ]
    stranger = {"email": alice.email, "login": alice.email, "password": SECRET}

    for path, fields in posts:
        assert client.post(path, fields).status_code == 302, path
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        Client().post(path, {**stranger, "password1": SECRET})
    mail_server.refuses[sent] = 550
    delivered()
    assert jobs.make_next()

    check(said)
    assert Run.objects.get().note == CheckIn.objects.get().note == SECRET
    assert len(said.of("runners.web.request_log")) == 9
    assert len(said.of("runners.mail.delivery")) >= 3
    assert said.of("runners.exports.jobs")[0]["person"] == opaque_id(alice)


EMAILS = st.from_regex(r"\A[a-z.+]{1,9}@[a-z]{1,9}\.[a-z]{2,3}\Z")
TEXT = st.text(min_size=1, max_size=60) | EMAILS | st.ip_addresses().map(str)
NAMES = ("django.request", "allauth", "psycopg.pool", "_granian")


@examples(derandomize=True, max_examples=50, deadline=None)
@given(text=TEXT.map(lambda text: f"{text}{SECRET}"), name=st.sampled_from(NAMES))
@example(text="%s %d\n\u2028{'", name="allauth")
def test_of_other_libraries_their_own_words_alone_are_told(text: str, name: str) -> None:
    for one in (
        record(name, "Cannot send to %s, try %d", text, 3),
        record(name, "Cannot send to %(to)s, try %(n)d", {"to": text, "n": 3}),
        record(name, "Cannot send to %s, try %d", ValueError(text), 3),
    ):
        line = logged(one)
        assert line["message"] in ("Cannot send to ..., try 3", "Cannot send to ValueError, try 3")


@examples(derandomize=True, max_examples=50, deadline=None)
@given(
    words=st.lists(
        EMAILS
        | st.ip_addresses().map(str)
        | st.uuids().map(str)
        | st.from_regex(r"\A(https?:/)?/[a-z]{1,9}/[\w-]{1,40}/?(\?\w+=\w+)?\Z"),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_no_word_is_left_out_whoever_says_it(words: list[str]) -> None:
    line = logged(record("runners.somewhere", f"Gone: {' and '.join(words)}, sorry"))

    assert line["message"].startswith("Gone: ...")
    assert not [word for word in words if word in line["message"]]


def test_a_message_of_thousands_of_words_is_cut() -> None:
    for text in ("word " * 10_000, "x" * 100_000, SECRET * 1_000):
        message = logged(record("runners.somewhere", "Gone: %s", text))["message"]
        assert len(message) <= logs.LONGEST + 2
        assert SECRET not in message


def test_what_cannot_be_formatted_is_told_all_the_same() -> None:
    assert logged(record("allauth", "Try %d of %s!", "x"))["message"] == "Try ... of ..."


@pytest.mark.slow
def test_our_own_messages_are_written_down_in_the_code() -> None:
    """What a line says beside fixed words is an argument, and so is known by its kind."""
    calls = [
        (module, call)
        for module in MODULES
        for call in ast.walk(tree_of(module))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "logger"
    ]

    assert len(calls) > 10
    built = [
        f"{module}:{call.lineno}"
        for module, call in calls
        if not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str))
    ]
    assert built == []


def test_a_terminal_on_which_limber_is_tried_out_reads_lines_for_people() -> None:
    one = record("runners.web.request_log", "Answered")
    one.facts = {"method": "GET", "status": 200, "ms": 7}

    with logs.about("0878acb7410a") as this:
        this.route = "runners:diary"
        line = logs.ForATerminal("%(levelname)s %(name)s: %(message)s").format(one)

    assert line == "ERROR runners.web.request_log: Answered runners:diary GET 200 7"
