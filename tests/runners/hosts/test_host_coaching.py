"""Who coaches whom: the two, since when and in which state, and nothing that is shared."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.models import User
from runners.models.coaching import SWITCHES
from tests.factories import make_link, make_user
from tests.pages import read

PAGE = "/host/coaching/"
AGO = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


@pytest.fixture
def linked(as_hanna: Client, alice: User, bob: User) -> Client:
    make_link(bob, alice, started_at=AGO)
    return as_hanna


def test_it_says_who_and_since_when(linked: Client, alice: User, bob: User) -> None:
    page = read(linked, PAGE)

    assert f'<a href="/host/accounts/{bob.pk}/">Bob Birch</a> coaches' in page
    assert f'<a href="/host/accounts/{alice.pk}/">Alice Ash</a>' in page
    assert "Since 1 October 2026" in page
    assert '<span class="pill fit2">open</span>' in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"confirmed_at": None}, "waits for the athlete’s yes"),
        ({"paused_at": AGO}, "waits for the athlete’s yes, after a new password"),
    ],
)
def test_what_a_link_waits_for(
    as_hanna: Client, alice: User, bob: User, state: dict[str, Any], said: str
) -> None:
    make_link(bob, alice, **state)
    assert f'<span class="pill fit1">{said}</span>' in read(as_hanna, PAGE)


def test_an_account_out_of_use_shows_nothing(linked: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert "shows nothing: an account is out of use" in read(linked, PAGE)


def test_links_that_ended_are_not_listed(as_hanna: Client, alice: User, bob: User) -> None:
    make_link(bob, alice, ended_at=timezone.now())
    assert "Nobody coaches anybody yet." in read(as_hanna, PAGE)


def test_found_by_either_of_the_two(linked: Client, alice: User, bob: User) -> None:
    make_link(make_user("Olive Oak"), make_user("Dora Dune"))

    def found(words: str) -> list[str]:
        shown = linked.get(f"{PAGE}?q={words}").context["shown"]
        return [str(link.row.coach) for link in shown.object_list]

    assert found("") == ["Bob Birch", "Olive Oak"]
    assert found("alice") == ["Bob Birch"]
    assert found("olive@") == ["Olive Oak"]
    assert found("DORA olive") == ["Olive Oak"]
    assert "Nobody of that name" in read(linked, f"{PAGE}?q=zzz")


def test_what_is_shared_is_not_even_read(linked: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(linked, PAGE)
    asked = " ".join(query["sql"] for query in queries if "coachlink" in query["sql"])
    assert '"coachlink"."started_at"' in asked.replace("runners_", "")
    for switch in SWITCHES:
        assert f'"{switch}"' not in asked
        assert f'"{switch}_until"' not in asked


def test_it_costs_the_same_for_one_and_for_three(
    linked: Client, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        read(linked, PAGE)
    with django_assert_num_queries(4):
        read(linked, f"{PAGE}?q=bob")
    for name in ("Ida", "Jan"):
        make_link(bob, make_user(name))
    with django_assert_num_queries(4):
        read(linked, PAGE)
