"""Two people side by side: an athlete on a phone and a coach at a desk."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from runners import standing
from runners.models import CoachLink, Invitation, User
from tests.browser.conftest import DESKTOP, PHONE, OpenPage, SignIn
from tests.factories import (
    PASSWORD,
    TODAY,
    days_ago,
    make_check_in,
    make_invitation,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_soreness,
    make_suggestion,
    make_user,
)

CheckPage = Callable[[Page], None]


def enter_password(page: Page, password: str = PASSWORD) -> None:
    """Before a coach may see more."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Go on").click()


def log_some_weeks(runner: User) -> None:
    for back in range(1, 28):
        if back % 3:
            make_soreness(runner, days_ago(back), intensity=4 + back % 3)
        else:
            make_check_in(runner, days_ago(back))
        if back % 2:
            make_run(runner, days_ago(back), effort=4, note="Windy by the river.")


@pytest.fixture
def athlete(phone: Page, sign_in: SignIn, alice: User, noon: time_machine.Traveller) -> Page:
    """Alice's phone."""
    log_some_weeks(alice)
    sign_in(phone, alice)
    return phone


@pytest.fixture
def coach(desktop: Page, sign_in: SignIn, bob: User) -> Page:
    """Bob's desk."""
    sign_in(desktop, bob)
    return desktop


@pytest.mark.postgresql
def test_invite_accept_see_end_see_nothing(athlete: Page, coach: Page, troubles: list[str]) -> None:
    coach.goto("/athletes/")
    coach.get_by_role("link", name="Invite athletes").click()
    coach.get_by_role("button", name="Make a link").click()
    address = coach.get_by_label("Address of this link").input_value()

    athlete.goto(address)
    expect(athlete.get_by_role("heading", level=1)).to_have_text(
        "Bob Birch would like to coach you"
    )
    expect(athlete.get_by_text("Each check-in: which area")).to_be_visible()
    for switch in ("Runs", "Soreness", "Guidance"):
        athlete.get_by_role("checkbox", name=re.compile(f"^{switch}")).check()
    athlete.get_by_role("button", name="Share and accept").click()
    enter_password(athlete)
    expect(athlete.get_by_text("Bob Birch is your coach now")).to_be_visible()
    expect(athlete.get_by_text("Sees: Runs, soreness, guidance and plan")).to_be_visible()

    coach.goto("/athletes/")
    row = coach.get_by_role("row", name="Alice Ash")
    expect(row).to_contain_text(re.compile("left hamstring", re.IGNORECASE))
    row.get_by_role("link", name="Alice Ash").click()
    expect(coach.get_by_role("heading", level=1)).to_contain_text("Alice Ash")
    hers = coach.url
    coach.get_by_role("navigation", name="About Alice").get_by_role("link", name="Diary").click()
    expect(coach.get_by_role("heading", name="Sunday 22 November")).to_be_visible()
    expect(coach.get_by_text("Windy by the river.")).to_have_count(0)

    athlete.goto("/settings/seen-by/")
    expect(athlete.get_by_text("your overview")).to_be_visible()
    expect(athlete.get_by_text("your diary")).to_be_visible()
    athlete.goto("/settings/sharing/")
    athlete.get_by_role("link", name="Change or end").click()
    athlete.get_by_text("End it altogether").click()
    athlete.get_by_role("button", name="End sharing with Bob Birch").click()
    expect(athlete.get_by_text("Bob Birch sees nothing of you any more")).to_be_visible()

    for page in ("", "trends/", "guidance/", "diary/", "notes/"):
        answer = coach.goto(f"{hers}{page}")
        assert answer is not None
        assert answer.status == 404
    coach.goto("/athletes/")
    expect(coach.get_by_role("heading", name="No athletes yet")).to_be_visible()
    troubles.clear()  # Chromium logs each of the five 404s


def test_what_is_switched_off_is_gone_at_the_next_click(
    athlete: Page, coach: Page, alice: User, bob: User
) -> None:
    link = make_link(bob, alice)
    coach.goto(f"/athletes/{alice.pk}/diary/")
    expect(coach.get_by_text("Left hamstring").first).to_be_visible()

    athlete.goto(f"/settings/sharing/{link.pk}/")
    athlete.get_by_role("checkbox", name="Soreness").uncheck()
    athlete.get_by_role("button", name="Save").click()
    expect(athlete.get_by_text("Saved. Bob Birch sees from now on")).to_be_visible()

    coach.reload()
    expect(coach.get_by_text("Alice does not share soreness.")).to_be_visible()
    expect(coach.get_by_text("Left hamstring")).to_have_count(0)


@pytest.mark.postgresql
def test_the_athlete_says_who_the_coach_is_before_anything_is_shown(
    athlete: Page, coach: Page, alice: User, bob: User, check_page: CheckPage, troubles: list[str]
) -> None:
    """No address can be confirmed here, as nobody sends mail."""
    athlete.goto("/settings/sharing/")
    athlete.get_by_label("The coach’s e-mail address").fill("bob@example.org")
    athlete.get_by_role("checkbox", name=re.compile("^Soreness")).check()
    athlete.get_by_role("button", name="Send the invitation").click()
    enter_password(athlete)
    expect(athlete.get_by_text("Would see: Soreness")).to_be_visible()

    coach.goto(f"/invitations/{Invitation.objects.get().token}/")
    coach.get_by_role("button", name="Accept").click()
    expect(coach.get_by_text("Alice Ash is asked now whether it is you.")).to_be_visible()
    answer = coach.goto(f"/athletes/{alice.pk}/")
    assert answer is not None
    assert answer.status == 404
    troubles.clear()  # Chromium logs the 404

    athlete.goto("/today/")
    check_page(athlete)
    athlete.get_by_role("button", name="Yes, this is my coach").click()
    expect(athlete.get_by_text("Sees: Soreness")).to_be_visible()
    check_page(athlete)
    coach.goto(f"/athletes/{alice.pk}/diary/")
    expect(coach.get_by_text("Left hamstring").first).to_be_visible()


def test_turned_on_after_the_password_without_javascript(
    open_page: OpenPage, sign_in: SignIn, alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    link = make_link(bob, alice, "runs")
    page = open_page(**PHONE, java_script_enabled=False)
    sign_in(page, alice)
    page.goto(f"/settings/sharing/{link.pk}/")
    page.get_by_role("checkbox", name=re.compile("^Soreness")).check()
    page.locator("[name=soreness_until]").fill("2026-12-24")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Password").fill("not-this-one-at-all")
    page.get_by_role("button", name="Go on").click()
    enter_password(page)

    expect(page.get_by_text("Saved. Bob Birch sees from now on")).to_be_visible()
    expect(page.get_by_text("Sees: Runs, soreness until 24 December 2026")).to_be_visible()


def test_note_reaches_today_and_is_answered(
    athlete: Page, coach: Page, alice: User, bob: User
) -> None:
    make_link(bob, alice)
    coach.goto(f"/athletes/{alice.pk}/")
    coach.get_by_label("Your words").fill("Easy week, please.\n\nSee https://limber.example/rest")
    coach.get_by_role("radio", name="For Alice").check()
    coach.get_by_role("button", name="Send to Alice").click()
    expect(coach.get_by_text("Easy week, please.")).to_be_visible()

    athlete.goto("/today/")
    card = athlete.locator(".note-today")
    expect(card.get_by_role("heading", name="From Bob Birch")).to_be_visible()
    expect(card.get_by_role("link", name="limber.example/rest")).to_have_attribute(
        "rel", re.compile("nofollow")
    )
    card.get_by_text("Answer", exact=True).click()
    card.get_by_label("Your words").fill("Will do.")
    card.get_by_role("button", name="Send").click()

    coach.goto(f"/athletes/{alice.pk}/notes/")
    expect(coach.get_by_text("Will do.")).to_be_visible()


def test_roster_updates_itself_and_keeps_the_place(
    open_page: OpenPage, sign_in: SignIn, alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    log_some_weeks(alice)
    make_link(bob, alice)
    page = open_page(**DESKTOP)
    sign_in(page, bob)
    page.goto("/athletes/")
    page.get_by_label("Search").fill("ali")
    expect(page).to_have_url(re.compile("q=ali"))
    page.get_by_role("link", name="Alice Ash").focus()

    User.objects.filter(pk=alice.pk).update(name="Alice Ashdown")
    page.evaluate("document.querySelector('#again').dispatchEvent(new Event('refresh'))")

    expect(page.get_by_role("link", name="Alice Ashdown")).to_be_focused()
    expect(page.get_by_label("Search")).to_have_value("ali")
    expect(page).to_have_url(re.compile("q=ali"))


PAGES = {
    "/athletes/": "Athletes",
    "/athletes/teams/": "Teams",
    "/athletes/<alice>/": "Alice Ash",
    "/athletes/<alice>/trends/": "Alice Ash",
    "/athletes/<alice>/guidance/": "Alice Ash",
    "/athletes/<alice>/diary/": "Alice Ash",
    "/athletes/<alice>/notes/": "Alice Ash",
    "/athletes/<alice>/suggest/": "",
    "/athletes/<alice>/end/": "",
    "/invitations/": "Invites",
    "/invitations/<invitation>/": "would like to coach you",
    "/settings/": "Settings",
}


def test_coachs_pages_open(
    each_look: Page,
    sign_in: SignIn,
    check_page: CheckPage,
    alice: User,
    bob: User,
    noon: time_machine.Traveller,
) -> None:
    log_some_weeks(alice)
    make_plan(alice, days_ago(9))
    make_link(bob, alice, team=bob.teams.create(name="Track"))
    make_link(bob, make_user("Wolfeschlegelsteinhausenbergerdorff " + "Hubert " * 5), "guidance")
    make_note(bob, alice)
    make_suggestion(bob, alice)
    make_invitation(bob)
    User.objects.filter(pk=bob.pk).update(is_coach=True)
    other = make_invitation(make_user("Olive Oak"))
    sign_in(each_look, bob)
    for address, heading in PAGES.items():
        path = address.replace("<alice>", str(alice.pk)).replace("<invitation>", other.token)
        each_look.goto(path)
        expect(each_look.get_by_role("heading", level=1)).to_contain_text(heading)
        check_page(each_look)


def test_athletes_pages_open(
    each_look: Page,
    sign_in: SignIn,
    check_page: CheckPage,
    alice: User,
    bob: User,
    noon: time_machine.Traveller,
    troubles: list[str],
) -> None:
    link = make_link(bob, alice, notes_until=TODAY, is_news=True)
    make_link(make_user("Wolfeschlegelsteinhausenbergerdorff"), alice, confirmed_at=None)
    make_link(make_user("Paula Pine"), alice, "", paused_at=timezone.now())
    make_note(bob, alice)
    make_suggestion(bob, alice)
    suggested = make_suggestion(bob, alice, "check:plank")
    standing.renew([alice])
    sign_in(each_look, alice)
    for path in (
        "/today/",
        "/notes/",
        "/settings/sharing/",
        f"/settings/sharing/{link.pk}/",
        "/settings/seen-by/",
        "/invitations/made-up/",
        "/accounts/reauthenticate/",
        f"/suggestions/{suggested.uid}/accept/",
    ):
        each_look.goto(path)
        expect(each_look.get_by_role("heading", level=1)).to_be_visible()
        check_page(each_look)
    assert len(troubles) == 1  # Chromium logs that one of the invitations does not work
    troubles.clear()


@pytest.mark.usefixtures("noon")
def test_invited_without_an_account_signs_up_on_the_way(
    each_look: Page, check_page: CheckPage, bob: User
) -> None:
    page = each_look
    invitation = make_invitation(bob)
    page.goto(f"/invitations/{invitation.token}/")
    check_page(page)
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Password").fill("walk-before-you-run")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_label("Email")).to_have_value("new@example.org")
    page.get_by_label("Password").fill("walk-before-you-run")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("What shall we call you?").fill("Nia")
    page.get_by_label("18 or older").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="None of these").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bob Birch would like to coach you")
    page.get_by_role("button", name="Share and accept").click()
    expect(page.get_by_text("Bob Birch is your coach now")).to_be_visible()
    assert CoachLink.objects.open().get().athlete.name == "Nia"
