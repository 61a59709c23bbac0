"""Adding files in a browser: choosing, watching, the report and the way back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from runners.imports.jobs import read_next
from runners.models import ImportRow, Run, User
from tests.browser.conftest import OpenPage, SignIn

DATA = Path(__file__).parents[1] / "data"
FILES = [
    DATA / "exports/strava_activities_87_columns.csv",
    DATA / "activities/fit-run-fenix2.fit",
    DATA / "activities/fit-walk-fenix5.fit",
]


def test_files_are_chosen_watched_and_taken_back(
    each_look: Page, sign_in: SignIn, alice: User, check_page: Callable[[Page], None]
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/import/")
    check_page(page)
    page.set_input_files("#files", FILES)
    expect(page.get_by_text("3 files, less than 1 MB")).to_be_visible()
    page.get_by_role("button", name="Read them").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    bar = page.locator(".bar .new")
    expect(bar).to_have_attribute("width", "0")
    check_page(page)

    read_next(lambda: not ImportRow.objects.exists())  # a worker that ends after the first few
    expect(page.get_by_text("50 read")).to_be_visible()
    expect(bar).not_to_have_attribute("width", "0")

    read_next()
    expect(page.get_by_role("heading", level=1)).to_have_text("90 runs added")
    expect(page.get_by_text("could not be read")).to_have_count(0)
    page.get_by_text("left out").last.click()
    expect(page.get_by_text("This was a bike ride.")).to_be_visible()
    check_page(page)

    page.get_by_role("button", name="Undo: take out 90 runs").click()
    expect(page.get_by_text("90 runs taken out again.")).to_be_visible()
    assert not Run.objects.of(alice).exists()


def test_without_javascript_it_works_as_well(
    open_page: OpenPage, sign_in: SignIn, alice: User
) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/import/")
    page.set_input_files("#files", FILES[1:])
    page.get_by_role("button", name="Read them").click()
    read_next()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 run added")


def test_a_list_that_is_not_known_is_explained_and_read(
    each_look: Page, sign_in: SignIn, alice: User, check_page: Callable[[Page], None]
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/import/")
    page.set_input_files("#files", DATA / "diaries/pain_participant8.csv")
    page.get_by_role("button", name="Read them").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    read_next()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is what?")
    expect(page.get_by_role("button", name="Add 47 spots")).to_be_visible()
    check_page(page)

    side = page.get_by_label("Where no side is said")
    side.focus()
    side.select_option("right")
    expect(page.get_by_role("button", name="Add 648 spots")).to_be_visible()
    expect(side).to_be_focused()
    page.get_by_label("Highest").fill("9.5")
    page.get_by_label("Worse is").focus()
    expect(page.get_by_text("right knee 5/10").first).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Add 648 spots").click()
    read_next()
    expect(page.get_by_role("heading", level=1)).to_have_text("648 spots added")
    check_page(page)
