"""An account on a phone and a desk, light and dark: coming in, security, leaving and back."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django import Settings

from runners.models import User
from tests.browser.conftest import SignIn
from tests.factories import PASSWORD, make_invitation

CheckPage = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _noon(noon: time_machine.Traveller) -> None:
    pass


def test_leaving_and_coming_back(
    each_look: Page, sign_in: SignIn, check_page: CheckPage, alice: User
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/settings/delete/")
    check_page(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete this account?")
    check_page(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("7 December 2026")).to_be_visible()

    sign_in(page, alice)
    page.goto("/today/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left Limber")
    check_page(page)
    page.get_by_role("button", name="Come back").click()
    expect(page).to_have_url("/today/")


def test_sign_in_and_security(
    each_look: Page, sign_in: SignIn, check_page: CheckPage, alice: User
) -> None:
    sign_in(each_look, alice)
    each_look.goto("/settings/security/")
    expect(each_look.get_by_text("this device")).to_be_visible()
    check_page(each_look)


def test_accounts_by_invitation(
    each_look: Page, check_page: CheckPage, settings: Settings, bob: User
) -> None:
    settings.SIGN_UP_IS_OPEN = False
    page = each_look
    page.goto("/")
    expect(page.get_by_text("Accounts here are for those who are invited")).to_be_visible()
    check_page(page)
    page.goto("/accounts/signup/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accounts here are by invitation")
    check_page(page)

    page.goto(f"/invitations/{make_invitation(bob).token}/")
    page.get_by_role("link", name="Make an account").click()
    expect(page.get_by_role("button", name="Make my account")).to_be_visible()


def test_asking_to_coach(
    each_look: Page, sign_in: SignIn, check_page: CheckPage, settings: Settings, alice: User
) -> None:
    settings.COACHES_ARE_APPROVED = True
    settings.HOST_NAME = "Riverside Running Club of 1899 and Friends of the Long Distance e. V."
    page = each_look
    sign_in(page, alice)
    page.goto("/invitations/")
    check_page(page)
    page.get_by_role("button", name="Ask to coach").click()
    expect(page.get_by_text("You asked on 23 November 2026")).to_be_visible()
    check_page(page)
