"""The coach's end of coaching: asked once, in force at the next click."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from runners.models import AccessRecord, CoachLink, User
from tests.factories import make_link, make_note, make_run, make_user

PAGES = ("", "trends/", "guidance/", "diary/", "notes/", "end/", "suggest/")


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def address(athlete: User, page: str = "end/") -> str:
    return f"/athletes/{athlete.pk}/{page}"


def test_end_asks_first(as_bob: Client, bob: User, alice: User) -> None:
    link = make_link(bob, alice)

    html = as_bob.get(address(alice)).content.decode()

    link.refresh_from_db()
    assert "Stop coaching Alice?" in html
    assert link.ended_at is None
    assert not AccessRecord.objects.exists()


def test_end_ends_the_link_by_the_coach(as_bob: Client, bob: User, alice: User) -> None:
    link = make_link(bob, alice)

    response = as_bob.post(address(alice))

    link.refresh_from_db()
    assert response["Location"] == "/athletes/"
    assert (link.ended_at is not None, link.ended_by) == (True, bob)
    assert "You no longer coach Alice Ash." in as_bob.get("/athletes/").content.decode()


@pytest.mark.slow
def test_end_shuts_every_page_at_the_next_click(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    make_run(alice)
    before = [as_bob.get(address(alice, page)).status_code for page in PAGES]

    as_bob.post(address(alice))

    assert before == [200] * len(PAGES)
    assert [as_bob.get(address(alice, page)).status_code for page in PAGES] == [404] * len(PAGES)
    assert as_bob.post(address(alice)).status_code == 404


def test_end_leaves_other_coaches_and_the_notes(
    as_bob: Client, bob: User, carol: User, alice: User
) -> None:
    make_link(bob, alice)
    other = make_link(carol, alice)
    note = make_note(bob, alice)

    as_bob.post(address(alice))

    note.refresh_from_db()
    assert list(CoachLink.objects.open()) == [other]
    assert note.deleted_at is None


def test_end_is_for_the_coach_alone(
    as_bob: Client, bob: User, alice: User, carol: User, mallory: User
) -> None:
    make_link(carol, alice, ended_at=timezone.now())
    make_link(mallory, carol)
    link = make_link(make_user("Dora Dogwood"), alice)
    statuses = []
    for person in (bob, carol, mallory, alice):
        as_bob.force_login(person)
        statuses += [
            as_bob.get(address(alice)).status_code,
            as_bob.post(address(alice)).status_code,
        ]

    link.refresh_from_db()
    assert statuses == [404] * 8
    assert link.ended_at is None


def test_end_asks_who_is_not_signed_in(client: Client, alice: User) -> None:
    for response in (client.get(address(alice)), client.post(address(alice))):
        assert response["Location"].startswith("/accounts/login/")


def test_end_escapes_a_hostile_name(as_bob: Client, bob: User) -> None:
    athlete = make_user("<script>alert(1)</script> O'Neill", email="x@example.org")
    make_link(bob, athlete)

    asked = as_bob.get(address(athlete)).content.decode()
    said = as_bob.post(address(athlete), follow=True).content.decode()

    assert "<script>alert" not in asked + said
    assert "You no longer coach &lt;script&gt;" in said
