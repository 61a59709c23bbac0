"""Limber in a real Chromium: phone and desktop, light and dark.

Each page is watched: an error in its console, an exception in its scripts or something that the
content security policy refused fails the test. A test that wants one of them says so by looking at
`troubles` and clearing it.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from runners.models import User

Options = dict[str, Any]  # of a browser context, of axe

PHONE: Options = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: Options = {"viewport": {"width": 1280, "height": 900}}
LOOKS: dict[str, Options] = {"phone": PHONE, "desktop": DESKTOP}
# The first is Chromium without windows, which Playwright too takes to run without them: the same
# engine, at a third of the processor time for each new context.
CHROMIUMS = ("chromium-headless-shell", "chromium")
# Without what a test does not need; its sandbox does not work for root.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
REFUSALS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`)
})
"""
# The dark changes the colours alone.
COLOURS: Options = {"runOnly": ["color-contrast", "link-in-text-block"]}
# Is each target large enough, or far enough from others? Some places of the body map cannot be:
# each stands in the list of the check-in as well, at its full size.
TARGETS: Options = {"runOnly": ["target-size"]}
BUT_THE_MAP = {"exclude": [[".body-map"]]}
# Gives nothing of what passed: to hand that over takes long.
RUN_AXE = "async ([where, options]) => (await axe.run(where ?? document, options)).violations"
# How long a page may take to do what a test waits for: much, as the machine may be busy.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

NO_SIDEWAYS_SCROLL = "document.documentElement.scrollWidth <= screen.width"


def wait_until(page: Page, condition: str) -> None:
    """Playwright's own `wait_for_function` compiles in the page, which the policy refuses."""
    page.evaluate(f"""() => new Promise((done) => {{
      const look = () => ({condition} ? done() : setTimeout(look, 20))
      look()
    }})""")


class Hand:
    """Does what a person does, and counts it: taps, fields filled, keys of the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields, self.keys = page, 0, 0, 0

    def tap(self, role: Any, name: str) -> None:
        part = self.page.get_by_role(role, name=name, exact=True).filter(visible=True).first
        part.click(force=role in ("radio", "checkbox"))  # what is seen of one lies over it
        self.taps += 1

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label).fill(words)
        self.fields += 1

    def press(self, keys: str) -> None:
        self.page.keyboard.type(keys)
        self.keys += len(keys)


class OpenPage(Protocol):
    def __call__(self, **options: Any) -> Page: ...


class SignIn(Protocol):
    def __call__(self, page: Page, user: User) -> None: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: in memory all threads of the server would share one connection."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "browser.sqlite3"
        django_settings.DATABASES["default"]["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None:
        problem = f"no Chromium here: apt-get install --no-install-recommends {CHROMIUMS[0]}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(problem, pytrace=False)
        pytest.skip(problem)
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/Vienna"}


@pytest.fixture
def troubles() -> Any:
    """What went wrong in the pages of the test, in words."""
    seen: list[str] = []
    yield seen
    assert seen == []


@pytest.fixture
def open_page(
    troubles: list[str],
    live_server: LiveServer,
    new_context: Callable[..., BrowserContext],
) -> OpenPage:
    """Opens a watched page in a context of its own: `open_page(java_script_enabled=False)`."""

    def open_page(**options: Any) -> Page:
        context = new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(REFUSALS)
        page = context.new_page()
        page.on("console", lambda message: note_console(message, troubles))
        page.on("pageerror", lambda error: troubles.append(f"exception: {error}"))
        return page

    return open_page


def note_console(message: ConsoleMessage, troubles: list[str]) -> None:
    """Keep errors; but a form that comes back (409, 422) is an answer, and Chromium logs it too."""
    answers = any(status in message.text for status in ("409", "422"))
    expected = message.text.startswith("Failed to load resource") and answers
    if message.type == "error" and not expected:
        troubles.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(**PHONE)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    return open_page(**DESKTOP)


@pytest.fixture(params=list(LOOKS))
def each_look(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """A page on a phone and on a desktop: the test runs twice."""
    return open_page(**LOOKS[request.param])


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Gives a page the session of a person, without the sign-in form."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )

    return sign_in


@pytest.fixture
def check_page() -> Callable[[Page], None]:
    """No serious finding of axe, in the light or in the dark, and nothing wider than the screen."""

    def check_page(page: Page) -> None:
        page.wait_for_load_state("load")  # without its styles a page has other colours
        assert serious_findings(page) == []
        assert serious_findings(page, BUT_THE_MAP, **TARGETS) == []
        page.emulate_media(color_scheme="dark")
        assert serious_findings(page, **COLOURS) == [], "in the dark"
        page.emulate_media(color_scheme="light")
        assert page.evaluate(NO_SIDEWAYS_SCROLL), "the page scrolls sideways"

    return check_page


def serious_findings(page: Page, where: Options | None = None, **options: Any) -> list[str]:
    if page.evaluate("typeof axe == 'undefined'"):  # once a page: each time it starts cold again
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(RUN_AXE, [where, {"resultTypes": ["violations"], **options}])
    return [
        f"{rule['id']}: {rule['help']}: {node['target']} {node['html']}"
        for rule in violations
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]
