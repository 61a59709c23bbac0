"""Adding files in a browser: sending, breaks, watching, the report and the way back."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from math import ceil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from runners.imports.jobs import read_next
from runners.imports.parts import given
from runners.models import CheckIn, Import, ImportRow, ImportState, Run, User
from tests.browser.conftest import OpenPage, SignIn
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage"]

DATA = Path(__file__).parents[1] / "data"
FILES = [
    DATA / "exports/strava_activities_87_columns.csv",
    DATA / "activities/fit-run-fenix2.fit",
    DATA / "activities/fit-walk-fenix5.fit",
]


@pytest.fixture
def parts(settings: Settings) -> int:
    """How many parts FILES are."""
    settings.IMPORT_PART_BYTES = size = 30_000
    return ceil(sum(path.stat().st_size for path in FILES) / size)


def sent_whole() -> bool:
    """Whether what lies here are FILES, byte by byte; they are kept in the order of their names."""
    brought = Import.objects.get(state=ImportState.WAITING)
    return [(file.name, file.open().read()) for file in given(brought)] == [
        (path.name, path.read_bytes()) for path in FILES[1:] + FILES[:1]
    ]


def drop_at(page: Page, path: Path) -> None:
    """As a hand does from a window of files."""
    tools = page.context.new_cdp_session(page)
    place = page.locator(".place").bounding_box()
    assert place is not None
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    where = {"x": place["x"] + 50, "y": place["y"] + 50, "data": data}
    for kind in ("dragEnter", "dragOver", "drop"):
        tools.send("Input.dispatchDragEvent", {"type": kind, **where})


def test_files_are_sent_watched_and_taken_back(
    each_look: Page, sign_in: SignIn, alice: User, check_page: Callable[[Page], None], parts: int
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/import/")
    check_page(page)
    seen: list[float] = []

    def watched(route: Route) -> None:
        seen.append(page.get_by_role("progressbar").evaluate("bar => bar.position"))
        if len(seen) == 3:
            expect(page.get_by_text("MB sent")).to_be_visible()
            check_page(page)
        route.continue_()

    page.route("**/parts/*/", watched)
    page.set_input_files("#files", FILES)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    assert parts > 4
    assert seen == sorted(set(seen))  # further with each part
    assert (seen[0], len(seen)) == (0, parts)
    assert sent_whole()
    bar = page.locator(".bar .new")
    expect(bar).to_have_attribute("width", "0")
    check_page(page)

    read_next(lambda: not ImportRow.objects.exists())  # a worker that ends after the first few
    expect(page.get_by_text("50 read")).to_be_visible()
    expect(bar).not_to_have_attribute("width", "0")

    page.goto("/today/")
    expect(page.get_by_text("Your files are being read")).to_be_visible()
    read_next()
    page.reload()
    check_page(page)
    page.get_by_role("link", name="Your files are read 90 runs from").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("90 runs added")
    expect(page.get_by_text("could not be read")).to_have_count(0)
    page.get_by_text("left out").last.click()
    expect(page.get_by_text("This was a bike ride.")).to_be_visible()
    check_page(page)

    page.get_by_role("button", name="Undo: take out 90 runs").click()
    expect(page.get_by_text("90 runs taken out again.")).to_be_visible()
    assert not Run.objects.of(alice).exists()


def test_after_a_break_it_goes_on_and_sends_nothing_twice(
    phone: Page, sign_in: SignIn, alice: User, parts: int, troubles: list[str]
) -> None:
    page = phone
    sign_in(page, alice)
    page.goto("/import/")
    arrived: Counter[str] = Counter()
    breaks: Iterator[str] = iter(["", "on its way", "", "before the answer"])

    def broken(route: Route) -> None:
        how = next(breaks, "")
        if how != "on its way":
            arrived[route.request.url] += 1
        if how == "before the answer":
            route.fetch()
        if not how:
            route.continue_()
            return
        route.abort("connectionreset")
        page.evaluate("setTimeout(() => dispatchEvent(new Event('online')), 100)")

    page.route("**/parts/*/", broken)
    page.set_input_files("#files", FILES)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    assert sorted(arrived.values()) == [1] * parts
    assert sent_whole()
    assert len(troubles) == 2
    troubles.clear()


def test_the_same_files_chosen_another_day_go_on_where_they_were(
    phone: Page, sign_in: SignIn, alice: User, check_page: Callable[[Page], None], parts: int
) -> None:
    """Chosen in another order; the page was closed meanwhile, and other files are refused."""
    page = phone
    sign_in(page, alice)
    page.goto("/import/")
    page.on("dialog", lambda dialog: dialog.accept())  # whether to leave
    page.route("**/parts/2/", lambda _: page.evaluate("location.assign('/today/')"), times=1)
    page.set_input_files("#files", FILES)
    page.wait_for_url("**/today/")
    page.goto("/import/")
    expect(page.get_by_role("heading", name="Not all sent yet")).to_be_visible()
    check_page(page)
    page.set_input_files("#files", FILES[:1])
    expect(page.get_by_text("These are not the files that were broken off.")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url.split("/")[-2]))
    page.set_input_files("#files", FILES[::-1])
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    assert [part for part in sent if part.isdecimal()] == [str(n) for n in range(2, parts)]
    assert sent_whole()


def test_a_folder_is_dropped_with_all_that_is_in_it(
    each_look: Page, sign_in: SignIn, alice: User, tmp_path: Path
) -> None:
    page = each_look
    sign_in(page, alice)
    inner = tmp_path / "years" / "2015"
    inner.mkdir(parents=True)
    for number in range(120):  # a browser gives a hundred at once
        (inner / f"{number:03}.txt").write_text("x")
    (inner.parent / "a.fit").write_bytes(FILES[1].read_bytes())
    page.goto("/import/")
    drop_at(page, inner.parent)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    names = list(Import.objects.get().files.values_list("name", flat=True))
    assert names == [*(f"years/2015/{n:03}.txt" for n in range(120)), "years/a.fit"]


def test_a_folder_is_chosen(phone: Page, sign_in: SignIn, alice: User, tmp_path: Path) -> None:
    sign_in(phone, alice)
    (tmp_path / "years" / "2015").mkdir(parents=True)
    (tmp_path / "years" / "2015" / "a.fit").write_bytes(FILES[1].read_bytes())
    phone.goto("/import/")
    phone.get_by_label("Choose a folder").set_input_files(tmp_path / "years")
    expect(phone.get_by_text("Waiting for its turn")).to_be_visible()
    assert Import.objects.get().files.get().name == "years/2015/a.fit"


def test_what_does_not_fit_is_said_beside_the_field(
    phone: Page,
    sign_in: SignIn,
    alice: User,
    settings: Settings,
    check_page: Callable[[Page], None],
) -> None:
    settings.IMPORT_MOST_BYTES = 1_000
    sign_in(phone, alice)
    phone.goto("/import/")
    phone.set_input_files("#files", FILES[1])
    expect(phone.get_by_role("alert")).to_contain_text("fit-run-fenix2.fit is larger than")
    expect(phone.get_by_text("Choose files")).to_be_visible()
    check_page(phone)


def test_a_full_disk_is_said_and_it_goes_on_once_there_is_room(
    phone: Page, sign_in: SignIn, alice: User, settings: Settings, parts: int, troubles: list[str]
) -> None:
    sign_in(phone, alice)
    phone.goto("/import/")
    room = settings.IMPORT_DISK_STAYS_FREE

    def fill(route: Route) -> None:
        settings.IMPORT_DISK_STAYS_FREE = 10**18
        route.continue_()

    phone.route("**/parts/1/", fill, times=1)
    phone.set_input_files("#files", FILES)
    expect(phone.get_by_text("There is no room here just now.")).to_be_visible()
    settings.IMPORT_DISK_STAYS_FREE = room
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_text("Waiting for its turn")).to_be_visible()
    assert sent_whole()
    troubles.clear()


def test_to_start_over_drops_what_was_sent(
    phone: Page, sign_in: SignIn, alice: User, parts: int, troubles: list[str]
) -> None:
    sign_in(phone, alice)
    phone.goto("/import/")
    phone.route("**/parts/2/", lambda route: route.abort("connectionreset"))
    phone.set_input_files("#files", FILES)
    expect(phone.get_by_text("No connection just now.")).to_be_visible()
    phone.get_by_role("button", name="Start over").click()
    expect(phone.get_by_text("Choose files")).to_be_visible()
    expect(phone.get_by_text("Not all sent yet")).to_be_hidden()
    assert Import.objects.get().state == ImportState.STOPPED
    troubles.clear()


def test_without_javascript_it_works_as_well(
    open_page: OpenPage, sign_in: SignIn, alice: User
) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, alice)
    page.goto("/import/")
    expect(page.get_by_text("Choose a folder")).to_be_hidden()
    page.set_input_files("#files", FILES[1:])
    page.get_by_label("Keep the files I give").check()
    page.get_by_role("button", name="Read them").click()
    read_next()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 run added")
    page.get_by_role("button", name="Add it as a run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 runs added")

    page.get_by_text("2 files kept").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=FILES[1].name).click()
    assert download.value.path().read_bytes() == FILES[1].read_bytes()
    page.get_by_role("button", name="Delete these files").click()
    expect(page.get_by_text("2 files deleted.")).to_be_visible()


def test_old_notes_are_offered_and_marked_with_a_tap(
    each_look: Page, sign_in: SignIn, alice: User, check_page: Callable[[Page], None]
) -> None:
    page = each_look
    sign_in(page, alice)
    page.goto("/import/")
    page.set_input_files("#files", DATA / "exports/runkeeper_cardioActivities.csv")
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    read_next()
    expect(page.get_by_role("heading", name="Sore places in your notes")).to_be_visible()
    check_page(page)
    offers = page.locator("form.offer")
    first = offers.filter(has_text="Right knee").first
    first.get_by_role("combobox").select_option("4")
    assert not CheckIn.objects.of(alice).exists()
    first.get_by_role("button", name="Mark it").click()
    expect(page.locator(".notice")).to_be_visible()
    marked = CheckIn.objects.of(alice).get()
    assert marked.partial
    assert [(entry.place, entry.intensity) for entry in marked.entries.all()] == [("right knee", 4)]


def test_a_list_that_is_not_known_is_explained_and_read(
    each_look: Page,
    sign_in: SignIn,
    alice: User,
    check_page: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    page, path = each_look, tmp_path / "pains.csv"
    with (DATA / "diaries/pain_participant8.csv").open() as whole:
        path.write_text("".join(islice(whole, 201)))
    sign_in(page, alice)
    page.goto("/import/")
    page.set_input_files("#files", path)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    read_next()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is what?")
    expect(page.get_by_role("button", name="Add 1 spot")).to_be_visible()
    check_page(page)

    side = page.get_by_label("Where no side is said")
    side.focus()
    side.select_option("right")
    expect(page.get_by_role("button", name="Add 104 spots")).to_be_visible()
    expect(side).to_be_focused()
    page.get_by_label("Highest").fill("9.5")
    page.get_by_label("Worse is").focus()
    expect(page.get_by_text("right knee 5/10").first).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Add 104 spots").click()
    read_next()
    expect(page.get_by_role("heading", level=1)).to_have_text("104 spots added")
    check_page(page)
