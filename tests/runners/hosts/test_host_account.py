"""One account: what a host may know of it, its link mailed anew, and its devices signed out."""

import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from post_office.models import Email
from pytest_django import DjangoAssertNumQueries, Settings

from runners import access, journal, security_log
from runners.accounts.addresses import open_account
from runners.models import CoachApproval, Session, User
from runners.models import SecurityEventKind as Kind
from tests.factories import PASSWORD, make_link, make_session
from tests.mail_server import MailServer
from tests.pages import read
from tests.races import signed_in
from tests.runners.accounts.second_step.app import give_app
from tests.runners.hosts.acts import act, mailed_to, noted, page_of


def confirmed(person: User) -> None:
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)


def test_it_says_who_and_since_when(as_hanna: Client, alice: User, bob: User) -> None:
    make_link(bob, alice)
    make_session(alice)
    page = read(as_hanna, page_of(alice))

    assert "<h1>Alice Ash</h1>" in page
    assert "<dt>Last used</dt><dd>23 November 2026</dd>" in page
    assert "on 1 device" in page
    assert 'href="/host/coaching/?q=alice%40example.org">1 link</a>' in page
    assert journal.opaque_id(alice) in page


def test_it_costs_the_same_whatever_there_is(
    as_hanna: Client, alice: User, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_session(alice)
        security_log.note(Kind.EXPORTED, alice, by=bob)
    make_link(bob, alice)
    with django_assert_max_num_queries(9):
        read(as_hanna, page_of(alice))


def test_of_their_own_account_a_host_is_led_to_the_settings(as_hanna: Client, hanna: User) -> None:
    page = read(as_hanna, page_of(hanna))
    assert "This is your own account." in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_events_say_which_host_it_was(as_hanna: Client, hanna: User, alice: User) -> None:
    act(as_hanna, alice, "deactivate")
    assert "by Hanna Hazel" in read(as_hanna, page_of(alice))
    # But its person reads of no name.
    act(as_hanna, alice, "reactivate")
    own = read(signed_in(alice), "/settings/security/")
    assert "Account put out of use" in own
    assert "Hanna" not in own


# Signing out


@pytest.mark.usefixtures("mail_server")
def test_every_device_is_signed_out_and_the_person_is_told(
    as_hanna: Client, hanna: User, alice: User
) -> None:
    phone, desk = signed_in(alice), signed_in(alice)

    said = act(as_hanna, alice, "sessions/end")

    assert said == "Alice Ash is signed out everywhere."
    assert [one.get("/today/").status_code for one in (phone, desk)] == [302, 302]
    assert noted(alice) == [("signed_out", hanna)]
    assert mailed_to(alice) == ["You were signed out of Limber everywhere"]
    assert signed_in(alice).get("/today/").status_code == 200


@pytest.mark.usefixtures("mail_server")
def test_signed_out_twice_is_told_once(as_hanna: Client, alice: User) -> None:
    signed_in(alice)
    act(as_hanna, alice, "sessions/end")
    assert act(as_hanna, alice, "sessions/end") == "Alice Ash was signed in nowhere."
    assert len(mailed_to(alice)) == len(noted(alice)) == 1


def test_a_host_signs_out_nobody_else(as_hanna: Client, alice: User, bob: User) -> None:
    signed_in(alice), signed_in(bob)
    act(as_hanna, alice, "sessions/end")
    assert Session.objects.of(bob).count() == 1
    assert as_hanna.get("/host/").status_code == 200


# The link anew


@pytest.mark.usefixtures("mail_server")
def test_the_link_of_the_first_password_is_mailed_anew_and_works(
    as_hanna: Client, hanna: User
) -> None:
    nia = open_account("nia@example.org")
    assert nia is not None
    assert "Nobody has chosen a password yet." in read(as_hanna, page_of(nia))

    said = act(as_hanna, nia, "resend")

    assert said == "The link is on its way to nia@example.org."
    assert noted(nia) == [("link_sent", hanna)]
    assert mailed_to(nia) == ["Choose your password for Limber"]
    [link] = [
        part for part in Email.objects.get().message.split() if "/password/reset/key/" in part
    ]
    assert link not in as_hanna.get(page_of(nia)).text  # or a host could take the account
    browser = Client()
    page = browser.get(link.removeprefix("http://testserver"), follow=True)
    browser.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert Client().login(email="nia@example.org", password=PASSWORD)
    assert act(as_hanna, nia, "resend") == "nia@example.org needs no link any more."


@pytest.mark.usefixtures("mail_server")
def test_the_link_that_confirms_an_address_is_mailed_anew_and_works(
    as_hanna: Client, alice: User
) -> None:
    """Somebody signed up, and the mail was lost."""
    act(as_hanna, alice, "resend")

    assert mailed_to(alice) == ["Confirm your e-mail for Limber"]
    words = Email.objects.get().message.split()
    [link] = [word for word in words if "/confirm-email/" in word]
    browser = Client()
    browser.post(link.removeprefix("http://testserver"), {"password": PASSWORD})
    assert EmailAddress.objects.get(user=alice).verified
    assert "Mail the link anew" not in read(as_hanna, page_of(alice))


@pytest.mark.usefixtures("mail_server")
def test_sent_twice_it_is_mailed_once_and_after_a_while_again(
    as_hanna: Client, alice: User, noon: time_machine.Traveller
) -> None:
    act(as_hanna, alice, "resend")
    assert "A link was mailed a moment ago." in act(as_hanna, alice, "resend")
    assert len(mailed_to(alice)) == len(noted(alice)) == 1
    noon.shift(dt.timedelta(minutes=4, seconds=59))
    assert "a moment ago" in act(as_hanna, alice, "resend")


def test_who_needs_no_link_is_mailed_none(
    as_hanna: Client, alice: User, mail_server: type[MailServer]
) -> None:
    confirmed(alice)
    assert "Mail the link anew" not in read(as_hanna, page_of(alice))

    assert act(as_hanna, alice, "resend") == "Alice Ash needs no link any more."
    assert mailed_to(alice) == []


def test_an_account_out_of_use_gets_no_link(
    as_hanna: Client, mail_server: type[MailServer]
) -> None:
    nia = open_account("nia@example.org")
    assert nia is not None
    act(as_hanna, nia, "deactivate")
    before = mailed_to(nia)
    assert "needs no link" in act(as_hanna, nia, "resend")
    assert mailed_to(nia) == before


def test_without_a_mail_server_it_names_the_command(as_hanna: Client, settings: Settings) -> None:
    nia = open_account("nia@example.org")
    assert nia is not None
    settings.SENDS_MAIL = False
    assert "<code>create_account</code> prints a link" in read(as_hanna, page_of(nia))
    assert "has no mail server" in act(as_hanna, nia, "resend")
    assert noted(nia) == []


# Who may coach


@pytest.mark.usefixtures("mail_server")
def test_who_asks_to_coach_is_answered_once(
    as_hanna: Client, hanna: User, bob: User, settings: Settings
) -> None:
    settings.COACHES_ARE_APPROVED = True
    CoachApproval.objects.create(person=bob)
    assert "They asked on 23 November 2026." in read(as_hanna, page_of(bob))
    found = as_hanna.get("/host/accounts/?state=asks").context["shown"]
    assert [account.person for account in found] == [bob]

    assert act(as_hanna, bob, "coach/approve") == "Bob Birch may coach from now on."
    assert act(as_hanna, bob, "coach/approve") == "Bob Birch could coach already."

    assert access.may_coach(bob)
    assert noted(bob) == [("coach_approved", hanna)]
    assert len(mailed_to(bob)) == 1
    assert "They may, since 23 November 2026." in read(as_hanna, page_of(bob))


@pytest.mark.usefixtures("mail_server")
def test_who_may_coach_no_longer_sees_no_athlete(
    as_hanna: Client, hanna: User, alice: User, bob: User, settings: Settings
) -> None:
    settings.COACHES_ARE_APPROVED = True
    CoachApproval.objects.create(person=bob, approved_at=timezone.now())
    make_link(bob, alice)

    assert act(as_hanna, bob, "coach/refuse") == "Bob Birch may not coach, and sees no athlete."
    assert act(as_hanna, bob, "coach/refuse") == "Bob Birch could not coach before."

    assert not access.links_of_coach(bob).exists()
    assert noted(bob) == [("coach_refused", hanna)]
    assert len(mailed_to(bob)) == len(mailed_to(alice)) == 1


def test_where_anybody_may_coach_nobody_is_asked(as_hanna: Client, bob: User) -> None:
    assert "May they coach?" not in read(as_hanna, page_of(bob))


# The second step


@pytest.mark.usefixtures("mail_server")
def test_a_lost_second_step_is_taken_away_and_told(
    as_hanna: Client, hanna: User, alice: User
) -> None:
    assert "Take it away" not in read(as_hanna, page_of(alice))
    give_app(alice)
    assert "Take it away" in read(as_hanna, page_of(alice))

    said = act(as_hanna, alice, "second-step/reset")

    assert said.startswith("Alice Ash signs in by the password alone now")
    assert noted(alice) == [("factor_reset", hanna)]
    assert mailed_to(alice) == ["Your second step in Limber was taken away"]
    assert act(as_hanna, alice, "second-step/reset") == "Alice Ash has no second step."
    assert len(mailed_to(alice)) == 1
