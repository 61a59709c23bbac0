"""What is logged of requests: no token, no query, and one line for what is not our fault."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from django.urls import get_resolver

from runners.coaching.links import invitation_views as invitations
from runners.web.logs import WithoutAddresses, routes

OWN_HANDLERS = ("django", "django.server")
SECRET = "Kq7-a_secret-that-opens-a-page"
# Routes that are named by a text: it may be what opens them, as a token does.
TEXTS = ("<str:", "<slug:", "(?P<key>", "<day>")


def addresses() -> list[str]:
    """Each with the secret in the place of its text."""
    found = []
    for route in routes(get_resolver()):
        if any(text in route for text in TEXTS):
            found.append("/" + filled(route))
    return found


def filled(route: str) -> str:
    examples = {
        "<int:": "1",
        "<uuid:": "73d92022-f7fb-454e-b083-1ea360dbdb10",
        r"(?P<uidb36>[0-9A-Za-z]+)": "1",
        r"(?P<key>[-:\w]+)": SECRET,
        "(?P<key>.+)": SECRET,
    }
    parts = route.removesuffix("$").replace(r"(?P<uidb36>[0-9A-Za-z]+)-", "1-")
    for pattern, example in examples.items():
        if pattern.startswith("("):
            parts = parts.replace(pattern, example)
    while "<" in parts:
        before, _, rest = parts.partition("<")
        inner, _, after = rest.partition(">")
        parts = before + examples.get(f"<{inner.partition(':')[0]}:", SECRET) + after
    return parts


@pytest.fixture
def said() -> Iterator[StringIO]:
    """What the loggers of the settings write."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("", "django")]
    handler.setFormatter(loggers[0].handlers[0].formatter)
    written = [logging.getLogger(name).handlers[0].formatter for name in ("", *OWN_HANDLERS)]
    assert {type(formatter) for formatter in written} == {WithoutAddresses}
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def test_there_are_routes_with_a_secret_in_them() -> None:
    found = addresses()

    assert f"/invitations/{SECRET}/accept/" in found
    assert f"/plan/{SECRET}.ics" in found
    assert f"/digest/{SECRET}/stop/" in found
    assert f"/accounts/confirm-email/{SECRET}/" in found
    assert f"/accounts/password/reset/key/1-{SECRET}/" in found
    assert not [address for address in found if "<" in address or "(" in address]


@pytest.mark.slow
@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_log_holds_what_opens_a_page(
    as_alice: Client, said: StringIO, address: str, method: str, signed_in: bool
) -> None:
    client = as_alice if signed_in else Client()
    client.handler.enforce_csrf_checks = True

    client.generic(method, f"{address}?again={SECRET}")
    client.generic(method, f"{address}mistyped/")

    assert SECRET not in said.getvalue()
    assert method == "GET" or "django." in said.getvalue()  # it was not for want of words


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [f"/{SECRET}/", f"//invitations/{SECRET}", f"/limber/invitations/{SECRET}/x", f"/%0a{SECRET}"],
)
def test_no_log_holds_an_address_that_leads_nowhere(
    client: Client, said: StringIO, address: str
) -> None:
    assert client.get(address).status_code == 404

    assert said.getvalue() == "WARNING django.request: Not Found: /…\n"


@pytest.mark.django_db
def test_a_fault_is_logged_with_its_page_and_without_the_token(
    client: Client, said: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_user: object, token: str) -> None:
        raise RuntimeError(f"No luck with {token} of /invitations/{token}/")

    monkeypatch.setattr(invitations, "_open", broken)
    client.raise_request_exception = False

    assert client.get(f"/invitations/{SECRET}/").status_code == 500

    first, *rest = said.getvalue().splitlines()
    assert first == ("ERROR django.request: Internal Server Error: /invitations/<slug:token>/")
    assert rest[-1].startswith("RuntimeError: No luck with <token> of /invitations/")
    assert SECRET not in said.getvalue()


@pytest.mark.parametrize("name", ["", "runners.somewhere", "allauth", "django.server"])
@pytest.mark.parametrize(
    ("written", "logged"),
    [
        (f'"GET /invitations/{SECRET}/ HTTP/1.1" 200', '"GET /invitations/… HTTP/1.1" 200'),
        (f"https://limber.example/plan/{SECRET}.ics?x=1", "https://limber.example/plan/…"),
        (f"gone: /digest/{SECRET}/stop/, sorry", "gone: /digest/…, sorry"),
        (f"to /accounts/login/?next=/invitations/{SECRET}/", "to /accounts/login/"),
        ("posted to /runs/add/file/", "posted to /runs/add/file/"),
        ('File "/srv/limber/runners/runs/views.py"', 'File "/srv/limber/runners/runs/views.py"'),
        ("why?because", "why?because"),
    ],
)
def test_every_logger_leaves_out_what_opens_a_page(
    said: StringIO, name: str, written: str, logged: str
) -> None:
    logging.getLogger(name).error("%s", written)

    lines = said.getvalue().splitlines()
    assert all(line.endswith(f": {logged}") for line in lines)
    assert SECRET not in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "starts"),
    [
        ({"HTTP_HOST": "evil.example"}, "ERROR django.security.DisallowedHost: Invalid HTTP_HOST"),
        ({"HTTP_HOST": "a b"}, "ERROR django.security.DisallowedHost: Invalid HTTP_HOST"),
        ({"CONTENT_TYPE": "a; charset=nope"}, "WARNING django.request: Unreadable Content-Type"),
    ],
)
def test_a_refused_request_is_one_line(
    client: Client, said: StringIO, headers: dict[str, str], starts: str
) -> None:
    response = client.get(f"/privacy/?{SECRET}", **headers)  # type: ignore[arg-type]

    assert response.status_code == 400
    assert "That could not be read" in response.text
    assert said.getvalue().startswith(starts)
    assert said.getvalue().count("\n") == 1
