"""Self-checks in a browser: by keyboard alone, without JavaScript, and at every size."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from guidance.models import CheckResult
from runners.models import User
from tests.browser.conftest import LOOKS, OpenPage, SignIn
from tests.factories import days_ago, make_check_result

pytestmark = pytest.mark.usefixtures("noon")

LEAD_MS = 5000  # to get into position
MOST_TABS = 40  # nothing on these pages lies further away


def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus, as somebody without a mouse would."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if control.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {control}")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press(key)


def test_a_whole_check_by_keyboard_alone(desktop: Page, sign_in: SignIn, alice: User) -> None:
    sign_in(desktop, alice)
    desktop.clock.install()
    desktop.goto("/guidance/checks/plank/")
    press(desktop, "None of these: start")
    press(desktop, "Start")
    expect(desktop.get_by_text("Get ready.")).to_be_attached()
    desktop.clock.run_for(LEAD_MS + 64_500)
    expect(desktop.get_by_role("timer")).to_contain_text("1:04")
    desktop.keyboard.press("Space")
    expect(desktop.get_by_label("Seconds held")).to_have_value("64")
    press(desktop, "Save result")
    expect(desktop.get_by_role("heading", name="For guidance")).to_be_visible()
    assert CheckResult.objects.get().value == 64


def test_the_beat_counts_repetitions_of_one_side(phone: Page, sign_in: SignIn, alice: User) -> None:
    sign_in(phone, alice)
    phone.clock.install()
    phone.goto("/guidance/checks/hamstring-bridge/?first=none")
    phone.get_by_role("button", name="Start left side").click()
    phone.clock.run_for(LEAD_MS + 21_000)
    phone.get_by_role("button", name="Stop left side").click()
    left, right = phone.get_by_role("group", name="Left"), phone.get_by_role("group", name="Right")
    expect(left.get_by_label("How many")).to_have_value("10")
    expect(right.get_by_label("How many")).to_have_value("")


def test_the_countdown_ends_by_itself(phone: Page, sign_in: SignIn, alice: User) -> None:
    sign_in(phone, alice)
    phone.clock.install()
    phone.goto("/guidance/checks/heel-dig/?first=none")
    phone.get_by_role("button", name="Start").click()
    phone.clock.run_for(LEAD_MS + 4_000)
    expect(phone.get_by_role("status").get_by_text("Time is up.")).to_be_attached()
    expect(phone.get_by_role("button", name="Start")).to_be_visible()


def test_a_check_without_javascript(open_page: OpenPage, sign_in: SignIn, alice: User) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/guidance/checks/plank/")
    page.get_by_role("button", name="None of these: start").click()
    expect(page.get_by_role("timer")).to_be_hidden()
    page.get_by_label("Seconds held").fill("7300")
    page.get_by_role("button", name="Save result").click()
    expect(page.get_by_text("This can only be 0 to 7200 seconds.")).to_be_visible()
    page.get_by_label("Seconds held").fill("73")
    page.get_by_role("button", name="Save result").click()
    expect(page.get_by_role("heading", name="Beside the usual ranges")).to_be_visible()


def test_a_mistake_gets_the_focus(phone: Page, sign_in: SignIn, alice: User) -> None:
    sign_in(phone, alice)
    phone.goto("/guidance/checks/heel-to-seat/?first=none")
    phone.get_by_role("group", name="Left").get_by_label("Centimetres").fill("4")
    phone.get_by_role("button", name="Save result").click()
    expect(phone.get_by_role("group", name="Right").get_by_label("Centimetres")).to_be_focused()


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_checks_open(
    open_page: OpenPage,
    sign_in: SignIn,
    check_page: Callable[[Page], None],
    alice: User,
    look: str,
) -> None:
    for ago, left in ((50, 8), (20, 9), (2, 11)):
        make_check_result(alice, "single_leg_bridge", days_ago(ago), left=left, right=14)
    page = open_page(**LOOKS[look])
    sign_in(page, alice)
    for address in (
        "",
        "single-leg-bridge/result/",
        "sit-bone/",
        "sit-bone/?first=none",
        "hamstring-bridge/?first=none",
    ):
        page.goto(f"/guidance/checks/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check_page(page)


# The phone's own level

TURN = """([beta, gamma]) => window.dispatchEvent(
  new DeviceOrientationEvent("deviceorientation", {alpha: 0, beta, gamma})
)"""


LEVEL_S = 15  # from the tap until the angle is taken


def turn(page: Page, beta: float, gamma: float = 0, seconds: float = 1.2) -> None:
    """Hold the phone so for a while."""
    for _ in range(round(seconds * 10)):
        page.evaluate(TURN, [beta, gamma])
        page.clock.run_for(100)


def stand_still(page: Page, path: str) -> None:
    """Open a page on which time goes on only where a test says so, however busy the machine is."""
    # It may read the sensors, as in a Chromium with windows, which does not ask.
    page.context.grant_permissions(["accelerometer", "gyroscope"])
    begun = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
    page.clock.install(time=begun)
    page.goto(path)
    page.clock.pause_at(begun + dt.timedelta(minutes=10))


def measure(side: Locator, name: str = "Measure with the phone") -> None:
    """It begins once the browser says that the sensors may be read: that may take it a moment."""
    side.get_by_role("button", name=name).click()
    expect(side.get_by_role("button", name="Take it now")).to_be_visible()


@pytest.fixture
def leg_raise(phone: Page, sign_in: SignIn, alice: User) -> Page:
    sign_in(phone, alice)
    stand_still(phone, "/guidance/checks/straight-leg-raise/?first=none")
    return phone


def test_who_is_alone_holds_the_leg_until_it_sounds(leg_raise: Page) -> None:
    page = leg_raise
    left = page.get_by_role("group", name="Left")
    expect(page.get_by_text("With a phone: strap it to the shin")).to_be_visible()
    measure(left, "Measure with the phone left side")
    turn(page, 30)
    expect(left.get_by_text("30°")).to_be_visible()
    expect(left.get_by_text("taken in 14 s")).to_be_visible()
    turn(page, 4, seconds=8)
    turn(page, 81, seconds=0.5)  # swung through, not held
    turn(page, 72, seconds=LEVEL_S - 1.2 - 8.5)
    expect(left.get_by_label("Degrees")).to_have_value("72")
    turn(page, 85, seconds=3)  # off the leg, in the hand
    expect(left.get_by_label("Degrees")).to_have_value("72")
    expect(left.get_by_text("Filled in below: 72°")).to_be_visible()
    expect(left.get_by_role("button", name="Measure with the phone")).to_be_focused()
    right = page.get_by_role("group", name="Right")
    expect(right.get_by_label("Degrees")).to_have_value("")
    right.get_by_label("Degrees").fill("75")
    page.get_by_role("button", name="Save result").click()
    expect(page.get_by_role("heading", name="For guidance")).to_be_visible()
    saved = CheckResult.objects.get()
    assert (saved.left, saved.right) == (72, 75)


def test_an_angle_that_moves_as_it_is_read_is_not_taken(leg_raise: Page) -> None:
    left = leg_raise.get_by_role("group", name="Left")
    measure(left)
    turn(leg_raise, 60, seconds=LEVEL_S - 0.5)
    turn(leg_raise, 80, seconds=1)
    expect(left.get_by_text("The phone moved as it was read.")).to_be_visible()
    expect(left.get_by_label("Degrees")).to_have_value("")


def test_a_helper_takes_it_at_once_or_stops(leg_raise: Page) -> None:
    left = leg_raise.get_by_role("group", name="Left")
    measure(left)
    turn(leg_raise, 66)
    left.get_by_role("button", name="Take it now").click()
    expect(left.get_by_label("Degrees")).to_have_value("66")
    measure(left)
    turn(leg_raise, 20)
    left.get_by_role("button", name="Stop").click()
    turn(leg_raise, 20, seconds=LEVEL_S)
    expect(left.get_by_text("Stopped.")).to_be_visible()
    expect(left.get_by_label("Degrees")).to_have_value("66")


@pytest.mark.parametrize(
    ("beta", "gamma", "angle"),
    [(72, 0, 72), (-72, 0, 72), (90, 0, 90), (100, 0, 100), (30, 40, 30)],
)
def test_however_the_phone_lies_on_the_shin_the_angle_is_that_of_the_leg(
    leg_raise: Page, beta: float, gamma: float, angle: int
) -> None:
    left = leg_raise.get_by_role("group", name="Left")
    measure(left)
    turn(leg_raise, beta, gamma)
    expect(left.get_by_text(f"{angle}°", exact=True)).to_be_visible()


def test_without_a_sensor_it_says_so_and_the_number_is_typed(leg_raise: Page) -> None:
    left = leg_raise.get_by_role("group", name="Left")
    measure(left)
    leg_raise.clock.run_for(2_100)
    expect(left.get_by_text("Fill it in by hand below.")).to_be_visible()
    expect(left.get_by_role("button", name="Measure with the phone")).to_be_visible()
    left.get_by_label("Degrees").fill("70")


def test_who_does_not_allow_it_types_the_number(leg_raise: Page) -> None:
    leg_raise.evaluate("() => { DeviceOrientationEvent.requestPermission = async () => 'denied' }")
    left = leg_raise.get_by_role("group", name="Left")
    left.get_by_role("button", name="Measure with the phone").click()
    expect(left.get_by_text("Fill it in by hand below.")).to_be_visible()


@pytest.mark.parametrize(
    ("beta", "words"), [(-9, "Below level"), (1, "Level"), (-2, "Level"), (6, "Above level")]
)
def test_the_thigh_is_below_level_or_above(
    phone: Page, sign_in: SignIn, alice: User, beta: float, words: str
) -> None:
    sign_in(phone, alice)
    stand_still(phone, "/guidance/checks/thomas-edge/?first=none")
    left = phone.get_by_role("group", name="Left").first
    measure(left)
    turn(phone, 40)  # on the way down
    turn(phone, beta, seconds=LEVEL_S - 1.1)
    expect(left.get_by_label(words, exact=True)).to_be_checked()


def test_only_a_check_that_measures_an_angle_may_read_the_sensors(
    phone: Page, sign_in: SignIn, alice: User
) -> None:
    sign_in(phone, alice)
    for address, allowed in {
        "straight-leg-raise/?first=none": True,
        "straight-leg-raise/": False,
        "plank/?first=none": False,
    }.items():
        phone.goto(f"/guidance/checks/{address}")
        asks = "document.featurePolicy.allowsFeature('gyroscope')"
        assert phone.evaluate(asks) is allowed, address
