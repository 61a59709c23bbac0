"""An invitation to a coach: whose it is, who is asked about whom, and who is told."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from runners import access, standing
from runners.coaching.links import actions
from runners.digests import sending
from runners.models import CoachLink, Invitation, InvitationKind, SharedStanding, User
from runners.models.digests import DigestKind
from runners.weeks import week_of
from tests.factories import PASSWORD, TODAY, make_invitation, make_link, make_soreness
from tests.mail_server import MailServer, delivered
from tests.pages import carried, folded
from tests.races import signed_in
from tests.signing_in import give_password

SHARED = {"runs": True, "soreness": True}
pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def with_mail(settings: Settings) -> None:
    settings.SENDS_MAIL = True


@pytest.fixture
def invited(alice: User, bob: User) -> Invitation:
    """Alice's invitation to Bob's address, in another case."""
    return make_invitation(alice, InvitationKind.COACH, email="BOB@example.org", **SHARED)


def has_confirmed(user: User, email: str = "") -> None:
    EmailAddress.objects.create(user=user, email=email or user.email, verified=True, primary=True)


def page_of(invitation: Invitation) -> str:
    return f"/invitations/{invitation.token}/"


def accept(user: User, invitation: Invitation) -> Any:
    return signed_in(user).post(f"{page_of(invitation)}accept/")


def page_without_its_own_marks(page: str, invitation: Invitation | None = None) -> str:
    token = invitation.token if invitation else "made-up"
    return re.sub(rf"csrf\S+|x-csrftoken.*|{token}", "", page)


# Whose it is


@pytest.mark.usefixtures("with_mail")
def test_whoever_confirmed_the_address_opens_and_accepts_it(
    alice: User, bob: User, invited: Invitation
) -> None:
    has_confirmed(bob)

    assert "Alice Ash asks you to be their coach" in signed_in(bob).get(page_of(invited)).text
    accept(bob, invited)

    link = CoachLink.objects.open().get()
    assert (link.coach, link.athlete, link.runs, link.guidance) == (bob, alice, True, False)


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("verified", [True, False])
def test_whoever_else_holds_it_gets_the_page_of_a_dead_link(
    mallory: User, bob: User, invited: Invitation, verified: bool
) -> None:
    """Also an account with the very address, as long as it is not confirmed."""
    EmailAddress.objects.create(user=bob, email=bob.email, verified=False)
    EmailAddress.objects.create(user=mallory, email=mallory.email, verified=verified)
    for client in (signed_in(mallory), signed_in(bob), Client()):
        page, dead = client.get(page_of(invited)), client.get("/invitations/made-up/")

        assert (page.status_code, dead.status_code) == (404, 404)
        assert page_without_its_own_marks(page.text, invited) == page_without_its_own_marks(
            dead.text
        )
        assert "Alice" not in page.text
        assert "BOB@" not in page.text.replace("bob@example.org", "")


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_whoever_else_holds_it_cannot_answer_it(
    mallory: User, invited: Invitation, answer: str
) -> None:
    has_confirmed(mallory)

    response = signed_in(mallory).post(f"{page_of(invited)}{answer}/")

    assert response.status_code == 404
    invited.refresh_from_db()
    assert invited.is_open
    assert not CoachLink.objects.exists()


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("answer", [actions.accept_invitation, actions.refuse_invitation])
def test_it_is_looked_at_again_where_the_answer_is_stored(
    mallory: User, invited: Invitation, answer: Callable[..., object]
) -> None:
    with pytest.raises(access.NoLongerOpen):
        answer(invited, by=mallory)

    invited.refresh_from_db()
    assert invited.is_open


@pytest.mark.usefixtures("with_mail")
def test_a_coach_with_two_addresses_reads_which_one_is_signed_in(
    bob: User, invited: Invitation
) -> None:
    has_confirmed(bob, "other@example.org")
    User.objects.filter(pk=bob.pk).update(email="other@example.org")

    page = folded(signed_in(bob).get(page_of(invited)).text)

    assert "You are signed in as other@example.org" in page


def test_not_signed_in_one_is_sent_to_sign_in_and_back(invited: Invitation, client: Client) -> None:
    page = client.get(page_of(invited)).text

    for way in ("signup", "login"):
        assert f"/accounts/{way}/?next=%2Finvitations%2F{invited.token}%2F" in page
    assert client.session["going_to"] == page_of(invited)


def test_an_address_that_is_taken_away_meanwhile_accepts_nothing(
    bob: User, invited: Invitation, settings: Settings
) -> None:
    """A page that was open since yesterday."""
    settings.SENDS_MAIL = True
    has_confirmed(bob)
    browser = signed_in(bob)
    assert browser.get(page_of(invited)).status_code == 200
    EmailAddress.objects.update(verified=False)

    assert browser.post(f"{page_of(invited)}accept/").status_code == 404
    assert not CoachLink.objects.exists()


def test_a_coach_without_an_account_comes_back_by_the_mail_that_confirms(
    bob: User, client: Client, mail_server: type[MailServer]
) -> None:
    row = make_invitation(bob, InvitationKind.COACH, email="New@example.org", **SHARED)
    client.get(page_of(row))
    sent = {"email": "new@example.org", "password1": PASSWORD, "consent": "on"}
    client.post(f"/accounts/signup/?next={page_of(row)}", sent)
    link = re.search(r"http://testserver(/accounts/[^?\s]+)", str(delivered()[-1].body))
    assert link is not None

    confirmed = Client().post(link[1], {"password": PASSWORD, "next": page_of(row)})
    assert confirmed["Location"] == page_of(row)
    coach = User.objects.get(email="new@example.org")
    User.objects.update(welcomed_at=timezone.now())
    accept(coach, row)

    assert CoachLink.objects.open().get().coach == coach


# The athlete is told


@pytest.mark.slow
@pytest.mark.usefixtures("with_mail")
def test_an_acceptance_is_mailed_and_stands_on_today_until_it_is_put_away(
    alice: User,
    bob: User,
    invited: Invitation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    has_confirmed(bob)
    with django_capture_on_commit_callbacks(execute=True):
        accept(bob, invited)
        accept(bob, invited)

    [told] = mail.outbox
    assert told.to == [alice.email]
    assert "Bob Birch (bob@example.org) is your coach in Limber." in told.body
    assert "From now on they see of your log: Runs, soreness." in told.body
    assert "Bob" not in told.subject
    browser = signed_in(alice)
    assert "Bob Birch is your coach now" in browser.get("/today/").text

    link = CoachLink.objects.get()
    put_away = [browser.post(f"/settings/sharing/{link.pk}/noted/") for _ in range(2)]

    assert [answer["Location"] for answer in put_away] == ["/today/", "/today/"]
    assert "is your coach now" not in browser.get("/today/").text


def test_the_news_goes_with_the_link(alice: User, bob: User) -> None:
    make_link(bob, alice, is_news=True, ended_at=timezone.now())

    assert "is your coach now" not in signed_in(alice).get("/today/").text


@pytest.mark.usefixtures("with_mail")
def test_sharing_names_the_account_and_never_the_address_that_was_invited(
    alice: User, bob: User
) -> None:
    row = make_invitation(alice, InvitationKind.COACH, email="invited@example.org", used=1)
    make_link(bob, alice, invitation=row)

    page = folded(signed_in(alice).get("/settings/sharing/").text)

    assert 'Bob Birch</b> <span class="muted">bob@example.org</span>' in page
    assert "invited@example.org" not in page


# Without a mail server


@pytest.fixture
def accepted(mallory: User, invited: Invitation) -> CoachLink:
    """Mallory got hold of the link where no address can be confirmed."""
    accept(mallory, invited)
    return CoachLink.objects.get()


def test_without_mail_an_acceptance_shares_nothing_yet(
    alice: User, mallory: User, accepted: CoachLink, settings: Settings
) -> None:
    settings.SITE_URL = "https://limber.example"
    make_soreness(alice)
    standing.renew([alice])
    User.objects.filter(pk=mallory.pk).update(wants_coach_digest=True, time_zone="UTC")
    coach = signed_in(mallory)

    assert not SharedStanding.objects.exists()
    for page in ("", "trends/", "guidance/", "diary/", "notes/", "suggest/", "end/"):
        assert coach.get(f"/athletes/{alice.pk}/{page}").status_code == 404
    roster = coach.get("/athletes/").text
    assert "No athletes yet" in roster
    assert list(sending.people_due(DigestKind.COACH, week_of(TODAY, 1), ["UTC"])) == []
    assert f"/athletes/{alice.pk}/" not in roster


def test_the_athlete_is_asked_by_the_name_and_address_of_the_account(
    alice: User, accepted: CoachLink
) -> None:
    browser = signed_in(alice)
    for path in ("/today/", "/settings/sharing/"):
        page = browser.get(path).text
        assert "Is Mallory Maple your coach?" in page
        assert "Mallory Maple (mallory@example.org) accepted" in page
        assert "23 November 2026" in page
        assert "Then they see: Runs, soreness." in page
        assert "BOB@example.org" not in page


def test_the_athlete_is_asked_by_mail_as_well(
    alice: User,
    mallory: User,
    invited: Invitation,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        accept(mallory, invited)

    [told] = mail.outbox
    assert (told.to, told.subject) == ([alice.email], "Is this your coach?")
    assert "Mallory Maple (mallory@example.org) accepted an invitation" in told.body


def test_the_coach_reads_that_the_athlete_is_asked(
    mallory: User, invited: Invitation, accepted: CoachLink
) -> None:
    browser = signed_in(mallory)

    assert "Alice Ash has not confirmed you yet" in browser.get(page_of(invited)).text
    again = browser.post(f"{page_of(invited)}accept/", follow=True)
    assert "Alice Ash is asked now whether it is you." in again.text
    assert CoachLink.objects.count() == 1


@pytest.mark.slow
def test_yes_opens_it_after_the_password_and_twice_is_fine(
    alice: User, mallory: User, accepted: CoachLink
) -> None:
    browser = signed_in(alice)
    yes = f"/settings/sharing/{accepted.pk}/confirm/"

    asked = browser.post(yes)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not CoachLink.objects.open().exists()
    give_password(browser)
    answers = [browser.post(yes)["Location"] for _ in range(2)]

    assert answers == ["/settings/sharing/", "/settings/sharing/"]
    assert CoachLink.objects.open().get() == accepted
    assert signed_in(mallory).get(f"/athletes/{alice.pk}/").status_code == 200
    assert "Is Mallory Maple" not in browser.get("/today/").text


def test_no_ends_it_for_good(alice: User, mallory: User, accepted: CoachLink) -> None:
    browser = signed_in(alice)

    no, again = (browser.post(f"/settings/sharing/{accepted.pk}/end/") for _ in range(2))
    late_yes = give_password(browser).post(f"/settings/sharing/{accepted.pk}/confirm/")

    assert (no.status_code, again.status_code, late_yes.status_code) == (302, 404, 404)
    assert not CoachLink.objects.not_ended().exists()
    assert accept(mallory, Invitation.objects.get()).status_code == 404


def test_a_link_in_question_can_be_narrowed_before_the_yes(
    alice: User, accepted: CoachLink
) -> None:
    browser = signed_in(alice)

    page = f"/settings/sharing/{accepted.pk}/"
    saved = browser.post(page, {"runs": "on", **carried(browser, page)}, follow=True)

    assert "once you have said that it is your coach" in saved.text
    accepted.refresh_from_db()
    assert (accepted.runs, accepted.soreness, accepted.is_open) == (True, False, False)


def test_another_invitation_of_the_pair_does_not_pass_the_question_by(
    alice: User, mallory: User, accepted: CoachLink
) -> None:
    other = make_invitation(mallory)
    browser = give_password(signed_in(alice))

    page = browser.get(page_of(other)).text
    browser.post(f"{page_of(other)}accept/", {"runs": "on"})

    assert "Is Mallory Maple your coach?" in page
    assert not CoachLink.objects.open().exists()


@pytest.mark.parametrize("who", ["coach", "stranger"])
def test_nobody_but_the_athlete_answers(
    mallory: User, carol: User, accepted: CoachLink, who: str
) -> None:
    browser = give_password(signed_in(mallory if who == "coach" else carol))
    for address in ("confirm/", "end/", "noted/", ""):
        assert browser.post(f"/settings/sharing/{accepted.pk}/{address}").status_code == 404
    assert not CoachLink.objects.open().exists()


# The state of a link


@pytest.mark.parametrize(
    ("fields", "is_open", "in_question"),
    [
        ({}, True, False),
        ({"confirmed_at": None}, False, True),
        ({"paused_at": timezone.now()}, False, True),
        ({"ended_at": timezone.now()}, False, False),
        ({"ended_at": timezone.now(), "confirmed_at": None}, False, False),
    ],
)
def test_open_means_that_it_may_be_read_now(
    alice: User, bob: User, fields: dict[str, Any], is_open: bool, in_question: bool
) -> None:
    link = make_link(bob, alice, **fields)

    assert link.is_open == is_open
    assert CoachLink.objects.open().exists() == is_open
    assert CoachLink.objects.in_question().exists() == in_question
    assert CoachLink.objects.not_ended().exists() == (is_open or in_question)


def test_a_new_link_is_in_question_unless_somebody_confirms_it(alice: User, bob: User) -> None:
    assert not CoachLink.objects.create(coach=bob, athlete=alice, runs=True).is_open


def test_only_a_confirmed_link_is_paused(alice: User, bob: User) -> None:
    with pytest.raises(IntegrityError, match="coach_link_paused_after_confirmed"):
        make_link(bob, alice, confirmed_at=None, paused_at=timezone.now())
