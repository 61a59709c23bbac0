"""Large bodies are refused before anything of them is read."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from runners.models import Session, User

MOST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
FILE = "/runs/add/file/"
PUBLIC = ["/accounts/login/", "/accounts/signup/", "/", "/digest/x/stop/", "/nowhere/", FILE]
OWN = ["/runs/add/", "/check-in/", "/settings/", "/accounts/password/change/", "/nowhere/"]


class Unread:
    """A body that must not be read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def send(client: Client, address: str, **environ: Any) -> Any:
    body = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    return client.generic("POST", address, **{**body, **environ})


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize(
    "length",
    [
        {"CONTENT_LENGTH": str(MOST + 1)},
        {"CONTENT_LENGTH": "9" * 400},
        {"CONTENT_LENGTH": "-1"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
    ],
    ids=["large", "huge", "less than nothing", "unknown"],
)
def test_an_anonymous_body_is_refused(client: Client, address: str, length: dict[str, str]) -> None:
    response = send(client, address, **length)

    assert response.status_code == 413
    assert response["Connection"] == "close"
    assert "That was too large" in response.text
    assert "Sign in" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("session", ["made-up", "a" * 32, ""])
def test_a_made_up_session_is_nobodys(client: Client, session: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = session

    assert send(client, FILE, CONTENT_LENGTH=str(MOST + 1)).status_code == 413


@pytest.mark.parametrize("end", ["deactivated", "password", "session"])
def test_a_session_that_has_ended_is_nobodys(as_alice: Client, alice: User, end: str) -> None:
    if end == "session":
        Session.objects.all().delete()
    else:
        changes = {"is_active": False} if end == "deactivated" else {"password": "another"}
        User.objects.filter(pk=alice.pk).update(**changes)

    assert send(as_alice, FILE, CONTENT_LENGTH=str(MOST + 1)).status_code == 413


@pytest.mark.parametrize("address", OWN)
def test_forms_of_people_are_bounded_as_well(as_alice: Client, address: str) -> None:
    response = send(as_alice, address, CONTENT_LENGTH=str(MOST + 1))

    assert response.status_code == 413
    assert "Only the file of a run may be larger than a megabyte" in response.text


@pytest.mark.django_db
def test_a_body_within_the_limit_is_read(client: Client) -> None:
    sent = {"login": "a@example.org", "password": "x" * (MOST - 500)}

    assert client.post("/accounts/login/", sent).status_code == 200


def test_a_large_file_of_somebody_signed_in_is_read(as_alice: Client) -> None:
    with pytest.raises(AssertionError, match="The body was read"):
        send(as_alice, FILE, CONTENT_LENGTH="24000000")


@pytest.mark.django_db
def test_a_file_after_the_session_has_ended_leads_to_the_sign_in(client: Client) -> None:
    response = send(client, FILE, CONTENT_LENGTH="24000000", HTTP_HX_REQUEST="true")

    assert response["HX-Redirect"] == "/accounts/login/"
