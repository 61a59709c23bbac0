"""Warning signs, questions and the library in a browser, on a phone and at a desk."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django import Settings

from guidance.models import Answer, FlagAnswer
from runners import demo
from runners.models import User
from tests.browser.conftest import PHONE, OpenPage, SignIn
from tests.factories import TODAY

CheckPage = Callable[[Page], None]


@pytest.fixture
def ana(db: None, noon: time_machine.Traveller, settings: Settings) -> User:
    settings.DEBUG = True
    return demo.load(TODAY)


@pytest.fixture
def anas_page(each_look: Page, sign_in: SignIn, ana: User) -> Page:
    sign_in(each_look, ana)
    return each_look


def test_a_warning_sign_stays_on_top_until_a_clinician_has_seen_it(
    anas_page: Page, check_page: CheckPage, ana: User
) -> None:
    page = anas_page
    page.goto("/guidance/warning-signs/")
    check_page(page)
    page.get_by_label("Tingling, pins and needles").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Be seen this week")).to_be_visible()
    check_page(page)
    page.goto("/diary/")
    banner = page.get_by_role("link", name="What to do")
    expect(banner).to_be_visible()
    check_page(page)

    banner.click()
    page.get_by_text("Seen by a clinician, or a mistake?").click()
    page.get_by_role("button", name="Note it").click()
    page.goto("/diary/")

    expect(page.get_by_role("link", name="What to do")).to_have_count(0)
    assert FlagAnswer.objects.of(ana).get(yes=True).seen_on == TODAY


def test_an_urgent_sign_shows_no_cause_and_no_plan(phone: Page, ana: User, sign_in: SignIn) -> None:
    sign_in(phone, ana)
    phone.goto("/guidance/warning-signs/")
    phone.get_by_label("Is it impossible to take four steps").check()
    phone.get_by_role("button", name="Save").click()

    expect(phone.get_by_role("heading", name="Get care today")).to_be_visible()
    for gone in ("Pelvic misalignment", "This week", "What would decide best"):
        expect(phone.get_by_role("heading", name=gone)).to_have_count(0)


@pytest.mark.parametrize("path", ["/guidance/care-first/", "/guidance/questions/bone-risk/"])
def test_none_of_these_and_the_others_untick_each_other(
    phone: Page, ana: User, sign_in: SignIn, path: str
) -> None:
    Answer.objects.create(runner=ana, question="ask:care_first", value=["none"], day=TODAY)
    sign_in(phone, ana)
    phone.goto(path)
    boxes = phone.get_by_role("checkbox")
    none, first, second = phone.get_by_label("None of these"), boxes.nth(0), boxes.nth(1)
    first.check()
    second.check()

    none.check()
    assert (first.is_checked(), second.is_checked()) == (False, False)

    second.check()
    assert (first.is_checked(), none.is_checked()) == (False, False)
    assert second.is_checked()


def test_none_of_these_in_each_group_without_javascript(
    open_page: OpenPage, sign_in: SignIn, ana: User
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, ana)
    page.goto("/guidance/warning-signs/")
    for none in page.get_by_role("checkbox", name="None of these").all():
        none.check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="is any of these true")).to_have_count(0)
    assert FlagAnswer.objects.of(ana).filter(yes=False).count() == 18


def test_questions_one_a_screen(anas_page: Page, check_page: CheckPage, ana: User) -> None:
    page = anas_page
    page.goto("/guidance/questions/")
    check_page(page)
    page.goto("/guidance/questions/stretch-effect/")
    check_page(page)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Save").click()

    page.wait_for_url(lambda address: "stretch-effect" not in address)
    assert Answer.objects.get(runner=ana, question="ask:stretch_effect").value == "eases_briefly"
    page.get_by_role("link", name="Skip", exact=True).click()
    page.wait_for_load_state()
    assert Answer.objects.filter(runner=ana).count() == 1


def test_library_finds_and_explains(each_look: Page, check_page: CheckPage, db: None) -> None:
    page = each_look
    page.goto("/guidance/library/")
    check_page(page)
    page.get_by_label("Search the library").fill("seat gap heel")
    page.get_by_role("button", name="Search").click()
    page.wait_for_load_state("networkidle")  # what is asked for and left is an error of htmx
    page.get_by_role("link", name="Heel to seat").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Heel to seat")
    check_page(page)
