from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import User
from tests.browser.conftest import SignIn, wait_until

INLINE_SCRIPT = """() => {
  const script = document.createElement("script")
  script.textContent = "document.title = 'changed by an inline script'"
  document.head.append(script)
}"""


@pytest.mark.postgresql
def test_landing_opens(each_look: Page, check_page: Callable[[Page], None]) -> None:
    each_look.goto("/")
    expect(each_look).to_have_title("Limber: runs, sore spots and what they point to")
    check_page(each_look)


def test_settings_opens(
    each_look: Page,
    sign_in: SignIn,
    check_page: Callable[[Page], None],
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    sign_in(each_look, alice)
    each_look.goto("/settings/")
    expect(each_look.get_by_role("heading", level=1)).to_have_text("Settings")
    check_page(each_look)


def test_inline_script_is_refused(phone: Page, troubles: list[str]) -> None:
    phone.goto("/")
    title = phone.title()
    phone.evaluate(INLINE_SCRIPT)
    wait_until(phone, "true")
    assert phone.title() == title
    assert any("refused by the policy: script-src-elem inline" in trouble for trouble in troubles)
    troubles.clear()


def test_missing_picture_is_noticed(phone: Page, troubles: list[str]) -> None:
    phone.goto("/")
    phone.evaluate("fetch('/static/there-is-no-such-picture.png')")
    phone.wait_for_load_state("networkidle")
    assert len(troubles) == 1
    troubles.clear()
