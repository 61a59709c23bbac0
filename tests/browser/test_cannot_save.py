"""What a person sees who saves while the database cannot write."""

import re

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import Run, SorenessEntry, User
from runners.web import write_queue
from tests.browser.conftest import LOOKS, PHONE, OpenPage, SignIn
from tests.runners.web.troubles import locked

SAVING = "Limber cannot save just now. What you typed is still here."


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_queue, "TO_SAVE_S", 0.5)


def fill_in(page: Page) -> None:
    page.goto("/runs/add/")
    page.get_by_label("Distance").fill("10")
    page.get_by_label("Time", exact=True).fill("50:00")
    page.locator("summary", has_text="More").click()
    page.get_by_role("textbox", name="Note").fill("Hills, then\nthe left calf was hot")


@pytest.mark.parametrize("look", LOOKS)
def test_a_run_is_kept_without_javascript(
    look: str,
    open_page: OpenPage,
    sign_in: SignIn,
    troubles: list[str],
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    page = open_page(**LOOKS[look], java_script_enabled=False)
    sign_in(page, alice)
    fill_in(page)
    with locked():
        page.get_by_role("button", name="Save run").click()
        expect(page.get_by_role("heading", name=SAVING)).to_be_visible()
        expect(page.get_by_text("the left calf was hot")).to_be_visible()
    assert [trouble for trouble in troubles if "503" not in trouble] == []
    troubles.clear()
    assert not Run.objects.exists()

    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_text("the left calf was hot")).to_be_visible()
    assert Run.objects.get().note.splitlines() == ["Hills, then", "the left calf was hot"]


def test_with_htmx_the_form_stays_and_says_so(
    open_page: OpenPage,
    sign_in: SignIn,
    troubles: list[str],
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    page = open_page(**PHONE)
    sign_in(page, alice)
    page.goto("/check-in/")
    page.get_by_role("group", name="Back").get_by_role("button", name="Right hamstring").click()
    page.get_by_role("radio", name="4 noticeable").locator("xpath=..").click()
    with locked():
        page.get_by_role("button", name="Save check-in").click()
        expect(page.get_by_role("alert")).to_have_text(SAVING)
    assert not SorenessEntry.objects.exists()
    expect(page.get_by_role("radio", name="4 noticeable")).to_be_checked()
    assert [trouble for trouble in troubles if "503" not in trouble] == []
    troubles.clear()

    page.get_by_role("button", name="Save check-in").click()

    expect(page).to_have_url(re.compile("/today/"))
    assert SorenessEntry.objects.get().place == "right hamstring"


def test_with_htmx_a_fault_of_limber_has_an_id_to_name(
    open_page: OpenPage,
    sign_in: SignIn,
    troubles: list[str],
    alice: User,
    noon: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runners.check_ins.views.actions.save_check_in", None)
    page = open_page(**PHONE)
    sign_in(page, alice)
    page.goto("/check-in/")
    page.get_by_role("group", name="Back").get_by_role("button", name="Right hamstring").click()
    page.get_by_role("radio", name="4 noticeable").locator("xpath=..").click()

    with page.expect_response(lambda answer: answer.status == 500) as answered:
        page.get_by_role("button", name="Save check-in").click()

    named = answered.value.headers["x-request-id"]
    expect(page.get_by_role("alert")).to_contain_text(f"write to us about it, name {named}.")
    assert [trouble for trouble in troubles if "500" not in trouble] == []
    troubles.clear()
