"""A new password by mail: sessions end, and nobody reads by a link that was made before."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from guidance.models import Plan
from runners import standing
from runners.accounts.password_reset import reset_password
from runners.digests import coach_mail as your_athletes
from runners.digests import unsubscribing as stopping
from runners.models import AccessRecord, CoachLink, InvitationKind, SharedStanding, User
from runners.models.digests import DigestKind
from runners.weeks import week_of
from tests.factories import (
    PASSWORD,
    TODAY,
    days_ago,
    make_invitation,
    make_link,
    make_plan,
    make_soreness,
)
from tests.pages import carried
from tests.races import signed_in
from tests.signing_in import give_password

NEW = "another-long-one-42"
pytestmark = pytest.mark.usefixtures("noon")


def reset(user: User) -> Client:
    """In another browser, by the link that was mailed; then signed in."""
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    page = browser.get(link[1], follow=True)
    browser.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    browser.post("/accounts/login/", {"login": user.email, "password": NEW})
    return browser


def pages_of(coach: Client, athlete: User) -> set[int]:
    pages = ("", "trends/", "guidance/", "diary/", "notes/", "suggest/", "end/")
    return {coach.get(f"/athletes/{athlete.pk}/{page}").status_code for page in pages}


@pytest.fixture
def spied_on(alice: User, mallory: User) -> CoachLink:
    """Somebody knew Alice's password and let their own account read."""
    make_soreness(alice)
    link = make_link(mallory, alice, started_at=timezone.now() - dt.timedelta(days=30))
    standing.renew([alice])
    return link


def test_every_session_ends(alice: User) -> None:
    spy = signed_in(alice)
    assert spy.get("/diary/").status_code == 200

    reset(alice)

    assert spy.get("/diary/")["Location"].startswith("/accounts/login/")
    assert not Client().login(email=alice.email, password=PASSWORD)


@pytest.mark.slow
def test_who_could_read_reads_nothing_until_the_athlete_has_answered(
    alice: User, mallory: User, spied_on: CoachLink
) -> None:
    coach = signed_in(mallory)
    assert pages_of(coach, alice) == {200}
    assert "Alice Ash" in coach.get("/athletes/").text
    looks = AccessRecord.objects.count()

    reset(alice)

    assert pages_of(coach, alice) == {404}
    assert "Alice Ash" not in coach.get("/athletes/").text
    assert "Alice" not in coach.get("/athletes/", headers={"HX-Request": "true"}).text
    assert AccessRecord.objects.count() == looks


@pytest.mark.slow
def test_no_page_of_the_coach_names_or_counts_the_athlete(alice: User, bob: User) -> None:
    team = bob.teams.create(name="Track")
    make_link(bob, alice, team=team, invitation=make_invitation(bob, used=1, team=team))
    coach = signed_in(bob)
    assert "Accepted by Alice Ash" in coach.get("/invitations/").text
    assert "1 athlete" in coach.get("/athletes/teams/").text

    reset(alice)

    for page in ("/invitations/", "/athletes/", "/athletes/teams/"):
        assert "Alice" not in coach.get(page).text
    assert "1 athlete" not in coach.get("/athletes/teams/").text


def test_no_line_of_the_roster_is_left_or_mailed(
    alice: User, mallory: User, spied_on: CoachLink
) -> None:
    assert SharedStanding.objects.filter(link=spied_on).exists()

    reset(alice)
    standing.renew([alice])  # a log, or the hourly command
    standing.renew_stale_links(mallory)

    assert not SharedStanding.objects.filter(link=spied_on).exists()
    assert your_athletes.mail(mallory, week_of(TODAY, 1)) is None


@pytest.mark.slow
def test_the_runner_is_asked_on_today_and_on_the_page_of_sharing(
    alice: User, spied_on: CoachLink
) -> None:
    browser = reset(alice)

    for path in ("/today/", "/settings/sharing/"):
        page = browser.get(path).text
        assert "Is Mallory Maple your coach?" in page
        assert "Mallory Maple (mallory@example.org) could, since 24 October 2026." in page
    browser.get("/today/")
    assert "Is Mallory Maple your coach?" in browser.get("/today/").text


@pytest.mark.slow
def test_yes_asks_for_the_new_password_and_shows_again(
    alice: User, mallory: User, spied_on: CoachLink
) -> None:
    browser = reset(alice)
    yes = f"/settings/sharing/{spied_on.pk}/confirm/"

    asked = browser.post(yes)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert pages_of(signed_in(mallory), alice) == {404}
    answered = browser.post(asked["Location"], {"password": NEW})

    assert answered["Location"] == "/settings/sharing/"
    assert pages_of(signed_in(mallory), alice) == {200}


def test_no_ends_it(alice: User, spied_on: CoachLink) -> None:
    reset(alice).post(f"/settings/sharing/{spied_on.pk}/end/")

    spied_on.refresh_from_db()
    assert spied_on.ended_by == alice


def test_a_page_of_before_cannot_answer(alice: User, spied_on: CoachLink) -> None:
    spy = give_password(signed_in(alice))
    spy.get("/settings/sharing/")
    reset(alice)

    answer = spy.post(f"/settings/sharing/{spied_on.pk}/confirm/")

    assert answer["Location"].startswith("/accounts/login/")
    assert not CoachLink.objects.open().exists()


def test_narrowing_while_it_is_asked_needs_no_password_and_opens_nothing(
    alice: User, spied_on: CoachLink
) -> None:
    browser = reset(alice)

    page = f"/settings/sharing/{spied_on.pk}/"
    browser.post(page, {"runs": "on", **carried(browser, page)})

    spied_on.refresh_from_db()
    assert (spied_on.runs, spied_on.soreness, spied_on.is_open) == (True, False, False)


def test_an_invitation_of_before_makes_no_link(alice: User, mallory: User) -> None:
    to_spy = make_invitation(
        alice, InvitationKind.COACH, email=mallory.email, runs=True, soreness=True
    )
    to_athlete = make_invitation(alice)

    reset(alice)

    assert signed_in(mallory).post(f"/invitations/{to_spy.token}/accept/").status_code == 404
    assert not CoachLink.objects.exists()
    to_athlete.refresh_from_db()
    assert to_athlete.is_open


def test_what_was_not_confirmed_before_is_still_asked(alice: User, mallory: User) -> None:
    link = make_link(mallory, alice, confirmed_at=None)

    browser = reset(alice)

    assert "Is Mallory Maple your coach?" in browser.get("/today/").text
    link.refresh_from_db()
    assert (link.confirmed_at, link.paused_at) == (None, None)


@pytest.mark.slow
def test_what_a_coach_reads_of_others_stays(bob: User, carol: User) -> None:
    """It is the athletes' to decide; they share with the person, whose account this is again."""
    make_link(bob, carol)

    browser = reset(bob)

    assert pages_of(browser, carol) == {200}


def test_ended_links_stay_as_they_were(alice: User, bob: User) -> None:
    link = make_link(bob, alice, ended_at=timezone.now(), ended_by=alice)

    reset(alice)

    link.refresh_from_db()
    assert link.paused_at is None


def test_calendars_of_plans_get_new_addresses_and_others_keep_theirs(
    alice: User, bob: User, client: Client
) -> None:
    """The address is read without signing in."""
    plans = [make_plan(alice), make_plan(alice, days_ago(90), ended_on=days_ago(60))]
    of_bob = make_plan(bob)
    feeds = [f"/plan/{plan.feed_token}.ics" for plan in plans]
    assert {client.get(feed).status_code for feed in feeds} == {200}

    reset(alice)

    assert {client.get(feed).status_code for feed in feeds} == {404}
    assert client.get(f"/plan/{of_bob.feed_token}.ics").status_code == 200
    assert Plan.objects.filter(feed_token__in=[plan.feed_token for plan in plans]).count() == 0


def test_the_link_that_stops_a_weekly_mail_still_stops_it(
    alice: User, client: Client, settings: Settings
) -> None:
    """It shows nothing and can only end a mail."""
    settings.SITE_URL = "http://testserver"
    stop = stopping.stop_address(alice, DigestKind.RUNNER)

    reset(alice)

    assert client.get(stop).status_code == 200


@pytest.mark.parametrize("asks", [True, False])
def test_the_runner_is_told_by_mail(
    alice: User,
    mallory: User,
    asks: bool,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.SITE_URL = "https://limber.example"
    if asks:
        make_link(mallory, alice)

    with django_capture_on_commit_callbacks(execute=True):
        reset_password(NEW, by=alice)

    [told] = mail.outbox
    assert (told.to, told.subject) == ([alice.email], "Your password is a new one")
    assert ("sees nothing until you say yes again" in told.body) == asks
    assert "Mallory" not in told.body


@pytest.mark.slow
def test_a_link_of_after_the_reset_is_not_asked_about(alice: User, bob: User) -> None:
    browser = give_password(reset(alice), NEW)

    browser.post(f"/invitations/{make_invitation(bob).token}/accept/", {"runs": "on"})

    assert CoachLink.objects.open().get().coach == bob
    assert "Is Bob Birch your coach?" not in browser.get("/today/").text


def test_used_twice_the_link_changes_nothing(alice: User, bob: User) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": alice.email})
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    form = browser.get(link[1], follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": NEW, "password2": NEW})
    made_after = make_link(bob, alice)

    again = browser.post(form, {"password1": PASSWORD, "password2": PASSWORD})

    assert "This link no longer works" in again.text
    assert Client().login(email=alice.email, password=NEW)
    made_after.refresh_from_db()
    assert made_after.is_open


def test_password_reset_sends_a_link_that_works(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})

    link = re.search(r"https?://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    new = {"password1": "another-long-one-42", "password2": "another-long-one-42"}
    client.post(page.redirect_chain[-1][0], new)
    assert client.login(email=alice.email, password="another-long-one-42")


@pytest.mark.django_db
def test_a_made_up_link_leads_to_a_new_one(client: Client) -> None:
    page = client.get("/accounts/password/reset/key/1-a/").text

    assert "<h1>This link no longer works</h1>" in page
    assert 'href="/accounts/password/reset/">Send a new link</a>' in page
