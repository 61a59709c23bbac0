"""The security log of the whole Limber: twelve months of it, by kind, page by page."""

import datetime as dt

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners import security_log
from runners.accounts.actions import delete_account
from runners.models import SecurityEvent, User
from runners.models import SecurityEventKind as Kind
from tests.pages import read

PAGE = "/host/security/"


def kinds(client: Client, query: str = "") -> list[str]:
    shown = client.get(f"{PAGE}{query}").context["shown"]
    return [event.kind for event in shown.object_list]


def test_it_says_what_of_whom_and_by_whom(
    as_hanna: Client, hanna: User, alice: User, bob: User
) -> None:
    for _ in range(3):
        security_log.note(Kind.WRONG_PASSWORD, alice)
    security_log.note(Kind.DEACTIVATED, alice, by=hanna)
    security_log.note(Kind.EXPORTED, bob)
    security_log.note(Kind.BACKED_UP)
    delete_account(by=bob)
    page = read(as_hanna, PAGE)

    assert "<b>A wrong password was tried, 3 times</b>" in page
    assert f'<a href="/host/accounts/{alice.pk}/">Alice Ash</a>' in page
    assert "by Hanna Hazel" in page
    assert page.count("an account that is gone") == 2  # exported, and deleted
    assert "Bob" not in page
    assert kinds(as_hanna)[:2] == ["deleted", "backed_up"]


def test_of_a_host_who_is_gone_it_says_so(as_hanna: Client, alice: User, bob: User) -> None:
    security_log.note(Kind.DEACTIVATED, alice, by=bob)
    delete_account(by=bob)
    assert "by a host whose account is gone" in read(as_hanna, PAGE)


def test_one_kind_can_be_asked_for(as_hanna: Client, alice: User) -> None:
    security_log.note(Kind.EXPORTED, alice)
    security_log.note(Kind.BACKED_UP)

    assert kinds(as_hanna, "?kind=exported") == ["exported"]
    assert kinds(as_hanna, "?kind=erased") == []
    assert "Nothing of this kind." in read(as_hanna, f"{PAGE}?kind=erased")
    assert "Choose one from the list." in read(as_hanna, f"{PAGE}?kind=diary", status=422)


def test_twelve_months_on_pages_of_fifty(as_hanna: Client) -> None:
    now = timezone.now()
    SecurityEvent.objects.bulk_create(
        SecurityEvent(kind=Kind.BACKED_UP, at=now - dt.timedelta(days=7 * i)) for i in range(60)
    )
    wanted = "?kind=backed_up"
    assert len(kinds(as_hanna, wanted)) == 50
    assert len(kinds(as_hanna, f"{wanted}&page=2")) == 3  # of 366 days
    assert "Page 2 of 2" in read(as_hanna, f"{PAGE}{wanted}&page=2")


def test_it_costs_the_same_for_one_and_for_many(
    as_hanna: Client, alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    security_log.note(Kind.BACKED_UP)
    with django_assert_num_queries(4):
        read(as_hanna, PAGE)
    for person in (alice, bob):
        security_log.note(Kind.EXPORTED, person, by=alice)
    with django_assert_num_queries(4):
        read(as_hanna, PAGE)
