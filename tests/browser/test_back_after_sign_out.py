"""After signing out, neither the back button nor any cache of the browser shows a person.

Chromium runs with its back/forward cache on, which Playwright turns off unless it is told.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from runners.models import CoachLink, User
from tests.browser.conftest import DESKTOP, PATIENCE_MS, SignIn, wait_until
from tests.factories import (
    TODAY,
    make_check_result,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_soreness,
)
from tests.test_access import TABLE
from tests.test_coach_access import ROWS

# What stands on pages of a person and nowhere else.
PRIVATE = re.compile(
    "Alice|alice@|Bob Birch|bob@|secret of the hills|Your left hamstring|Log a run"
)


@pytest.fixture
def tab(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live_server: LiveServer
) -> Iterator[Page]:
    browser = browser_type.launch(
        **browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = browser.new_context(base_url=live_server.url, **DESKTOP)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    browser.close()


@pytest.fixture
def link(alice: User, bob: User, noon: time_machine.Traveller) -> CoachLink:
    """Alice, with something on every page, and Bob, who coaches her."""
    make_soreness(alice, intensity=7, note="secret of the hills")
    make_check_result(alice, "plank")
    make_plan(alice)
    make_note(bob, alice, "secret of the hills")
    return make_link(bob, alice)


def own_pages(link: CoachLink) -> list[str]:
    """What a person may open, and a stranger may not, by the tables of who may open what."""
    things = {
        "day": str(TODAY),
        "run": str(make_run(link.athlete, note="secret of the hills").uid),
        "alice": str(link.athlete.pk),
        "link": str(link.pk),
    }
    of_herself = [row[2] for row in TABLE if row[1] == "GET" and row[3:5] == ("sign in", 200)]
    of_coaching = [row[2] for row in ROWS if row[1] == "GET" and row[3] == "sign in"]
    found = [
        re.sub(r"<(\w+)>", lambda name: things.get(name[1], ""), path)
        for path in [*of_herself, *of_coaching]
    ]
    return [path for path in found if "//" not in path and not path.endswith(".csv")]


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/")


def go(page: Page, way: str) -> str:
    """Press back or forward; what is shown then."""
    {"back": page.go_back, "forward": page.go_forward}[way](wait_until="commit")
    wait_until(page, "document.readyState === 'complete'")
    return str(page.locator("body").inner_text())


@pytest.mark.parametrize("person", ["athlete", "coach"])
def test_nothing_of_a_person_is_shown(
    person: str, tab: Page, sign_in: SignIn, link: CoachLink
) -> None:
    user = link.athlete if person == "athlete" else link.coach
    sign_in(tab, user)
    opened = []
    for path in own_pages(link):
        answer = tab.goto(path)
        if answer is not None and answer.status == 200:
            opened.append(path)
    assert {"/diary/", "/today/", "/settings/"} <= set(opened)
    sign_out(tab)

    shown = [PRIVATE.findall(go(tab, "back")) for _path in opened]
    shown += [PRIVATE.findall(go(tab, "forward")) for _path in opened[:10]]

    assert [found for found in shown if found] == []


@pytest.mark.parametrize(
    "path", ["/diary/", "/guidance/", "/guidance/summary/", "/guidance/care-first/", "/today/"]
)
def test_the_page_just_left_is_not_shown(
    path: str, tab: Page, sign_in: SignIn, link: CoachLink
) -> None:
    sign_in(tab, link.athlete)
    tab.goto(path)
    sign_out(tab)

    go(tab, "back")
    assert PRIVATE.findall(go(tab, "back")) == []
    assert "/accounts/login/" in tab.url


def test_htmx_keeps_no_page(tab: Page, sign_in: SignIn, link: CoachLink) -> None:
    sign_in(tab, link.athlete)
    tab.goto("/trends/")
    tab.get_by_role("link", name="26 weeks").click()
    expect(tab).to_have_url(re.compile("weeks=26"))
    tab.go_back(wait_until="commit")
    expect(tab).not_to_have_url(re.compile("weeks=26"))
    expect(tab.get_by_role("heading", level=1)).to_be_visible()

    kept = tab.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")

    assert PRIVATE.findall(kept) == []
    assert "<" not in kept


def test_the_next_person_in_the_same_browser_sees_their_own(
    tab: Page, sign_in: SignIn, link: CoachLink, mallory: User
) -> None:
    sign_in(tab, link.athlete)
    for path in ("/diary/", "/today/", "/settings/"):
        tab.goto(path)
    sign_out(tab)
    sign_in(tab, mallory)
    tab.goto("/today/")

    shown = [go(tab, "back") for _page in range(4)]

    assert [text for text in shown if re.search("Alice|secret of the hills", text)] == []


def test_back_still_leads_back_while_signed_in(tab: Page, sign_in: SignIn, link: CoachLink) -> None:
    sign_in(tab, link.athlete)
    tab.goto("/guidance/library/")
    tab.evaluate("scrollTo(0, 300)")
    tab.locator("main a[href^='/guidance/library/remedies/']").last.evaluate("link => link.click()")
    tab.wait_for_url("**/remedies/**")
    tab.go_back(wait_until="commit")
    tab.wait_for_url("**/guidance/library/")
    wait_until(tab, "scrollY > 0")
