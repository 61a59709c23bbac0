"""What cannot be read gets a 400 of ours, never an empty page."""

from io import BytesIO
from typing import Any, cast

import pytest
from django.test import Client

from config.wsgi import application
from runners.models import User
from tests.races import signed_in

FORM = "application/x-www-form-urlencoded"
UNREADABLE = [
    *("nope", "base64", "hex", "zlib", "idna", "punycode", "rot13", "undefined", "utf-16", "utf-7"),
    *("unicode_escape", "cp500", "", "..", "x" * 5000, '"a\0b"', "é"),
]
BROKEN = [
    "text/plain; charset*=nope'en'utf-8",
    "text/plain; other*=nope'en'a",
    "multipart/form-data; boundary*=nope''x",
]
TYPES = [FORM, "text/plain", "multipart/form-data; boundary=x"]


def ask(path: str, content_type: str, body: bytes = b"a=1", **more: Any) -> tuple[str, str]:
    """Status and page, as a server asks: it makes the request before anything else may fail."""
    began: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "q=%ff&day=2026-11-23",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        **more,
    }
    parts = application(environ, cast(Any, lambda status, _headers: began.append(status)))
    return began[0], b"".join(parts).decode()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("charset", UNREADABLE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_charset_that_is_none_is_refused(kind: str, charset: str, method: str) -> None:
    status, page = ask("/accounts/login/", f"{kind}; charset={charset}", REQUEST_METHOD=method)

    assert status == "400 Bad Request"
    assert "That could not be read" in page


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", BROKEN)
def test_a_type_that_django_cannot_take_is_refused(content_type: str) -> None:
    status, page = ask("/accounts/login/", content_type)

    assert status == "400 Bad Request"
    assert "That could not be read" in page


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_a_charset_that_is_one_is_read(client: Client, charset: str) -> None:
    response = client.post("/accounts/login/", "login=x", content_type=f"{FORM}; charset={charset}")

    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        (f"multipart/form-data; boundary={'b' * 500}", b"x"),
        (FORM, b"&".join(b"a=1" for _ in range(2000))),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n' * 600,
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 3000 + b'"\r\n\r\nx\r\n--x--',
        ),
    ],
    ids=["no boundary", "empty", "long", "many fields", "many files", "long name"],
)
def test_a_body_that_cannot_be_taken_apart_is_refused(
    client: Client, content_type: str, body: bytes
) -> None:
    response = client.generic("POST", "/accounts/login/", body, content_type)

    assert response.status_code == 400
    assert "That could not be read" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie",
    [
        r'sessionid="aaaaaaaa\000bbbb"',
        r'sessionid="\377\376\000"; csrftoken="\000"',
        "sessionid=" + "a" * 5000,
        r'messages="\000"; device="\000"',
        "=;=;;;",
        "sessionid",
    ],
)
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/settings/"])
def test_no_cookie_breaks_a_page(client: Client, cookie: str, path: str) -> None:
    status = client.get(path, HTTP_COOKIE=cookie).status_code

    assert status in (200, 302)


NUL = "a\0b"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/accounts/login/", {"login": f"{NUL}@example.org", "password": NUL}),
        ("/accounts/signup/", {"email": f"{NUL}@example.org", "password1": NUL, "consent": "on"}),
        ("/accounts/password/reset/", {"email": f"{NUL}@example.org"}),
        ("/accounts/login/", {"login": "a@example.org", "password": "x", "next": f"/{NUL}"}),
    ],
)
def test_null_bytes_break_no_public_form(db: None, path: str, fields: dict[str, str]) -> None:
    assert Client().post(path, fields).status_code in (200, 422)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/settings/", {"name": NUL, "units": NUL, "time_zone": NUL, "week_start": NUL}),
        ("/runs/add/", {"uid": NUL, "day": NUL, "distance": NUL, "note": NUL, "from_file": NUL}),
        ("/check-in/", {"note": NUL, "day": NUL, "area": NUL}),
        ("/invitations/athletes/add/", {"addresses": NUL, "team": NUL}),
        ("/accounts/email/", {"email": f"{NUL}@example.org", "action_add": NUL}),
        ("/guidance/summary/?weeks=%00", {}),
        ("/athletes/?q=%00", {}),
        ("/diary/?day=%00&kind=%00", {}),
    ],
)
def test_null_bytes_break_no_form_of_a_person(
    alice: User, path: str, fields: dict[str, str]
) -> None:
    client = signed_in(alice)
    answer = client.post(path, fields) if fields else client.get(path)

    assert answer.status_code in (200, 302, 403, 404, 422)
