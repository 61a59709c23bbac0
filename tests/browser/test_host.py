"""The pages of hosts, on a phone and on a desk, in the light and the dark."""

from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from runners import security_log
from runners.accounts.addresses import open_account
from runners.models import SecurityEventKind as Kind
from runners.models import User
from tests.browser.conftest import SignIn
from tests.factories import PASSWORD, make_link, make_session, make_user

PAGES = ("", "accounts/", "accounts/{}/", "accounts/{}/erase/", "coaching/", "security/")


@pytest.fixture
def hanna(noon: time_machine.Traveller, alice: User, bob: User) -> User:
    """With accounts of each state, links, and events."""
    hanna = make_user("Hanna Hazel", is_host=True)
    make_link(bob, alice)
    make_link(hanna, bob, confirmed_at=None)
    make_session(alice)
    long = f"{'Bartholomew' * 6}@{'riverside-running-club' * 2}.example.org"
    open_account(long)
    User.objects.filter(pk=bob.pk).update(is_coach=True, is_active=False)
    for kind in Kind:
        security_log.note(kind, alice, by=hanna)
    User.objects.bulk_create(
        User(email=f"many{i}@example.org", name=f"Runner {i:02}", last_login=timezone.now())
        for i in range(52)
    )
    return hanna


@pytest.mark.parametrize("page", PAGES)
def test_each_page_can_be_read(
    each_look: Page,
    sign_in: SignIn,
    check_page: Callable[[Page], None],
    hanna: User,
    alice: User,
    page: str,
) -> None:
    sign_in(each_look, hanna)
    each_look.goto(f"/host/{page.format(alice.pk)}")
    expect(each_look.get_by_role("navigation", name="Pages of hosts")).to_be_visible()
    check_page(each_look)


def test_an_account_is_found_and_put_out_of_use(
    phone: Page, sign_in: SignIn, hanna: User, alice: User
) -> None:
    sign_in(phone, hanna)
    phone.goto("/settings/")
    phone.get_by_role("link", name="Look after this Limber").click()
    phone.get_by_role("navigation", name="Pages of hosts").get_by_role(
        "link", name="Accounts"
    ).click()
    phone.get_by_label("Name or e-mail").fill("alice")
    phone.get_by_role("button", name="Find").click()
    phone.get_by_role("link", name="Alice Ash").click()
    phone.get_by_role("button", name="Put out of use").click()

    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Go on").click()

    expect(phone.get_by_text("Alice Ash is out of use, and signed out everywhere.")).to_be_visible()
    expect(phone.get_by_role("button", name="Put back in use")).to_be_visible()
