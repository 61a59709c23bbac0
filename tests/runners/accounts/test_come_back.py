"""Coming back: all that whoever has left is shown, until everything is erased."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from post_office.models import Email

from runners.accounts import leaving
from runners.accounts.actions import delete_account_if_due
from runners.data.retention import tidy_up
from runners.models import CoachLink, Run, User
from runners.models.rows import PersonGone
from tests.factories import PASSWORD, make_link, make_run
from tests.races import at_once, signed_in, sqlite_in
from tests.runners.accounts.newcomer import SIGN_UP

PAGE = "/come-back/"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def left(alice: User, bob: User) -> User:
    make_run(alice)
    make_link(bob, alice)
    leaving.leave(by=alice)
    return User.objects.get(pk=alice.pk)


def sign_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def after(noon: time_machine.Traveller, days: int) -> dt.datetime:
    at = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC) + dt.timedelta(days=days)
    noon.move_to(at)
    return at


@pytest.mark.parametrize(
    "path",
    ["/today/", "/diary/", "/settings/", "/export/", "/athletes/", "/guidance/", "/welcome/"],
)
def test_no_other_page_opens(left: User, path: str) -> None:
    client = sign_in(left)

    assert client.get(path)["Location"] == PAGE
    assert client.post(path)["Location"] == PAGE


def test_it_says_until_when_and_leads_out(left: User) -> None:
    client = sign_in(left)

    page = client.get(PAGE)

    assert "7 December 2026" in page.text
    assert "/accounts/logout/" in page.text
    client.post("/accounts/logout/")
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")


@pytest.mark.usefixtures("mail_server")
def test_who_comes_back_finds_the_log_and_links_stay_ended(left: User) -> None:
    client = signed_in(left)

    answer = client.post(PAGE)
    again = client.post(PAGE)

    assert (answer["Location"], again["Location"]) == ("/today/", "/today/")
    assert not User.objects.get(pk=left.pk).is_leaving
    assert client.get("/today/").status_code == 200
    assert Run.objects.of(left).exists()
    assert not CoachLink.objects.not_ended().exists()
    told = Email.objects.filter(subject="Your account in Limber is open again")
    assert [one.to for one in told] == [[left.email]]


def test_a_look_alone_brings_nobody_back(left: User) -> None:
    sign_in(left).get(PAGE)

    assert User.objects.get(pk=left.pk).is_leaving


def test_whoever_has_not_left_is_led_on(bob: User) -> None:
    assert signed_in(bob).get(PAGE)["Location"] == "/today/"


def test_a_stranger_learns_nothing_of_who_has_left(left: User, client: Client) -> None:
    """Signing up with the address is answered as with one that nobody has."""
    taken = client.post("/accounts/signup/", {**SIGN_UP, "email": left.email})
    free = Client().post("/accounts/signup/", {**SIGN_UP, "email": "free@example.org"})
    wrong = Client().post("/accounts/login/", {"login": left.email, "password": "wrong-one"})

    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert "left" not in wrong.text
    assert User.objects.get(pk=left.pk).is_leaving


def test_on_the_last_day_there_is_still_time(left: User, noon: time_machine.Traveller) -> None:
    tidy_up(after(noon, 14))

    assert sign_in(left).post(PAGE)["Location"] == "/today/"


def test_then_all_of_it_is_erased(left: User, noon: time_machine.Traveller) -> None:
    removed = tidy_up(after(noon, 15))

    assert removed["account whose time was over"] == 1
    assert not User.objects.filter(pk=left.pk).exists()
    assert sign_in(left).get(PAGE)["Location"].startswith("/accounts/login/")


def test_a_box_that_was_off_gives_time_until_it_is_tidied(
    left: User, noon: time_machine.Traveller
) -> None:
    after(noon, 40)
    client = sign_in(left)

    page = client.get(PAGE).text
    client.post(PAGE)
    tidy_up(after(noon, 41))

    assert "erased within a day" in page
    assert User.objects.filter(pk=left.pk).exists()


def test_one_that_cannot_be_erased_keeps_no_other_here(
    left: User, bob: User, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving.leave(by=bob)

    def fails(key: int, now: dt.datetime) -> bool:
        if key == left.pk:
            raise OSError("a file that cannot be removed")
        return delete_account_if_due(key, now)

    monkeypatch.setattr(leaving, "delete_account_if_due", fails)
    tidy_up(after(noon, 15))

    assert list(User.objects.all()) == [left]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(3))
def test_coming_back_beside_the_timer_is_one_or_the_other(
    alice: User, noon: time_machine.Traveller, tmp_path: Any, _turn: int
) -> None:
    make_run(alice)
    leaving.leave(by=alice)
    now = after(noon, 15)

    def come_back() -> bool:
        try:
            leaving.come_back(by=alice)
        except PersonGone:
            return False
        return True

    with sqlite_in(tmp_path):
        is_back, erased = at_once(come_back, lambda: leaving.erase_due(now))

        row = User.objects.filter(pk=alice.pk).first()
        assert is_back is (erased == 0)
        if is_back:
            assert row is not None
            assert not row.is_leaving
            assert Run.objects.of(row).exists()
        else:
            assert row is None
            assert not Run.objects.exists()
