"""Sessions: whose they are, how long they last, and that noting their use keeps nobody waiting."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from runners.models import Session, User
from runners.web.visitor import client_of
from tests.factories import PASSWORD, make_user
from tests.races import signed_in, sqlite_in
from tests.runners.web.troubles import read_only

PAGE = "/settings/consent/"
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("noon")


def status(client: Client) -> int:
    return client.get(PAGE).status_code


def test_a_session_says_whose_it_is(client: Client, alice: User) -> None:
    client.get("/accounts/login/")
    sent = {"login": alice.email, "password": PASSWORD}
    browser = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"}

    client.post("/accounts/login/", sent, headers=browser)

    session = Session.objects.get()
    assert (session.person, session.client) == (alice, "Edge, Windows")
    assert session.session_key not in session.handle


def test_it_ends_after_sixty_days_without_use_and_each_use_counts(
    alice: User, noon: time_machine.Traveller
) -> None:
    used, left = signed_in(alice), signed_in(alice)
    for _ in range(3):
        noon.shift(40 * DAY)
        assert status(used) == 200
    assert status(left) == 302

    noon.shift(60 * DAY)
    assert status(used) == 302


def test_it_ends_a_year_after_the_sign_in_in_any_case(
    alice: User, noon: time_machine.Traveller
) -> None:
    client = signed_in(alice)
    began = Session.objects.get().began_at
    for _ in range(36):
        noon.shift(10 * DAY)
        assert status(client) == 200
    assert Session.objects.get().began_at == began

    noon.shift(5 * DAY)
    assert status(client) == 302


def test_a_new_sign_in_begins_it_anew(alice: User, bob: User, noon: time_machine.Traveller) -> None:
    client = signed_in(alice)
    noon.shift(DAY)
    client.force_login(bob)

    session = Session.objects.get()
    assert session.person == bob
    assert session.began_at > dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def test_the_password_given_once_more_gives_it_another_key(
    alice: User, noon: time_machine.Traveller
) -> None:
    client, elsewhere = signed_in(alice), signed_in(alice)
    key = client.session.session_key
    began = Session.objects.get(session_key=key).began_at
    noon.shift(DAY)

    client.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert client.session.session_key == key
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert client.session.session_key != key
    assert not Session.objects.filter(session_key=key).exists()
    assert Session.objects.get(session_key=client.session.session_key).began_at == began
    assert (status(client), status(elsewhere)) == (200, 200)


def test_use_is_noted_once_in_a_quarter_of_an_hour(
    alice: User, noon: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    status(client)
    with django_assert_num_queries(4):
        assert "sessionid" not in client.get(PAGE).cookies
    noon.shift(Session.NOTED_EVERY + dt.timedelta(seconds=1))
    with django_assert_num_queries(5):
        assert client.get(PAGE).cookies["sessionid"]["max-age"] == 60 * 60 * 24 * 60
    with django_assert_num_queries(4):
        status(client)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_reading_goes_on_where_use_cannot_be_noted(
    tmp_path: Path, noon: time_machine.Traveller
) -> None:
    with sqlite_in(tmp_path):
        client = signed_in(make_user())
        noon.shift(DAY)
        with read_only():
            assert status(client) == 200
        used_at = Session.objects.get().used_at
        assert used_at < dt.datetime.now(dt.UTC) - DAY / 2


def test_a_session_ended_meanwhile_is_not_brought_back_by_a_look(
    alice: User, noon: time_machine.Traveller
) -> None:
    client = signed_in(alice)
    noon.shift(DAY)
    store = client.session
    store.get("_auth_user_id")
    Session.objects.all().delete()

    assert not store.note_use()  # type: ignore[attr-defined]  # a store of Limber's
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/1 Firefox/130.0", "Firefox, Linux"),
        ("<script>alert(1)</script>" * 400, ""),
        ("", ""),
    ],
)
def test_nothing_that_a_browser_writes_is_kept(said: str, client: str) -> None:
    assert client_of(RequestFactory().get("/", headers={"user-agent": said})) == client
