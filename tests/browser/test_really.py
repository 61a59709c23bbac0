"""“Really?” in a browser: with its script and without."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import CheckIn, User
from tests.browser.conftest import PHONE, OpenPage, SignIn

CheckPage = Callable[[Page], None]


def test_old_day_of_a_run_is_asked_about(
    each_look: Page,
    sign_in: SignIn,
    check_page: CheckPage,
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    sign_in(each_look, alice)

    each_look.goto("/runs/add/")
    each_look.locator("summary", has_text="change the day").click()
    each_look.get_by_label("Date").fill("2023-11-20")
    each_look.get_by_label("Time").fill("50")
    each_look.get_by_role("button", name="Save run").click()
    question = each_look.get_by_text("That is 3 years ago. Is the date right?")
    expect(question).to_be_in_viewport()
    check_page(each_look)
    each_look.get_by_role("button", name="Save run").click()

    expect(each_look.get_by_text("Run saved.")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False])
@pytest.mark.parametrize("button", ["All clear", "Save check-in"])
def test_old_day_of_a_check_in_is_asked_about(
    open_page: OpenPage,
    sign_in: SignIn,
    check_page: CheckPage,
    alice: User,
    noon: time_machine.Traveller,
    scripted: bool,
    button: str,
) -> None:
    page = open_page(**PHONE, java_script_enabled=scripted)
    sign_in(page, alice)

    page.goto("/check-in/2023-11-20/")
    if button == "Save check-in":
        page.get_by_text("List of areas").click()
        page.get_by_role("button", name="Left hamstring, not marked").last.click()
        page.locator("label", has=page.locator("[name=spot-0-intensity][value='4']")).click()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("That is 3 years ago. Is the date right?")).to_be_visible()
    if scripted:
        check_page(page)
    assert not CheckIn.objects.exists()
    page.get_by_role("button", name=button).click()

    page.wait_for_url(lambda url: "/check-in/" not in url)
    assert str(CheckIn.objects.of(alice).get().day) == "2023-11-20"
