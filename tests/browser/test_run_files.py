"""Files that need a word of their runner before anything is saved."""

from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from runners.models import Run, User
from tests.browser.conftest import PHONE, OpenPage, SignIn
from tests.runners.activity_files.small_files import fit, session

CheckPage = Callable[[Page], None]
FIRST, DAY = 1_083_744_000, 86_400  # 4 May 2024, 08:00 in UTC


@pytest.fixture
def alices_page(
    each_look: Page, sign_in: SignIn, alice: User, noon: time_machine.Traveller
) -> Page:
    sign_in(each_look, alice)
    return each_look


@pytest.fixture
def three_runs(tmp_path: Path) -> Path:
    """The last of them slower than a stroll."""
    sessions = (session(FIRST + n * DAY, distance_m=(5_000, 6_000, 900)[n]) for n in range(3))
    path = tmp_path / "runs.fit"
    path.write_bytes(fit(b"".join(sessions)))
    return path


def test_runs_of_one_file_are_chosen_from(
    alices_page: Page, check_page: CheckPage, alice: User, three_runs: Path
) -> None:
    page = alices_page
    page.goto("/runs/add/")

    page.locator("input[type=file]").set_input_files(three_runs)
    expect(page.get_by_text("There are 3 runs in your file.")).to_be_visible()
    expect(page.get_by_label("6 May 2024")).not_to_be_checked()
    check_page(page)
    page.get_by_label("4 May 2024").uncheck()
    page.get_by_role("button", name="Save the ticked runs").click()

    expect(page.get_by_text("Run saved.")).to_be_visible()
    assert Run.objects.of(alice).get().distance_m == 6_000


@pytest.mark.usefixtures("noon")
def test_runs_of_one_file_without_javascript(
    open_page: OpenPage, sign_in: SignIn, alice: User, three_runs: Path
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/runs/add/")

    page.locator("input[type=file]").set_input_files(three_runs)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Save the ticked runs").click()

    expect(page.get_by_text("2 runs saved.")).to_be_visible()
    assert Run.objects.of(alice).count() == 2


def test_a_ride_is_asked_about(
    alices_page: Page, check_page: CheckPage, alice: User, tmp_path: Path
) -> None:
    page = alices_page
    path = tmp_path / "ride.fit"
    path.write_bytes(fit(session(distance_m=15_000)))
    page.goto("/runs/add/")

    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Was it a run?")).to_be_visible()
    page.get_by_role("button", name="Save run").click()
    expect(page.get_by_text("Tick this if it was a run.")).to_be_visible()
    check_page(page)
    page.get_by_label("Yes, it was a run.").check()
    page.get_by_role("button", name="Save run").click()
    page.wait_for_url(lambda address: "/runs/add/" not in address)

    assert Run.objects.of(alice).get().distance_m == 15_000
