"""A page that was open while the same day was changed elsewhere, in a browser."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import SorenessEntry, User
from tests.browser.conftest import SignIn
from tests.factories import TODAY, make_run, make_soreness

CHECK_IN = f"/check-in/{TODAY}/"


@pytest.mark.postgresql
def test_a_spot_changed_in_two_tabs_is_asked_and_saved(
    each_look: Page,
    sign_in: SignIn,
    check_page: Callable[[Page], None],
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    make_soreness(alice, intensity=5)
    sign_in(each_look, alice)
    each_look.goto(CHECK_IN)
    SorenessEntry.objects.update(intensity=6)  # the other tab
    each_look.locator("#spots .scale label").nth(2).click()
    each_look.get_by_role("button", name="Save check-in").click()

    expect(each_look.get_by_role("heading", name="Changed in another window")).to_be_visible()
    check_page(each_look)
    each_look.get_by_role("radio", name="2 tight, as here").check()
    each_look.get_by_role("button", name="Save check-in").click()

    expect(each_look.get_by_text("Saved.")).to_be_visible()
    assert SorenessEntry.objects.get().intensity == 2


def test_a_run_deleted_meanwhile_is_asked_about(
    each_look: Page,
    sign_in: SignIn,
    check_page: Callable[[Page], None],
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    run = make_run(alice)
    sign_in(each_look, alice)
    each_look.goto(f"/runs/{run.uid}/edit/")
    run.deleted_at = run.created_at
    run.save(update_fields=["deleted_at"])  # the other tab
    each_look.locator("summary", has_text="More").click()
    each_look.get_by_role("textbox", name="Note").fill("Windy.")
    each_look.get_by_role("button", name="Save").click()

    expect(each_look.get_by_role("heading", name="Changed in another window")).to_be_visible()
    check_page(each_look)
    each_look.get_by_role("radio", name="Keep it, with what stands here").check()
    each_look.get_by_role("button", name="Save").click()

    expect(each_look.get_by_text("Run changed.")).to_be_visible()
    assert [run.note for run in type(run).objects.of(alice)] == ["Windy."]
