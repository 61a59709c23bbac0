"""The tabs of each page, and the plus between them with what can be added."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from runners.models import User
from tests.browser.conftest import LOOKS, OpenPage, SignIn

pytestmark = pytest.mark.usefixtures("noon")


def plus(page: Page) -> Locator:
    """That of the bar on a phone, that of the header on a desktop."""
    return page.get_by_role("button", name="Add", exact=True)


def menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Add")


def test_plus_opens_and_closes_by_keyboard(
    each_look: Page, sign_in: SignIn, alice: User, check_page: Callable[[Page], None]
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/today/")
    expect(menu(page)).to_be_hidden()

    plus(page).focus()
    page.keyboard.press("Enter")
    check_page(page)
    page.keyboard.press("Tab")
    expect(menu(page).get_by_role("link", name="Check in")).to_be_focused()
    page.keyboard.press("Escape")

    expect(menu(page)).to_be_hidden()
    expect(plus(page)).to_be_focused()


def test_plus_closes_by_a_second_tap_and_by_a_tap_beside_it(
    each_look: Page, sign_in: SignIn, alice: User
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/today/")

    plus(page).click()
    expect(menu(page)).to_be_visible()
    plus(page).click()
    expect(menu(page)).to_be_hidden()

    plus(page).click()
    page.mouse.click(20, 300)
    expect(menu(page)).to_be_hidden()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("name", "heading"),
    [("Check in", "How are your legs?"), ("Log a run", "Log a run"), ("Add files", "Add files")],
)
def test_plus_leads_on_without_a_script(
    open_page: OpenPage, sign_in: SignIn, alice: User, look: str, name: str, heading: str
) -> None:
    page = open_page(**LOOKS[look], java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/diary/")

    plus(page).click()
    menu(page).get_by_role("link", name=name).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_add_files_leads_to_the_file_from_the_form_itself(
    phone: Page, sign_in: SignIn, alice: User
) -> None:
    sign_in(phone, alice)
    phone.goto("/runs/add/")
    phone.evaluate("scrollTo(0, document.body.scrollHeight)")

    plus(phone).click()
    menu(phone).get_by_role("link", name="Add files").click()

    expect(menu(phone)).to_be_hidden()
    expect(phone.locator("#files")).to_be_in_viewport()


def test_bar_fits_the_narrowest_phone(open_page: OpenPage, sign_in: SignIn, bob: User) -> None:
    """A coach who runs has one tab more."""
    bob.is_coach = True
    bob.save(update_fields=["is_coach"])
    page = open_page(**{**LOOKS["phone"], "viewport": {"width": 320, "height": 568}})
    sign_in(page, bob)
    page.goto("/today/")

    bar = page.get_by_role("navigation", name="Tabs")
    expect(bar.get_by_role("link")).to_have_text(
        [re.compile(word) for word in ("Today", "Diary", "Trends", "Guidance", "Athletes")]
    )
    wide = "tabs => [...tabs.children].some(tab => tab.scrollWidth > tab.clientWidth)"
    assert not bar.evaluate(wide)
