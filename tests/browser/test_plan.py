"""The plan in a browser: started by keyboard, ticked with and without JavaScript, at every size."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guidance.models import Done, Plan
from runners.models import User
from tests.browser.conftest import OpenPage, SignIn
from tests.browser.test_checks import tab_to
from tests.factories import days_ago, make_done, make_plan, make_soreness
from tests.guidance.plans import PLAN, START, TODAY_PAGE, pelvis_leads

pytestmark = pytest.mark.usefixtures("noon")

TWO = {"plank": "1234567", "cat_cow": "1234567"}


def test_plan_is_started_by_keyboard_alone(desktop: Page, sign_in: SignIn, alice: User) -> None:
    pelvis_leads(alice)
    sign_in(desktop, alice)
    desktop.goto("/guidance/")
    tab_to(desktop, desktop.get_by_role("link", name="Start this plan"))
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="Your plan")).to_be_visible()
    for no in desktop.get_by_role("radio", name="No", exact=True).all():
        tab_to(desktop, no)
        desktop.keyboard.press("Space")
    plank = desktop.get_by_role("region", name="Plank")
    tab_to(desktop, plank.get_by_role("checkbox", name="Tuesday"))
    desktop.keyboard.press("Space")
    tab_to(desktop, desktop.get_by_role("button", name="Start this plan"))
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_text("Your plan has started.")).to_be_visible()
    assert Plan.objects.get().items.get(remedy="remedy:plank").weekdays == "1235"


def test_tick_swaps_the_card_and_keeps_the_focus(phone: Page, sign_in: SignIn, alice: User) -> None:
    make_plan(alice, items=TWO)
    sign_in(phone, alice)
    phone.goto(TODAY_PAGE)
    plank = phone.get_by_role("button", name="Plank")
    plank.press("Enter")
    expect(phone.get_by_text("1 of 2 done")).to_be_visible()
    expect(plank).to_have_attribute("aria-pressed", "true")
    expect(plank).to_be_focused()
    plank.press("Enter")
    expect(phone.get_by_text("0 of 2 done")).to_be_visible()
    assert not Done.objects.exists()


def test_tick_without_javascript(open_page: OpenPage, sign_in: SignIn, alice: User) -> None:
    make_plan(alice, days_ago(1), items=TWO)
    page = open_page(java_script_enabled=False)
    sign_in(page, alice)
    page.goto(TODAY_PAGE)
    page.get_by_role("button", name="Plank").click()
    expect(page.get_by_text("1 of 2 done")).to_be_visible()
    page.goto(PLAN)
    yesterday = page.get_by_role("region", name="Yesterday, Sunday")
    yesterday.get_by_role("button", name="Cat-cow").click()
    expect(yesterday.get_by_text("1 of 2 done")).to_be_visible()
    assert Done.objects.count() == 2


def test_ticking_yesterday_counts_at_once(desktop: Page, sign_in: SignIn, alice: User) -> None:
    make_plan(alice, days_ago(1), items=TWO)
    sign_in(desktop, alice)
    desktop.goto(PLAN)
    yesterday = desktop.get_by_role("region", name="Yesterday, Sunday")
    yesterday.get_by_role("button", name="Plank").click()
    expect(desktop.get_by_text("1 of 2 times done, until yesterday.")).to_be_visible()


def test_pages_of_the_plan_at_every_size(
    each_look: Page, sign_in: SignIn, check_page: Callable[[Page], None], alice: User
) -> None:
    pelvis_leads(alice)
    plan = make_plan(alice, days_ago(20), items=TWO | {"standing_quad_stretch": "135"})
    make_done(plan)
    make_soreness(alice, days_ago(2), area="low_back", side="centre", kind="pain", intensity=5)
    sign_in(each_look, alice)
    for address in (TODAY_PAGE, PLAN, START, "/guidance/"):
        each_look.goto(address)
        check_page(each_look)
    each_look.goto(PLAN)
    each_look.get_by_text("Change it").first.click()
    check_page(each_look)


def test_what_to_do_today_is_in_sight_without_a_scroll(
    phone: Page, sign_in: SignIn, alice: User
) -> None:
    pelvis_leads(alice)
    make_plan(alice, days_ago(3), items=TWO)
    sign_in(phone, alice)
    phone.goto(TODAY_PAGE)
    expect(phone.get_by_role("button", name="Plank")).to_be_in_viewport(ratio=1)
    phone.goto("/guidance/")
    expect(phone.get_by_role("heading", name="What to do this week")).to_be_in_viewport(ratio=1)
    for exercise in phone.locator("#plan .week li").all():
        expect(exercise).to_be_in_viewport(ratio=1)
