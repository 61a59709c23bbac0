"""The invited person's page, and the way there without an account."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners.coaching.links import actions
from runners.models import CoachLink, Invitation, InvitationKind, User
from runners.models.coaching import SWITCHES
from tests.factories import PASSWORD, make_invitation, make_link, make_user
from tests.runners.accounts.newcomer import SIGN_UP
from tests.runners.coaching.links.inviting import SUGGESTED, accept, page_of
from tests.signing_in import give_password

ONE_SENTENCE = (
    "It may have been used, answered, withdrawn or mistyped, or it has expired: ask for a new one."
)
WELCOME = {
    "name": "Nia",
    "units": "km",
    "time_zone": "Europe/Vienna",
    "week_start": "1",
    "age_band": "adult",
}


def test_a_stranger_reads_who_invites_and_how_to_get_in(
    noon: object, client: Client, bob: User
) -> None:
    row = make_invitation(bob)

    response = client.get(page_of(row))

    assert response.status_code == 200
    assert "Bob Birch would like to coach you" in response.text
    assert f"/accounts/signup/?next=%2Finvitations%2F{row.token}%2F" in response.text
    assert f"/accounts/login/?next=%2Finvitations%2F{row.token}%2F" in response.text
    assert "<form" not in response.text


def test_an_athlete_sees_and_chooses_before_accepting(as_alice: Client, bob: User) -> None:
    row = make_invitation(bob)

    page = as_alice.get(page_of(row)).text

    boxes = dict(re.findall(r'type="checkbox" name="(\w+)"([^>]*)>', page))
    assert {name: "checked" in rest for name, rest in boxes.items()} == dict.fromkeys(
        SWITCHES, False
    )
    assert "never which one, nor any answer about health" in page
    assert not CoachLink.objects.exists()


def test_accepting_links_the_two_with_the_switches_chosen(
    as_alice: Client, alice: User, bob: User
) -> None:
    row = make_invitation(bob, team=bob.teams.create(name="Track"))
    give_password(as_alice)

    response = as_alice.post(
        f"{page_of(row)}accept/", {"runs": "on", "runs_until": "2026-12-24", "notes": "on"}
    )

    assert response["Location"] == "/settings/sharing/"
    link = CoachLink.objects.get()
    assert (link.coach, link.athlete, link.team, link.invitation) == (bob, alice, row.team, row)
    assert (link.runs, link.soreness, link.guidance, link.notes) == (True, False, False, True)
    assert (link.runs_until, link.notes_until) == (dt.date(2026, 12, 24), None)
    row.refresh_from_db()
    assert row.used == 1


def test_accepting_with_a_last_day_in_the_past_keeps_the_form(as_alice: Client, bob: User) -> None:
    row = make_invitation(bob)

    response = accept(as_alice, row, runs_until="2026-11-22")

    assert response.status_code == 422
    assert "This day is over. Choose today or a later one." in response.text
    assert 'value="2026-11-22"' in response.text
    assert not CoachLink.objects.exists()


def test_accepting_twice_is_one_link(as_alice: Client, bob: User) -> None:
    row = make_invitation(bob)
    give_password(as_alice)

    first, second = accept(as_alice, row), accept(as_alice, row)

    assert first["Location"] == second["Location"] == "/settings/sharing/"
    assert CoachLink.objects.count() == 1


def test_a_coach_sees_what_an_athlete_would_share_and_accepts(
    as_bob: Client, bob: User, alice: User
) -> None:
    row = make_invitation(
        alice,
        InvitationKind.COACH,
        email=bob.email,
        runs=True,
        soreness=True,
        soreness_until=dt.date(2026, 12, 24),
    )

    page = as_bob.get(page_of(row)).text
    response = as_bob.post(f"{page_of(row)}accept/", {"notes": "on"})

    assert "until 24 December 2026" in page
    assert page.count("not shared") == 2
    assert response["Location"] == "/athletes/"
    link = CoachLink.objects.get()
    assert (link.coach, link.athlete) == (bob, alice)
    assert (link.runs, link.soreness, link.notes) == (True, True, False)
    assert link.soreness_until == dt.date(2026, 12, 24)
    bob.refresh_from_db()
    assert bob.is_coach


def test_refusing_ends_an_invitation_but_not_a_teams_link(
    as_alice: Client, alice: User, bob: User
) -> None:
    one = make_invitation(bob)
    many = make_invitation(bob, InvitationKind.TEAM, max_uses=5)

    for row in (one, many):
        assert as_alice.post(f"{page_of(row)}refuse/")["Location"] == "/today/"
        row.refresh_from_db()

    assert (one.is_open, many.is_open) == (False, True)
    assert not CoachLink.objects.exists()


def gone(bob: User) -> dict[str, str]:
    now = timezone.now()
    return {
        "used": make_invitation(bob, used=1).token,
        "expired": make_invitation(bob, expires_at=now).token,
        "withdrawn": make_invitation(bob, withdrawn_at=now).token,
        "refused": make_invitation(bob, refused_at=now).token,
        "team, all taken": make_invitation(bob, InvitationKind.TEAM, max_uses=2, used=2).token,
        "invented": "a" * 43,
    }


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_leads_nowhere_says_the_same_whatever_the_reason(
    as_alice: Client, bob: User, signed_in: bool
) -> None:
    client = as_alice if signed_in else Client()
    pages = set()
    for token in gone(bob).values():
        response = client.get(f"/invitations/{token}/")
        assert response.status_code == 404
        assert ONE_SENTENCE in response.text
        pages.add(re.sub(rf"csrf\S+|x-csrftoken.*|{token}", "", response.text))
    assert len(pages) == 1


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_what_leads_nowhere_cannot_be_answered(as_alice: Client, bob: User, answer: str) -> None:
    for token in gone(bob).values():
        response = as_alice.post(f"/invitations/{token}/{answer}/", SUGGESTED)
        assert response.status_code == 404
        assert ONE_SENTENCE in response.text
    assert not CoachLink.objects.exists()


def test_an_invitation_of_an_account_not_in_use_leads_nowhere(as_alice: Client, bob: User) -> None:
    row = make_invitation(bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    assert as_alice.get(page_of(row)).status_code == 404
    assert accept(as_alice, row).status_code == 404


def test_the_sender_reads_that_it_is_their_own(as_bob: Client, bob: User) -> None:
    row = make_invitation(bob)

    assert "This is your own invitation" in as_bob.get(page_of(row)).text
    assert accept(as_bob, row).status_code == 403
    assert as_bob.post(f"{page_of(row)}refuse/").status_code == 403
    row.refresh_from_db()
    assert row.is_open


def test_who_is_linked_already_uses_nothing_up(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    row = make_invitation(bob)

    page = as_alice.get(page_of(row)).text
    response = accept(as_alice, row)

    assert "Bob Birch is your coach already" in page
    assert response["Location"] == page_of(row)
    row.refresh_from_db()
    assert row.used == 0
    assert CoachLink.objects.count() == 1


def test_a_pair_that_ended_begins_anew(as_alice: Client, alice: User, bob: User) -> None:
    make_link(bob, alice, ended_at=timezone.now(), ended_by=alice)

    accept(give_password(as_alice), make_invitation(bob))

    assert CoachLink.objects.count() == 2
    assert CoachLink.objects.open().count() == 1


def test_a_name_is_shown_as_it_is_and_does_nothing(as_alice: Client, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(name="<script>alert(1)</script>")

    page = as_alice.get(page_of(make_invitation(bob))).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; would like to coach you" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_an_answer_after_a_sign_in_in_between_shows_the_invitation(
    as_alice: Client, bob: User, answer: str
) -> None:
    row = make_invitation(bob)

    asked = Client().post(f"{page_of(row)}{answer}/")
    back = as_alice.get(f"{page_of(row)}{answer}/")

    assert asked["Location"].startswith("/accounts/login/")
    assert back["Location"] == page_of(row)


# On the way without an account


def sign_up(client: Client, to: str = "") -> None:
    """And in, as the page after it asks."""
    signed_up = client.post(f"/accounts/signup/{to and f'?next={to}'}", SIGN_UP)
    credentials = {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]}
    client.post(signed_up["Location"], {**credentials, "next": to}, follow=True)


@pytest.mark.slow
def test_a_newcomer_lands_on_the_invitation_after_the_first_questions(
    client: Client, bob: User
) -> None:
    row = make_invitation(bob)
    client.get(page_of(row))

    sign_up(client, to=page_of(row))
    client.post("/welcome/", WELCOME)
    answered = client.post("/guidance/care-first/", {"values": ["none"]})

    assert answered["Location"] == page_of(row)
    page = client.get(page_of(row)).text
    assert "Share and accept" in page
    assert "going_to" not in client.session


@pytest.mark.slow
def test_a_newcomer_who_skips_the_health_question_lands_there_too(
    client: Client, bob: User
) -> None:
    row = make_invitation(bob)
    client.get(page_of(row))

    sign_up(client)
    client.post("/welcome/", WELCOME)
    page = client.get("/guidance/care-first/").text

    assert f'href="{page_of(row)}">Skip for now' in page


@pytest.mark.slow
def test_a_newcomer_without_an_invitation_lands_on_today(client: Client, db: None) -> None:
    sign_up(client)
    client.get("/diary/")
    client.post("/welcome/", WELCOME)

    answered = client.post("/guidance/care-first/", {"values": ["none"]})

    assert answered["Location"] == "/today/"


@pytest.mark.slow
@pytest.mark.parametrize("in_another_browser", [False, True])
def test_confirming_the_address_does_not_lose_the_invitation(
    client: Client, bob: User, settings: Settings, in_another_browser: bool
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    row = make_invitation(bob)
    client.get(page_of(row))
    client.post(f"/accounts/signup/?next={page_of(row)}", SIGN_UP)

    browser = Client() if in_another_browser else client
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link is not None
    asked = browser.get(link[1]).text
    field = re.search(r'name="next" value="([^"]+)"', asked)
    assert field is not None
    sent = {"next": field[1], "password": SIGN_UP["password1"]}
    confirmed = browser.post(link[1].partition("?")[0], sent, follow=True)
    assert confirmed.redirect_chain == [(page_of(row), 302), ("/welcome/", 302)]

    browser.post("/welcome/", WELCOME)
    answered = browser.post("/guidance/care-first/", {"values": ["none"]})

    assert answered["Location"] == page_of(row)
    accept(give_password(browser, SIGN_UP["password1"]), row)
    assert CoachLink.objects.get().athlete.email == SIGN_UP["email"]


def test_signing_in_on_the_way_comes_back(client: Client, alice: User, bob: User) -> None:
    row = make_invitation(bob)
    client.get(page_of(row))

    response = client.post(
        "/accounts/login/",
        {"login": alice.email, "password": PASSWORD, "next": page_of(row)},
    )

    assert response["Location"] == page_of(row)


def test_opening_is_limited_for_an_address(
    client: Client, bob: User, settings: Settings, noon: object
) -> None:
    settings.RATE_LIMITS = {"open_invitation": "3/m/network"}
    row = make_invitation(bob)

    statuses = [client.get(page_of(row)).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert client.get("/invitations/made-up/").status_code == 429


@pytest.mark.parametrize("signed_in", [True, False])
def test_an_invitation_page_costs_a_fixed_number_of_queries(
    as_alice: Client,
    bob: User,
    signed_in: bool,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.RATE_LIMITS = {}
    row = make_invitation(bob)
    client = as_alice if signed_in else Client()
    client.get(page_of(row))

    with django_assert_num_queries(4 if signed_in else 2):
        client.get(page_of(row))


def test_an_athlete_may_have_two_coaches(as_alice: Client, bob: User) -> None:
    other = make_user("Bea Birch")
    give_password(as_alice)
    accept(as_alice, make_invitation(bob))
    accept(as_alice, make_invitation(other))

    assert CoachLink.objects.open().count() == 2


def test_whoever_was_let_go_does_not_come_back_by_the_same_team_link(
    as_alice: Client, alice: User, bob: User
) -> None:
    row = make_invitation(bob, InvitationKind.TEAM, max_uses=5)
    give_password(as_alice).post(f"{page_of(row)}accept/", {"runs": "on"})
    actions.end_link(CoachLink.objects.get(), by=bob)

    response = as_alice.post(f"{page_of(row)}accept/", {"runs": "on"})

    assert response.status_code == 404
    assert not CoachLink.objects.open().exists()
    assert Invitation.objects.get().used == 1
