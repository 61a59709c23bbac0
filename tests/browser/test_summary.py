"""The page for a physiotherapist in Chromium: on screen, its button, and on paper."""

import re
from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django import Settings

from runners import demo
from runners.models import User
from tests.browser.conftest import DESKTOP, OpenPage, SignIn
from tests.factories import TODAY

PAGE = "/guidance/summary/"
PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b")
SIZE_OF_PDF = re.compile(rb"/MediaBox\s*\[0 0 (\d+)[.\d]* (\d+)[.\d]*\]")
A4_POINTS = (b"594", b"841")  # 594.96 by 841.92
COUNT_PRINTS = "window.prints = 0; window.print = () => { window.prints += 1 }"
PRINT = "Print or save as PDF"


@pytest.fixture
def ana(db: None, noon: time_machine.Traveller, settings: Settings) -> User:
    """The demo runner, who may sign in only while DEBUG is on."""
    settings.DEBUG = True
    return demo.load(TODAY)


def test_summary_opens(
    each_look: Page, sign_in: SignIn, check_page: Callable[[Page], None], ana: User
) -> None:
    sign_in(each_look, ana)
    each_look.goto(PAGE)
    expect(each_look.get_by_role("heading", level=1)).to_have_text("Ana Mori")
    check_page(each_look)


def test_button_prints(desktop: Page, sign_in: SignIn, ana: User) -> None:
    desktop.add_init_script(COUNT_PRINTS)
    sign_in(desktop, ana)
    desktop.goto(PAGE)
    desktop.get_by_role("button", name=PRINT).click()
    assert desktop.evaluate("window.prints") == 1


def test_without_scripts_the_menu_of_the_browser_is_named(
    open_page: OpenPage, sign_in: SignIn, ana: User
) -> None:
    page = open_page(java_script_enabled=False, **DESKTOP)
    sign_in(page, ana)
    page.goto(PAGE)
    expect(page.get_by_role("button", name=PRINT)).to_be_hidden()
    expect(page.get_by_text("with the menu of your browser")).to_be_visible()


def test_ordinary_case_is_one_page_of_a4(desktop: Page, sign_in: SignIn, ana: User) -> None:
    sign_in(desktop, ana)
    desktop.goto(PAGE)
    pdf = desktop.pdf(prefer_css_page_size=True, print_background=True)
    assert len(PAGE_OF_PDF.findall(pdf)) == 1
    assert SIZE_OF_PDF.findall(pdf) == [A4_POINTS]


def test_paper_holds_the_sheet_alone(desktop: Page, sign_in: SignIn, ana: User) -> None:
    sign_in(desktop, ana)
    desktop.goto(PAGE)
    desktop.emulate_media(media="print")
    expect(desktop.get_by_role("article")).to_be_visible()
    for hidden in (
        desktop.get_by_role("navigation", name="Main"),
        desktop.get_by_role("button", name=PRINT),
        desktop.get_by_role("link", name="Leave my health out"),
    ):
        expect(hidden).to_be_hidden()
