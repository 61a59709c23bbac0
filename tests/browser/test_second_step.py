"""A second step in a real browser: an app's code, and a passkey that the browser itself makes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from runners.models import User
from tests.browser.conftest import SignIn
from tests.factories import PASSWORD
from tests.runners.accounts.second_step.app import code_of, give_app

CheckPage = Callable[[Page], None]
SECURITY = "/settings/security/"


@pytest.fixture
def with_key(phone: Page) -> Page:
    """A phone that has passkeys."""
    session = phone.context.new_cdp_session(phone)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return phone


def give_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def sign_in_by_hand(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_an_app_is_set_up_and_asked_for(
    each_look: Page, sign_in: SignIn, check_page: CheckPage, alice: User
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto(SECURITY)
    check_page(page)
    page.get_by_role("link", name="Use an app").click()
    give_password(page)
    expect(page.get_by_alt_text("The key as a square of dots")).to_be_visible()
    check_page(page)
    secret = page.locator("code.key").inner_text()
    page.get_by_label("The code that it shows").fill(code_of(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes on paper")
    check_page(page)
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_text("10 left")).to_be_visible()
    check_page(page)


def test_a_code_ends_the_sign_in(phone: Page, check_page: CheckPage, alice: User) -> None:
    give_app(alice)
    sign_in_by_hand(phone, alice)
    expect(phone.get_by_role("heading", level=1)).to_have_text("The second step")
    check_page(phone)
    expect(phone.get_by_role("button", name="Use a passkey")).to_be_hidden()
    phone.get_by_label("Code").fill(code_of())
    phone.get_by_role("button", name="Go on").click()
    expect(phone).to_have_url("/today/")


def test_a_passkey_is_added_used_and_removed(
    with_key: Page, sign_in: SignIn, check_page: CheckPage, alice: User
) -> None:
    phone = with_key
    sign_in(phone, alice)
    phone.goto(SECURITY)
    phone.get_by_role("link", name="Add a passkey").click()
    give_password(phone)
    check_page(phone)
    phone.get_by_label("Its name").fill("My phone")
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Codes on paper")

    phone.context.clear_cookies()
    sign_in_by_hand(phone, alice)
    phone.get_by_role("button", name="Use a passkey").click()
    expect(phone).to_have_url("/today/")

    phone.goto(SECURITY)
    expect(phone.get_by_text("Signed in, with a passkey")).to_be_visible()
    phone.get_by_role("link", name="Remove My phone").click()
    give_password(phone)
    check_page(phone)
    phone.get_by_role("button", name="Remove it").click()
    expect(phone.get_by_text("Whoever knows your password then still needs")).to_be_visible()


def test_a_browser_without_passkeys_says_so(
    phone: Page, sign_in: SignIn, check_page: CheckPage, alice: User
) -> None:
    phone.add_init_script("delete window.PublicKeyCredential")
    sign_in(phone, alice)
    phone.goto("/accounts/second-step/passkeys/add/")
    give_password(phone)
    expect(phone.get_by_text("This browser makes no passkeys")).to_be_visible()
    check_page(phone)
