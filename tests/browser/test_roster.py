"""The roster in a browser: it updates itself and never takes a coach's place away."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from runners import standing
from runners.models import CoachLink, SharedStanding, User
from runners.models.standing import StandingLevel
from tests.browser.conftest import SignIn
from tests.factories import in_words

A_MINUTE = 61_000  # milliseconds, and a second for the page to notice
CheckPage = Callable[[Page], None]


@pytest.fixture
def coach(bob: User) -> User:
    """Bob with 60 athletes, two pages of them, in two teams and in none."""
    teams = [bob.teams.create(name=name) for name in ("Marathon", "Track")]
    athletes = User.objects.bulk_create(
        User(email=f"many{i}@example.org", name=f"Athlete {i:02}", welcomed_at=timezone.now())
        for i in range(60)
    )
    links = CoachLink.objects.bulk_create(
        CoachLink(
            coach=bob,
            athlete=athlete,
            team=(*teams, None)[i % 3],
            runs=i % 7 > 0,
            soreness=i % 5 > 0,
            guidance=True,
            confirmed_at=timezone.now(),
        )
        for i, athlete in enumerate(athletes)
    )
    today = timezone.localdate()
    SharedStanding.objects.bulk_create(
        SharedStanding(
            link=link,
            level=(*StandingLevel.values, None)[i % 10],
            headline=in_words("Left hamstring keeps coming back: at 3 or more on 17 of 22 days."),
            peaks=[None, *range(11)],
            distance_m=1_000 * i,
            change=i - 30,
            last_log=today - dt.timedelta(days=i),
            as_of=today,
            fresh_until=timezone.now() + dt.timedelta(days=2),
            made_with=standing.made_with(),
        )
        for i, link in enumerate(links)
    )
    return bob


@pytest.fixture
def desk(desktop: Page, sign_in: SignIn, coach: User) -> Page:
    sign_in(desktop, coach)
    desktop.clock.install()
    return desktop


def rename(old: str, new: str) -> None:
    assert User.objects.filter(name=old).update(name=new) == 1


def test_the_list_updates_itself_and_keeps_the_place(desk: Page) -> None:
    desk.goto("/athletes/?sort=name&page=2")
    line = desk.get_by_role("link", name="Athlete 58")
    line.focus()
    desk.evaluate("scrollTo(0, 300)")
    rename("Athlete 57", "Athlete 57 of Vienna")

    desk.clock.run_for(A_MINUTE)

    expect(desk.get_by_role("link", name="Athlete 57 of Vienna")).to_be_visible()
    expect(line).to_be_focused()
    assert desk.evaluate("scrollY") == 300
    expect(desk).to_have_url("/athletes/?sort=name&page=2")


def test_the_update_leaves_alone_what_is_being_typed(desk: Page) -> None:
    desk.goto("/athletes/?sort=name")
    box = desk.get_by_label("Search by name")
    desk.clock.run_for(A_MINUTE - 2_000)
    box.press_sequentially("athlete 1")
    rename("Athlete 12", "Athlete 12 of Vienna")

    desk.clock.run_for(A_MINUTE)

    expect(desk.get_by_role("link", name="Athlete 12 of Vienna")).to_be_visible()
    expect(desk.get_by_role("link", name="Athlete 22")).to_have_count(0)
    expect(box).to_have_value("athlete 1")
    expect(box).to_be_focused()


def test_an_unchanged_list_is_left_as_it_is(desk: Page) -> None:
    desk.goto("/athletes/")
    rename("Athlete 08", "Athlete 08 of Vienna")
    desk.clock.run_for(A_MINUTE)
    expect(desk.get_by_role("link", name="Athlete 08 of Vienna")).to_be_visible()
    desk.evaluate("document.querySelector('.roster').dataset.kept = 'yes'")
    with desk.expect_response("**/athletes/**") as answer:
        desk.clock.run_for(A_MINUTE)

    assert answer.value.status == 304
    expect(desk.locator(".roster[data-kept]")).to_be_visible()


def test_without_a_connection_the_old_list_stays(desk: Page, troubles: list[str]) -> None:
    desk.goto("/athletes/")
    desk.context.set_offline(True)

    with desk.expect_event("requestfailed"):
        desk.clock.run_for(A_MINUTE)

    expect(desk.get_by_role("link", name="Athlete 08")).to_be_visible()
    expect(desk.get_by_role("alert")).to_have_count(0)
    troubles.clear()  # the browser notes that it had no connection


def test_sorting_searching_and_paging_go_on_from_each_other(desk: Page) -> None:
    desk.goto("/athletes/")
    desk.get_by_role("navigation", name="Sort by").get_by_role("link", name="A–Z").click()
    expect(desk).to_have_url("/athletes/?sort=name")
    desk.get_by_role("link", name="Next").click()
    expect(desk.get_by_text("51–60 of 60")).to_be_visible()

    desk.get_by_label("State").select_option("On track")
    desk.clock.run_for(400)

    expect(desk.get_by_text("6 of 60 athletes")).to_be_visible()
    expect(desk.get_by_role("link", name="A–Z")).to_have_attribute("aria-current", "true")
    assert "sort=name" in desk.url
    assert "level=10" in desk.url


def test_a_line_leads_to_the_athlete(phone: Page, sign_in: SignIn, coach: User) -> None:
    sign_in(phone, coach)
    phone.goto("/athletes/?sort=name")

    why = phone.locator(".roster .words").first.bounding_box()
    assert why is not None
    phone.touchscreen.tap(why["x"] + 20, why["y"] + 5)

    expect(phone.get_by_role("heading", level=1)).to_contain_text("Athlete 00")


def test_putting_an_athlete_in_a_team(desk: Page) -> None:
    desk.goto("/athletes/teams/")
    desk.get_by_label("Athlete 02").select_option("Track")

    expect(desk.get_by_text("Saved")).to_be_visible()
    expect(desk.get_by_text("21 athletes")).to_be_visible()


@pytest.mark.parametrize(
    "address", ["/athletes/", "/athletes/?sort=team", "/athletes/?q=nobody", "/athletes/teams/"]
)
def test_pages_look_right(
    each_look: Page, sign_in: SignIn, coach: User, check_page: CheckPage, address: str
) -> None:
    sign_in(each_look, coach)
    each_look.goto(address)

    check_page(each_look)


def test_what_the_list_is_asked_for_is_downloaded_whole(desk: Page) -> None:
    desk.goto("/athletes/")
    desk.get_by_label("Team").select_option("Track")
    expect(desk.locator("#roster")).to_contain_text("20 of 60 athletes")

    with desk.expect_download() as started:
        desk.get_by_role("link", name="Download as CSV").click()

    lines = started.value.path().read_text("utf-8-sig").splitlines()
    assert started.value.suggested_filename == f"limber-athletes-{timezone.localdate()}.csv"
    assert len(lines) == 1 + 20
    assert all(",Track," in line for line in lines[1:])
    expect(desk.get_by_role("link", name="Athlete 01")).to_be_visible()  # the page stays
