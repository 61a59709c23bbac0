"""What machines ask: strangers learn whether all is well, the host's token what is not."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners.hosting import checkup, views

TOKEN = "a-token-of-the-host"  # of these tests
Findings = list[checkup.Finding]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Findings:
    settings.HEALTH_TOKEN = TOKEN
    findings = [checkup.Finding("disk", is_right=True, said="12 GB are free.")]
    monkeypatch.setattr(views, "all_findings", lambda _now: iter(findings))
    return findings


def ask(client: Client, token: str = "") -> tuple[int, str]:
    sent = {"authorization": f"Bearer {token}"} if token else {}
    response = client.get("/healthz", headers=sent)
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.text


@pytest.mark.django_db
def test_strangers_read_ok_and_nothing_else(
    client: Client, found: Findings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found.append(checkup.Finding("backup", is_right=False, said="The last is 3 days old."))
    with django_assert_num_queries(1):
        assert ask(client) == (200, "ok")
    for token in ("wrong", TOKEN[:-1], f"{TOKEN}x"):
        assert ask(client, token) == (200, "ok")


@pytest.mark.django_db
def test_the_token_of_the_host_reads_what_is_not_right(client: Client, found: Findings) -> None:
    assert ask(client, TOKEN) == (200, "disk: ok, 12 GB are free.")
    found.append(checkup.Finding("backup", is_right=False, said="The last is 3 days old."))
    status, said = ask(client, TOKEN)
    assert status == 503
    assert said.splitlines()[1] == "backup: not ok, The last is 3 days old."


@pytest.mark.django_db
def test_without_a_token_nobody_has_it(client: Client, found: Findings, settings: Settings) -> None:
    settings.HEALTH_TOKEN = ""
    for sent in ("Bearer ", "Bearer", ""):
        assert client.get("/healthz", headers={"authorization": sent}).text == "ok"


@pytest.mark.django_db
def test_a_database_that_is_away_is_not_ok(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    assert ask(client) == (503, "not ok")


@pytest.mark.django_db
def test_the_token_reads_real_findings(client: Client, settings: Settings) -> None:
    settings.HEALTH_TOKEN = TOKEN
    _, said = ask(client, TOKEN)
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        what for what in checkup.LOOKS if what != "replica"
    ]


@pytest.mark.django_db
def test_robots_read_the_first_page_alone(client: Client) -> None:
    assert client.get("/robots.txt").text == "User-agent: *\nAllow: /$\nDisallow: /\n"


@pytest.mark.django_db
def test_whoever_finds_a_hole_reads_whom_to_tell(client: Client, settings: Settings) -> None:
    settings.HOST_CONTACT = "host@example.org"
    settings.SITE_URL = "https://limber.example.org"
    response = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert lines["Contact"] == "mailto:host@example.org"
    assert lines["Canonical"] == "https://limber.example.org/.well-known/security.txt"
    expires = dt.datetime.fromisoformat(lines["Expires"])
    assert (
        timezone.now() + dt.timedelta(days=170) < expires < dt.timedelta(days=366) + timezone.now()
    )
    assert response["Content-Type"] == "text/plain; charset=utf-8"
