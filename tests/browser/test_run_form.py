"""Logging a run by hand, in a few taps and keys, and what its page leads to."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import CheckIn, Run, User
from tests.browser.conftest import PHONE, Hand, OpenPage, SignIn
from tests.factories import days_ago, make_run

CheckPage = Callable[[Page], None]
FILE = Path(__file__).parent.parent / "data" / "activities" / "fit-run-fenix2.fit"


@pytest.fixture
def alices_page(
    each_look: Page, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> Page:
    sign_in(each_look, alice)
    return each_look


def test_a_run_by_hand_takes_five_taps_and_five_keys(alices_page: Page, alice: User) -> None:
    page, hand = alices_page, Hand(alices_page)
    page.goto("/today/")

    hand.tap("link", "Log a run")
    expect(page.get_by_label("Distance")).to_be_focused()  # so it takes no tap
    hand.press("8.4")
    hand.tap("textbox", "Time")
    hand.press("45")
    hand.tap("radio", "5, hard")
    expect(page.get_by_text("5, hard")).to_be_visible()
    hand.tap("button", "Save run")

    expect(page.get_by_role("heading", level=1)).to_have_text("8.40 km")
    run = Run.objects.of(alice).get()
    assert (run.distance_m, run.duration_s, run.effort) == (8_400, 2_700, 5)
    assert hand.taps <= 5
    assert hand.keys <= 5


@pytest.mark.parametrize(
    ("keys", "shown", "seconds"),
    [
        ("45", "45:00", 2_700),
        ("4530", "45:30", 2_730),
        ("10230", "1:02:30", 3_750),
        ("45:00", "45:00", 2_700),
        ("1:02:30", "1:02:30", 3_750),
        ("10239[x]0", "1:02:30", 3_750),
        ("1h05", "1h05", None),
        ("45 min", "45 min", None),
    ],
)
def test_digits_alone_make_a_time(
    open_page: OpenPage,
    sign_in: SignIn,
    alice: User,
    noon: time_machine.Traveller,
    keys: str,
    shown: str,
    seconds: int | None,
) -> None:
    """`[x]` takes one back. What somebody writes otherwise is left as it is."""
    page = open_page(**PHONE)
    sign_in(page, alice)
    page.goto("/runs/add/")
    time = page.get_by_label("Time", exact=True)
    expect(time).to_have_attribute("inputmode", "numeric")

    time.focus()
    for part in keys.split("[x]"):
        if part is not keys.split("[x]")[0]:
            page.keyboard.press("Backspace")
        page.keyboard.type(part)
    time.blur()

    expect(time).to_have_value(shown)
    if seconds:
        page.get_by_role("button", name="Save run").click()
        page.wait_for_url(lambda address: "/runs/add/" not in address)
        assert Run.objects.of(alice).get().duration_s == seconds


@pytest.mark.usefixtures("noon")
def test_without_javascript_the_plain_field_works(
    open_page: OpenPage, sign_in: SignIn, alice: User
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/runs/add/")

    assert page.get_by_label("Time", exact=True).get_attribute("inputmode") is None
    page.get_by_label("Distance").fill("8.4")
    page.get_by_label("Time", exact=True).fill("45")
    page.locator("summary", has_text="change the day").click()
    page.get_by_label("Date").fill("2026-11-21")
    page.locator("summary", has_text="More").click()
    page.locator(".chips label", has_text="easy").click()
    page.get_by_role("button", name="Save run").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("8.40 km")
    run = Run.objects.of(alice).get()
    assert (str(run.day), run.duration_s, run.kind) == ("2026-11-21", 2_700, "easy")


def test_effort_is_cleared_by_a_tap(alices_page: Page, alice: User) -> None:
    page = alices_page
    run = make_run(alice, effort=7, kind="race")
    page.goto(f"/runs/{run.uid}/edit/")

    expect(page.get_by_text("7, very hard")).to_be_visible()
    page.locator(".effort label.open").click()
    expect(page.get_by_text("7, very hard")).to_have_css("opacity", "0")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda address: "/edit/" not in address)

    run.refresh_from_db()
    assert (run.effort, run.kind) == (None, "race")


def test_what_is_noted_or_wrong_under_more_is_open(
    alices_page: Page, check_page: CheckPage, alice: User
) -> None:
    page = alices_page
    page.goto("/runs/add/")
    expect(page.get_by_label("Note", exact=True)).to_be_hidden()
    page.get_by_label("Time", exact=True).fill("45:00")
    page.locator("summary", has_text="More").click()
    page.get_by_label("Did something start").fill("50")
    page.get_by_role("button", name="Save run").click()

    expect(page.get_by_label("Did something start")).to_be_focused()
    expect(page.get_by_text("minute 45 is the last")).to_be_visible()
    check_page(page)


def test_the_day_is_changed_in_its_pill(alices_page: Page, alice: User) -> None:
    page = alices_page
    page.goto("/runs/add/")
    pill = page.locator("summary", has_text="change the day")
    expect(pill).to_contain_text("Today")

    pill.click()
    page.get_by_label("Date").fill("2026-11-21")

    expect(pill).to_contain_text("Sat 21 Nov")


def test_what_a_file_says_is_led_to(alices_page: Page, check_page: CheckPage) -> None:
    page = alices_page
    page.goto("/runs/add/")

    page.locator("input[type=file]").set_input_files(FILE)

    expect(page.locator(".facts")).to_be_focused()
    expect(page.locator("[data-day]")).to_contain_text("Sat 15 Aug 2015")
    check_page(page)


def test_a_saved_run_leads_on(alices_page: Page, check_page: CheckPage, alice: User) -> None:
    page = alices_page
    for back in range(30, 0, -3):
        make_run(alice, days_ago(back))
    stretches = [[200 * n, 280 + n % 5 * 10, 50 + n % 9] for n in range(1, 43)]
    run = make_run(alice, distance_m=8_400, profile=stretches, source="fit", climb_m=40)
    page.goto(f"/runs/{run.uid}/")

    chart = page.get_by_role("img", name="Pace along the run").filter(visible=True)
    expect(chart).to_have_count(1)
    expect(page.get_by_text("Longest run this week: up to 11.0")).to_be_visible()
    expect(page.get_by_role("heading", name="This week so far")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="How are your legs?").click()
    page.get_by_role("button", name="All clear").first.click()

    expect(page).not_to_have_url("/check-in/2026-11-23/")
    assert CheckIn.objects.of(alice).get().day == run.day
