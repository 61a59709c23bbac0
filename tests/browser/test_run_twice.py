"""“Is this the run you have?” in a browser: with its script and without."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import Run, User
from tests.browser.conftest import PHONE, OpenPage, SignIn
from tests.factories import make_run

FILE = Path(__file__).parents[1] / "data/activities/fit-run-fr610-paired.fit"
DAY = dt.date(2012, 10, 19)  # of the file, 8.38 km in 47:37

CheckPage = Callable[[Page], None]


def test_file_of_a_typed_run_is_asked_about(
    each_look: Page,
    sign_in: SignIn,
    check_page: CheckPage,
    alice: User,
    noon: time_machine.Traveller,
) -> None:
    run = make_run(alice, DAY, distance_m=8_400, duration_s=2_857, effort=6, note="Windy, wet.")
    sign_in(each_look, alice)

    each_look.goto("/runs/add/")
    each_look.set_input_files("#id_file", FILE)
    expect(each_look.get_by_text("Read from your FIT file.")).to_be_visible()
    each_look.get_by_role("button", name="Save run").click()
    expect(each_look.get_by_role("heading", level=2)).to_have_text("Is this the run you have?")
    check_page(each_look)
    each_look.get_by_role("button", name="Yes, the same run").click()

    expect(each_look.get_by_text("Saved as one run.")).to_be_visible()
    assert Run.objects.of(alice).get().pk == run.pk


@pytest.mark.parametrize("scripted", [True, False])
def test_typed_again_is_another_run_if_the_runner_says_so(
    open_page: OpenPage,
    sign_in: SignIn,
    alice: User,
    noon: time_machine.Traveller,
    scripted: bool,
) -> None:
    make_run(alice, distance_m=10_000, duration_s=3_000)
    page = open_page(**PHONE, java_script_enabled=scripted)
    sign_in(page, alice)

    page.goto("/runs/add/")
    page.get_by_label("Distance (km)").fill("10")
    page.get_by_label("Time").fill("50")
    page.locator("summary", has_text="More").click()
    page.get_by_role("textbox", name="Note").fill("The second one.\nWith two lines.")
    page.get_by_role("button", name="Save run").click()
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value(
        "The second one.\nWith two lines."
    )
    page.get_by_role("button", name="Save run").click()
    page.get_by_role("button", name="No, another run").click()

    expect(page.get_by_text("Run saved.")).to_be_visible()
    assert sorted(run.note for run in Run.objects.of(alice)) == [
        "",
        "The second one.\r\nWith two lines.",
    ]
