"""Stopping a weekly mail by the link in it."""

import re

import pytest
from django.core import signing
from django.test import Client

from runners.digests import unsubscribing as stopping
from runners.models import User
from runners.models.digests import DigestKind
from tests.runners.digests.readers import SITE, make_reader


def stop_path(user: User, kind: DigestKind) -> str:
    return stopping.stop_address(user, kind).removeprefix(SITE)


def test_stop_link_asks_before_it_stops(reader: User, client: Client) -> None:
    response = client.get(stop_path(reader, DigestKind.RUNNER))

    assert response.status_code == 200
    assert "Stop this mail" in response.text
    assert reader.email not in response.text
    reader.refresh_from_db()
    assert reader.wants_runner_digest


@pytest.mark.parametrize("kind", DigestKind)
def test_stop_turns_that_mail_off_and_no_other(alice: User, kind: DigestKind) -> None:
    """As a mail program posts it: without a cookie, without a token of ours, and twice."""
    User.objects.update(wants_runner_digest=True, wants_coach_digest=True)
    client = Client(enforce_csrf_checks=True)

    for _ in range(2):
        response = client.post(stop_path(alice, kind), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert "<h1>Stopped</h1>" in response.text

    alice.refresh_from_db()
    assert alice.wants_runner_digest is (kind is DigestKind.COACH)
    assert alice.wants_coach_digest is (kind is DigestKind.RUNNER)


def test_stop_changes_nobody_else(reader: User, client: Client) -> None:
    other = make_reader(1)

    client.post(stop_path(reader, DigestKind.RUNNER))

    other.refresh_from_db()
    assert other.wants_runner_digest


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["made-up", "a:b", "x" * 500, "WzEsInJ1bm5lciJd:AAAA", "é"])
def test_made_up_stop_link_is_one_sentence(client: Client, method: str, token: str) -> None:
    response = getattr(client, method)(f"/digest/{token}/stop/")

    assert response.status_code == 404
    assert "This link does not work" in response.text


def test_stop_link_does_not_tell_whether_an_account_exists(reader: User) -> None:
    path = stop_path(reader, DigestKind.RUNNER)
    there = [Client().get(path), Client().post(path)]
    reader.delete()
    gone = [Client().get(path), Client().post(path)]

    def without_token(text: str) -> str:
        return re.sub(r'"x-csrftoken": "\w+"', "", text)

    assert [answer.status_code for answer in gone] == [200, 200]
    assert [without_token(answer.text) for answer in gone] == [
        without_token(answer.text) for answer in there
    ]


def test_stop_link_signed_for_something_else_does_not_work(reader: User, client: Client) -> None:
    token = signing.Signer(salt="something else").sign_object([reader.pk, "runner"])

    assert client.post(f"/digest/{token}/stop/").status_code == 404
