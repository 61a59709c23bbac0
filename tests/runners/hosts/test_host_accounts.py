"""The list of accounts: who has one, since when, in which state; found by name or e-mail."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.accounts import leaving
from runners.models import User
from tests.factories import make_run, make_session, make_user
from tests.pages import read

PAGE = "/host/accounts/"


def names(client: Client, query: str = "") -> list[str]:
    shown = client.get(f"{PAGE}{query}").context["shown"]
    return [account.person.name for account in shown.object_list]


def test_it_says_since_when_and_when_it_was_last_used(as_hanna: Client, alice: User) -> None:
    joined = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
    User.objects.filter(pk=alice.pk).update(joined_at=joined, last_login=joined)
    make_session(alice, used_at=dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC))
    page = read(as_hanna, PAGE)

    assert f'<a href="{PAGE}{alice.pk}/">Alice Ash</a>' in page
    assert "alice@example.org" in page
    # By the day where the host is: in Vienna it was past midnight.
    assert "Since 4 March 2026 · last used 21 November 2026" in page


def test_states_are_said_all_that_there_are(as_hanna: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    User.objects.filter(pk=bob.pk).update(is_coach=True, last_login=timezone.now())
    leaving.leave(by=bob)
    shown = as_hanna.get(PAGE).context["shown"]
    states = {account.person.name: [str(s) for s in account.states] for account in shown}

    assert states == {
        "Alice Ash": ["never", "deactivated"],
        "Bob Birch": ["leaving", "coach"],
        "Hanna Hazel": ["host"],
    }


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("never", ["Alice Ash"]),
        ("deactivated", ["Alice Ash"]),
        ("leaving", ["Bob Birch"]),
        ("coach", ["Bob Birch"]),
        ("host", ["Hanna Hazel"]),
        ("demo", []),
        ("", ["Bob Birch", "Alice Ash", "Hanna Hazel"]),
    ],
)
def test_one_state_can_be_asked_for(
    as_hanna: Client, alice: User, bob: User, state: str, expected: list[str]
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    User.objects.filter(pk=bob.pk).update(is_coach=True, last_login=timezone.now())
    leaving.leave(by=bob)

    assert names(as_hanna, f"?state={state}") == expected


@pytest.mark.parametrize(
    "words", ["zoe", "Zoé", "ZOE ashby", "ashby zoe", "runs@club", "RUNS@CLUB.EXAMPLE", "zoé club"]
)
def test_it_is_found_by_name_or_address(as_hanna: Client, alice: User, words: str) -> None:
    make_user("Zoé Ashby", email="runs@club.example")
    assert names(as_hanna, f"?q={words}") == ["Zoé Ashby"]


def test_nobody_fits(as_hanna: Client, alice: User) -> None:
    assert "Nobody fits what you asked for." in read(as_hanna, f"{PAGE}?q=%25&state=coach")
    assert names(as_hanna, "?q=_") == []


def test_what_cannot_be_asked_for_is_said_and_shows_all(as_hanna: Client, alice: User) -> None:
    page = read(as_hanna, f"{PAGE}?state=runs&q={'a' * 101}", status=422)
    assert "Choose one from the list." in page
    assert "2 accounts" in page


def test_pages_of_fifty(as_hanna: Client) -> None:
    User.objects.bulk_create(
        User(email=f"many{i}@example.org", name=f"Runner {i:02}") for i in range(60)
    )
    assert "Page 1 of 2" in read(as_hanna, PAGE)
    assert len(names(as_hanna)) == 50
    second = read(as_hanna, f"{PAGE}?page=2&q=runner")
    assert 'href="?page=1&q=runner">Previous' in second
    assert len(names(as_hanna, "?page=9")) == 11  # the last one


def test_it_costs_the_same_for_one_and_for_many(
    as_hanna: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        read(as_hanna, PAGE)
    for name in ("Ida", "Jan", "Kim"):
        person = make_user(name)
        make_run(person)
        make_session(person)
    with django_assert_num_queries(4):
        read(as_hanna, PAGE)
    with django_assert_num_queries(4):
        read(as_hanna, f"{PAGE}?q=ida")


def test_what_people_call_themselves_is_shown_as_text(as_hanna: Client) -> None:
    make_user("<script>alert(1)</script>", email="odd@example.org")
    page = as_hanna.get(PAGE).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
