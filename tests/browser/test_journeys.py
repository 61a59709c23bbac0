"""What a person does with Limber, from signing up to reading guidance: phone and desk, light and
dark, and where it matters without JavaScript."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django import Settings

from runners import demo
from runners.accounts.forms import SignUpForm
from runners.models import CheckIn, Run, SorenessEntry, User
from tests.browser.conftest import NO_SIDEWAYS_SCROLL, PHONE, Hand, OpenPage, SignIn
from tests.factories import TODAY, days_ago, make_run, make_soreness, make_user

CheckPage = Callable[[Page], None]
CONSENT = SignUpForm.base_fields["consent"].label
FILE = Path(__file__).parent.parent / "data" / "activities" / "fit-run-fenix6x-short-paused.fit"

TALL_PIECES = """() => [...document.querySelectorAll("main *")]
  .filter((piece) => getComputedStyle(piece).breakInside === "avoid" && piece.offsetHeight > 900)
  .map((piece) => piece.className)"""


@pytest.fixture
def ana(db: None, noon: time_machine.Traveller, settings: Settings) -> User:
    """The demo runner, who may sign in only while DEBUG is on."""
    settings.DEBUG = True
    return demo.load(TODAY)


@pytest.fixture
def alices_page(
    each_look: Page, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> Page:
    sign_in(each_look, alice)
    return each_look


def choose(page: Page, intensity: int) -> None:
    """Tap a number of the scale in the spot that is open."""
    page.locator(".spot[open] .scale label").nth(intensity).click()


@pytest.mark.usefixtures("db", "noon")
def test_sign_up_and_first_questions(each_look: Page, check_page: CheckPage) -> None:
    page, hand = each_look, Hand(each_look)
    page.goto("/")
    hand.tap("link", "Make an account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Make an account")
    check_page(page)
    hand.fill("Email", "new@example.org")
    hand.fill("Password", "walk-before-you-run")
    hand.tap("checkbox", CONSENT)
    hand.tap("button", "Make my account")
    # Without a mail server: with one a link in a mail stands in for these two.
    expect(page.get_by_label("Email")).to_have_value("new@example.org")
    hand.fill("Password", "walk-before-you-run")
    hand.tap("button", "Sign in")

    guessed = page.get_by_text("Europe/Vienna time, weeks from Monday, kilometres")
    expect(guessed).to_be_visible()
    expect(page.get_by_label("Time zone")).to_be_hidden()
    check_page(page)
    hand.fill("What shall we call you?", "Nia")
    hand.tap("radio", "18 or older")
    hand.tap("button", "Go on")
    expect(page.get_by_text("Step 2 of 2")).to_be_visible()
    check_page(page)
    hand.tap("button", "None of these")

    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Nia")
    check_page(page)
    assert hand.taps + hand.fields == 11
    newcomer = User.objects.get()
    assert (newcomer.time_zone, newcomer.week_start) == ("Europe/Vienna", 1)


@pytest.mark.usefixtures("db", "noon")
def test_what_was_guessed_can_be_changed(
    phone: Page, sign_in: SignIn, check_page: CheckPage
) -> None:
    newcomer = make_user("New", welcomed_at=None)
    sign_in(phone, newcomer)
    phone.goto("/welcome/")

    phone.get_by_text("Change", exact=True).click()
    check_page(phone)
    phone.get_by_label("Time zone").select_option("Asia/Tokyo")
    phone.get_by_label("Weeks start on").select_option("Sunday")
    phone.get_by_label("miles").check()

    expect(phone.get_by_text("Asia/Tokyo time, weeks from Sunday, miles")).to_be_visible()
    phone.get_by_label("What shall we call you?").fill("Nia")
    phone.get_by_label("18 or older").check()
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_text("Step 2 of 2")).to_be_visible()
    newcomer.refresh_from_db()
    assert (newcomer.time_zone, newcomer.week_start, newcomer.units) == ("Asia/Tokyo", 7, "mi")


@pytest.mark.usefixtures("db", "noon")
def test_without_scripts_nothing_is_guessed_and_all_can_be_chosen(
    open_page: OpenPage, sign_in: SignIn
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, make_user("New", welcomed_at=None, time_zone="UTC"))
    page.goto("/welcome/")
    expect(page.get_by_label("Time zone")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("UTC")


def test_check_in_takes_four_taps(alices_page: Page, check_page: CheckPage, alice: User) -> None:
    page = alices_page
    page.goto("/today/")

    # On day one the map stands on Today itself: the first tap opens the place on the check-in.
    page.get_by_role("group", name="Back").get_by_role("button", name="Left hamstring").click()
    choose(page, 6)
    pill = page.locator(".spot[open] [data-part=pill]")
    expect(pill).to_have_text("6 strong", use_inner_text=True)
    check_page(page)
    page.get_by_role("button", name="Save check-in").click()

    expect(page.get_by_text("6 tight")).to_be_visible()
    spot = SorenessEntry.objects.of(alice).get()
    assert (spot.area, spot.side, spot.intensity, spot.kind) == (
        "hamstring",
        "left",
        6,
        "tightness",
    )


def test_check_in_fits_the_narrowest_phone(
    open_page: OpenPage, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> None:
    page = open_page(**{**PHONE, "viewport": {"width": 320, "height": 640}})
    sign_in(page, alice)
    page.goto("/check-in/")
    page.get_by_role("group", name="Back").get_by_role("button", name="Left hamstring").click()

    times = page.get_by_role("group", name="When")
    pill, words = times.bounding_box(), times.get_by_text("next morning").bounding_box()
    assert pill is not None
    assert words is not None
    assert words["x"] + words["width"] <= pill["x"] + pill["width"]
    assert page.evaluate(NO_SIDEWAYS_SCROLL)


def test_all_clear_takes_one_tap(alices_page: Page, alice: User) -> None:
    alices_page.goto("/today/")

    alices_page.get_by_role("button", name="Nothing bothers me today").click()

    expect(alices_page.get_by_role("heading", name="All clear today")).to_be_visible()
    assert CheckIn.objects.of(alice).count() == 1


def test_left_is_on_the_right_of_the_front_view(alices_page: Page) -> None:
    alices_page.goto("/check-in/")
    front = alices_page.get_by_role("group", name="Front")
    back = alices_page.get_by_role("group", name="Back")

    def x_of(view: str, place: str) -> float:
        group = front if view == "front" else back
        box = group.get_by_role("button", name=place).bounding_box()
        assert box is not None
        assert box["width"] >= 44
        assert box["height"] >= 44
        return box["x"] + box["width"] / 2

    assert x_of("front", "Left quad") > x_of("front", "Right quad")
    assert x_of("back", "Left hamstring") < x_of("back", "Right hamstring")


def test_check_in_by_keyboard_alone(alices_page: Page, alice: User) -> None:
    page = alices_page
    page.goto("/check-in/")
    page.get_by_role("group", name="Back").get_by_role("button", name="Right hamstring").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="4 noticeable").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save check-in").focus()
    page.keyboard.press("Enter")

    expect(page).to_have_url("/today/", timeout=5000)
    assert SorenessEntry.objects.of(alice).get().place == "right hamstring"


def test_check_in_without_javascript(
    open_page: OpenPage, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/check-in/")

    page.get_by_role("group", name="Back").get_by_role("button", name="Left hamstring").click()
    choose(page, 3)
    page.get_by_role("button", name="Save check-in").click()

    expect(page.get_by_text("3 tight")).to_be_visible()
    assert SorenessEntry.objects.of(alice).get().place == "left hamstring"


def test_run_by_hand_works_out_the_pace(
    alices_page: Page, check_page: CheckPage, alice: User
) -> None:
    page = alices_page
    page.goto("/runs/add/")
    page.get_by_label("Distance").fill("10")
    page.get_by_label("Time", exact=True).fill("50:00")

    expect(page.get_by_text("5:00 /km")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Save run").click()

    expect(page.get_by_text("50:00").first).to_be_visible()
    run = Run.objects.of(alice).get()
    assert (run.distance_m, run.duration_s, run.effort) == (10_000, 3_000, None)


def test_pace_is_worked_out_from_what_the_form_takes(alices_page: Page, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(units="mi")
    page = alices_page
    page.goto("/runs/add/")
    distance, time = page.get_by_label("Distance"), page.get_by_label("Time", exact=True)
    for typed, shown in [
        (("6,2", "1:02:00"), "10:00 /mi · 1 h 2 min"),
        ((".5", "4"), "8:00 /mi · 4 min"),
        (("1e3", "45"), "45 min"),
        (("10 km", "1h05"), "10:28 /mi · 1 h 5 min"),
        (("10", "1:40"), "10:00 /mi · 1 h 40 min"),
        ((".25", "1:40"), "6:40 /mi · 1 min 40 s"),
        (("10", "45:60"), ""),
        (("10", "1:60:00"), ""),
    ]:
        distance.fill(typed[0])
        time.fill(typed[1])
        expect(page.locator(".pace")).to_have_text(shown)


def test_run_from_a_file(alices_page: Page, alice: User) -> None:
    page = alices_page
    page.goto("/runs/add/")

    page.locator("input[type=file]").set_input_files(FILE)
    expect(page.get_by_label("Distance")).to_have_value("1.891")
    page.get_by_role("button", name="Save run").click()
    page.wait_for_url(lambda address: "/runs/add/" not in address)

    run = Run.objects.of(alice).get()
    assert run.duration_s == 580
    assert run.day == dt.date(2019, 9, 2)


def test_diary_delete_and_undo(alices_page: Page, check_page: CheckPage, alice: User) -> None:
    run = make_run(alice)
    make_soreness(alice)
    page = alices_page
    page.goto("/diary/")
    check_page(page)
    page.goto(f"/runs/{run.uid}/")
    check_page(page)

    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Run deleted.")).to_be_visible()
    assert not Run.objects.of(alice).exists()
    page.get_by_role("button", name="Undo").first.click()

    page.wait_for_load_state()
    assert Run.objects.of(alice).exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_diary_finds_a_note_unfolds_it_and_jumps_to_a_day(
    open_page: OpenPage,
    sign_in: SignIn,
    check_page: CheckPage,
    alice: User,
    noon: time_machine.Traveller,
    scripts: bool,
) -> None:
    make_run(alice, days_ago(40), note="Along the river. " * 30 + "Stairs at the end.")
    make_soreness(alice, days_ago(1), note="Fine again.")
    make_soreness(alice, days_ago(2))
    page = open_page(**PHONE, java_script_enabled=scripts)
    sign_in(page, alice)
    page.goto("/diary/")
    spot = page.locator(".spot").last.bounding_box()
    assert spot is not None
    assert spot["height"] <= 48, "a spot is one line"

    page.get_by_label("Search in notes").fill("STAIRS")
    page.get_by_label("Search in notes").press("Enter")
    expect(page.locator("#days").get_by_text("Only days with: “STAIRS” in a note")).to_be_visible()
    expect(page.locator("mark")).to_have_text("Stairs")
    expect(page.locator(".day")).to_have_count(1)
    note = page.locator(".day .note")
    whole = note.bounding_box()
    page.get_by_text("Show less").click()
    folded = note.bounding_box()
    assert whole is not None
    assert folded is not None
    assert folded["height"] < 110 < whole["height"]  # four lines
    page.get_by_role("link", name="Clear").click()

    page.get_by_text("Jump to a day").click()
    page.get_by_role("link", name="The month before").click()
    expect(page.get_by_role("heading", name="October 2026")).to_be_visible()
    page.get_by_role("link", name="14 October, not checked in, 1 run").click()
    expect(page.get_by_role("heading", name="Wednesday 14 October")).to_be_in_viewport()
    if scripts:
        check_page(page)


def test_diary_filter_keeps_what_is_searched_for(
    phone: Page, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> None:
    make_soreness(alice, note="Stairs.")
    make_soreness(alice, days_ago(1), area="calf", note="Stairs.")
    make_soreness(alice, days_ago(2), area="calf")
    sign_in(phone, alice)
    phone.goto("/diary/?notes=stairs")
    expect(phone.locator(".day")).to_have_count(2)

    phone.get_by_text("Filter by area or kind").click()
    phone.get_by_label("Area").select_option("Calf")

    expect(phone.locator(".day")).to_have_count(1)
    expect(phone).to_have_url(re.compile(r"notes=stairs&area=calf"))


def test_trends_show_the_weeks(
    each_look: Page, ana: User, sign_in: SignIn, check_page: CheckPage
) -> None:
    page = each_look
    sign_in(page, ana)
    page.goto("/trends/")
    check_page(page)

    page.get_by_role("link", name="26 weeks").click()

    expect(page.get_by_role("rowheader", name="Left hamstring").first).to_be_visible()
    check_page(page)


def test_trends_on_a_phone_need_no_scroll_for_the_chart_and_none_sideways(
    phone: Page, ana: User, sign_in: SignIn
) -> None:
    sign_in(phone, ana)
    phone.goto("/trends/")

    chart = phone.get_by_role("img", name="Distance and left hamstring").bounding_box()
    tabs = phone.get_by_role("navigation", name="Tabs").bounding_box()
    assert chart is not None
    assert tabs is not None
    assert chart["y"] + chart["height"] <= tabs["y"]
    scrolled = "box => box.scrollWidth - box.clientWidth"
    assert phone.get_by_role("region", name="Areas by week").evaluate(scrolled) <= 0


def test_a_week_of_the_chart_is_read_by_a_tap_and_by_keys(
    each_look: Page, ana: User, sign_in: SignIn, check_page: CheckPage
) -> None:
    page = each_look
    sign_in(page, ana)
    page.goto("/trends/")
    read = page.locator("[data-read]")
    chart = page.get_by_role("img", name="Distance and left hamstring")

    chart.locator(".week").nth(10).dispatch_event("pointerdown")
    expect(read).to_contain_text("16–22 Nov 2026")
    page.get_by_role("group", name="Chart").press("End")

    expect(read).to_contain_text("23–29 Nov 2026, not over yet")
    expect(read.get_by_text("Left hamstring, average")).to_be_visible()
    check_page(page)


def test_guidance_shows_no_plan_before_the_warning_signs(
    each_look: Page, ana: User, sign_in: SignIn, check_page: CheckPage
) -> None:
    page = each_look
    sign_in(page, ana)
    page.goto("/guidance/")
    expect(page.get_by_role("heading", name="Left hamstring, ", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="This week")).to_have_count(0)
    check_page(page)

    page.get_by_role("button", name="None of these").click()
    page.get_by_role("link", name="Answer, half a minute").click()
    page.get_by_role("button", name="None of these").click()

    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    check_page(page)


def test_one_warning_sign_stops_the_plan(phone: Page, ana: User, sign_in: SignIn) -> None:
    sign_in(phone, ana)
    phone.goto("/guidance/")

    phone.get_by_role("button", name="One of these", exact=True).click()

    expect(phone.get_by_role("heading", name="Stop and be seen", exact=True)).to_be_visible()
    expect(phone.get_by_role("heading", name="This week")).to_have_count(0)


def test_evidence_leads_to_the_day_in_the_diary(phone: Page, ana: User, sign_in: SignIn) -> None:
    sign_in(phone, ana)
    phone.goto("/guidance/")

    phone.get_by_text("What shows it, with its days").click()
    phone.locator("details.days summary").first.click()
    link = phone.locator("details.days[open] a").first
    day = str(link.get_attribute("href")).removeprefix("/diary/?day=")
    link.click()

    expect(phone.locator(f"#day-{day}")).to_be_visible()


def test_a_stranger_looks_around_as_ana(each_look: Page, ana: User, check_page: CheckPage) -> None:
    page = each_look
    page.goto("/")
    check_page(page)

    page.get_by_role("button", name="Look around as Ana").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Ana")
    expect(page.get_by_role("heading", name="Last 14 days")).to_be_visible()
    check_page(page)


def test_evidence_of_yesterday_is_offered_again(alices_page: Page, alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=4)
    alices_page.goto("/check-in/")

    alices_page.get_by_role("button", name="Same as yesterday").click()

    expect(alices_page.get_by_text("4 noticeable").first).to_be_visible()
    assert not CheckIn.objects.of(alice).filter(day=TODAY).exists()


@pytest.mark.parametrize("path", ["/guidance/", "/diary/"])
def test_paper_has_no_buttons_and_no_empty_page(
    desktop: Page, sign_in: SignIn, ana: User, path: str
) -> None:
    sign_in(desktop, ana)
    desktop.goto(path)
    desktop.emulate_media(media="print")
    desktop.set_viewport_size({"width": 718, "height": 1000})  # of A4, within its margins

    buttons = desktop.locator("button:visible, .button:visible, .ghost:visible")
    assert buttons.all_inner_texts() == []
    seen = desktop.locator(":not(.sr)")  # what is only spoken is not on paper
    for words in ("Edit check-in", "Earlier days", "Filter by"):
        expect(desktop.get_by_text(words).and_(seen).locator("visible=true")).to_have_count(0)
    # What is kept in one piece and does not fit below a heading leaves the heading alone.
    assert desktop.evaluate(TALL_PIECES) == []


def test_the_range_of_trends_is_spoken_and_keeps_the_focus(
    phone: Page, sign_in: SignIn, ana: User
) -> None:
    sign_in(phone, ana)
    phone.goto("/trends/")
    voice = phone.get_by_role("status")
    expect(voice).to_have_text("")

    phone.get_by_role("link", name="26", exact=False).focus()
    phone.keyboard.press("Enter")

    expect(voice).to_contain_text("checked in on")
    expect(phone.locator("#weeks-26")).to_be_focused()
    expect(phone.locator("#weeks-26")).to_have_attribute("aria-current", "true")


def test_earlier_days_are_spoken_and_get_the_focus(
    phone: Page, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> None:
    for day in range(20):
        make_run(alice, days_ago(day))
    sign_in(phone, alice)
    phone.goto("/diary/")
    phone.locator("#earlier").focus()

    expect(phone.get_by_role("heading", name="Monday 9 November")).to_be_focused()
    expect(phone.get_by_role("status")).to_have_text("Earlier days, from Monday 9 November")


@pytest.mark.usefixtures("db", "noon")
def test_a_wrong_password_gets_the_focus(phone: Page) -> None:
    phone.goto("/accounts/login/")
    phone.get_by_label("Email").fill("nobody@example.org")
    phone.get_by_label("Password").fill("wrong")
    phone.get_by_role("button", name="Sign in").click()

    expect(phone.locator(".errorlist")).to_be_focused()


def test_what_was_saved_gets_the_focus(phone: Page, sign_in: SignIn, alice: User) -> None:
    sign_in(phone, alice)
    phone.goto("/settings/")
    expect(phone.locator("body")).to_be_focused()
    phone.get_by_label("Name").fill("Alma")
    phone.get_by_role("button", name="Save").click()

    expect(phone.locator(".notice", has_text="Saved.")).to_be_focused()

    phone.get_by_label("Name").fill("")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_label("Name")).to_be_focused()


@pytest.mark.browser_context_args(timezone_id="Asia/Tokyo")
def test_away_from_home_one_line_offers_to_change_the_time_zone(
    open_page: OpenPage, sign_in: SignIn, check_page: CheckPage, alice: User, noon: object
) -> None:
    page = open_page(**PHONE)
    sign_in(page, alice)
    page.goto("/today/")
    expect(page.get_by_text("You seem to be on Asia/Tokyo time.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Keep them").click()
    page.reload()
    expect(page.get_by_text("You seem to be on")).to_be_hidden()
    page.evaluate("localStorage.clear()")
    page.reload()
    page.get_by_role("button", name="Change my days").click()
    expect(page.get_by_text("Your days are on Asia/Tokyo time now.")).to_be_visible()
    expect(page.get_by_text("You seem to be on")).to_be_hidden()


@pytest.mark.browser_context_args(timezone_id="Europe/Berlin")
def test_where_the_clock_is_the_same_nothing_is_offered(
    open_page: OpenPage, sign_in: SignIn, alice: User, noon: object
) -> None:
    page = open_page(**PHONE)
    sign_in(page, alice)
    page.goto("/today/")
    expect(page.get_by_role("heading", name="Tap where it bothers you")).to_be_visible()
    expect(page.get_by_text("You seem to be on")).to_be_hidden()
