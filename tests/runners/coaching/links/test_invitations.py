"""The coach's invitations: by mail, within the limit of a day, and by link."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from runners.coaching.links import actions
from runners.management.commands.deliver_mail import send_due
from runners.models import Invitation, InvitationKind, User
from tests.factories import make_invitation, make_link
from tests.mail_server import MailServer
from tests.runners.coaching.links.inviting import SUGGESTED, page_of
from tests.signing_in import give_password

PAGE = "/invitations/"
BY_MAIL = "/invitations/athletes/add/"
BY_LINK = "/invitations/link/add/"
SEND = "/invitations/send/"


# Inviting by e-mail


def test_invites_page_says_what_will_be_there(as_bob: Client) -> None:
    response = as_bob.get(PAGE)

    assert response.status_code == 200
    assert "Nobody is invited at the moment." in response.text
    assert '<a href="/invitations/" aria-current="page">' in response.text


def test_invited_athletes_get_a_mail_each_with_a_link_of_their_own(
    as_bob: Client, bob: User
) -> None:
    response = as_bob.post(BY_MAIL, {"addresses": "ana@example.org\n\nben@example.org\r\n"})

    assert response["Location"] == PAGE
    assert [message.to for message in mail.outbox] == [["ana@example.org"], ["ben@example.org"]]
    for row, message in zip(Invitation.objects.order_by("pk"), mail.outbox, strict=True):
        assert f"http://testserver{page_of(row)}" in str(message.body)
        assert message.subject == "A coach invites you to Limber"
        assert (row.kind, row.max_uses, row.sent_at is not None) == ("athlete", 1, True)
        assert row.expires_at - timezone.now() > dt.timedelta(days=13, hours=23)
    bob.refresh_from_db()
    assert bob.is_coach


def test_wrong_addresses_are_named_and_the_right_ones_go(as_bob: Client) -> None:
    lines = "ana@example.org\nben@\nBOB@example.org\n<script>alert(1)</script>"

    response = as_bob.post(BY_MAIL, {"addresses": lines})

    assert response.status_code == 200
    assert [message.to[0] for message in mail.outbox] == ["ana@example.org"]
    assert '<a href="/invitations/" aria-current="page">' in response.text
    assert "ben@: This is not an e-mail address." in response.text
    assert "BOB@example.org: This is your own address." in response.text
    assert "<script>alert" not in response.text
    box = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", response.text, re.DOTALL)
    assert box is not None
    assert box[1].split() == ["ben@", "BOB@example.org", "&lt;script&gt;alert(1)&lt;/script&gt;"]


@pytest.mark.parametrize("lines", ["", " \n ", "ben@", "a" * 300 + "@example.org", "a@b.org\0"])
def test_without_a_right_address_nothing_is_saved(as_bob: Client, lines: str) -> None:
    response = as_bob.post(BY_MAIL, {"addresses": lines})

    assert response.status_code == 422
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_ten_thousand_lines_are_refused_as_a_whole(as_bob: Client) -> None:
    lines = "\n".join(f"athlete{number}@example.org" for number in range(10_000))

    response = as_bob.post(BY_MAIL, {"addresses": lines})

    assert response.status_code == 422
    assert "These are 10000 lines. At most 1000 go at once." in response.text
    assert not Invitation.objects.exists()


def test_an_address_twice_is_one_invitation(as_bob: Client) -> None:
    as_bob.post(BY_MAIL, {"addresses": "ana@example.org, ANA@example.org\nana@example.org"})

    assert Invitation.objects.get().email == "ana@example.org"
    assert len(mail.outbox) == 1


def test_who_is_invited_already_is_named_and_not_invited_again(as_bob: Client, bob: User) -> None:
    make_invitation(bob, email="ana@example.org", sent_at=timezone.now())

    response = as_bob.post(BY_MAIL, {"addresses": "Ana@example.org\nben@example.org"})

    assert [message.to[0] for message in mail.outbox] == ["ben@example.org"]
    assert "Invited before, not sent again" in response.text
    assert Invitation.objects.filter(email="ana@example.org").count() == 1


def test_an_invitation_that_is_over_can_be_made_again(as_bob: Client, bob: User) -> None:
    make_invitation(bob, email="ana@example.org", withdrawn_at=timezone.now())

    as_bob.post(BY_MAIL, {"addresses": "ana@example.org"})

    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Bob\r\nBcc: all@example.org", "Bob Bcc: all example org would like"),
        ("Win at http://evil.example/x1", "Win at http evil example x1 would like"),
        ("J. R. Birch", "J. R. Birch would like"),
        ("<b>Bob</b>", "<b>Bob</b> would like"),
    ],
)
def test_a_name_makes_no_header_and_no_link_in_a_mail(
    as_bob: Client, bob: User, name: str, words: str
) -> None:
    User.objects.filter(pk=bob.pk).update(name=name)

    as_bob.post(BY_MAIL, {"addresses": "ana@example.org"})

    assert words in str(mail.outbox[0].body)
    assert mail.outbox[0].message().get_all("Bcc") is None
    assert "evil.example" not in str(mail.outbox[0].body)


def test_subjects_of_invitations_say_nothing_that_a_person_wrote(
    as_bob: Client, as_alice: Client, bob: User, alice: User
) -> None:
    User.objects.update(name="Buy pills")

    give_password(as_alice)
    as_alice.post("/invitations/coach/add/", {"email": "ben@example.org", **SUGGESTED})
    as_alice.force_login(bob)
    as_alice.post(BY_MAIL, {"addresses": "ana@example.org"})

    assert [message.subject for message in mail.outbox] == [
        "You invited a coach",
        "A runner asks you to be their coach in Limber",
        "A coach invites you to Limber",
    ]


def test_links_in_invitations_come_from_site_url_and_not_from_the_host_asked(
    as_bob: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://limber.example.org"
    settings.ALLOWED_HOSTS = ["*"]

    as_bob.post(BY_MAIL, {"addresses": "ana@example.org"}, headers={"host": "evil.example"})
    as_bob.post(BY_LINK, {"uid": str(uuid.uuid4())}, headers={"host": "evil.example"})
    page = as_bob.get(PAGE, headers={"host": "evil.example"}).text

    row = Invitation.objects.get(email="ana@example.org")
    assert f"https://limber.example.org{page_of(row)}" in str(mail.outbox[0].body)
    assert 'value="https://limber.example.org/invitations/' in page
    assert "evil.example" not in str(mail.outbox[0].body) + page


def test_a_team_of_somebody_else_cannot_be_chosen(as_bob: Client, carol: User) -> None:
    team = carol.teams.create(name="Hers")

    by_mail = as_bob.post(BY_MAIL, {"addresses": "ana@example.org", "team": team.pk})
    link = as_bob.post(BY_LINK, {"uid": str(uuid.uuid4()), "team": team.pk})

    assert (by_mail.status_code, link.status_code) == (422, 422)
    assert "This team is not there any more." in by_mail.text
    assert "Hers" not in by_mail.text
    assert not Invitation.objects.exists()


# The limit of a day


def invite_many(sender: User, number: int, **fields: Any) -> None:
    Invitation.objects.bulk_create(
        Invitation(
            sender=sender,
            kind=InvitationKind.ATHLETE,
            email=f"athlete{index}@example.org",
            expires_at=timezone.now() + actions.VALID,
            **fields,
        )
        for index in range(number)
    )


@pytest.mark.slow
def test_what_is_over_the_limit_of_a_day_waits_and_says_so(as_bob: Client, bob: User) -> None:
    invite_many(bob, 398, sent_at=timezone.now())

    response = as_bob.post(BY_MAIL, {"addresses": "a@ex.org\nb@ex.org\nc@ex.org"}, follow=True)

    assert [message.to[0] for message in mail.outbox] == ["a@ex.org", "b@ex.org"]
    assert Invitation.objects.waiting().get().email == "c@ex.org"
    assert "This Limber sends no mail: copy the link below and hand it over." in response.text
    assert "1 invitation waits to be sent" in response.text
    assert "400 have gone out today, the most for one day." in response.text


def test_the_next_local_day_sends_what_waited_once(
    as_bob: Client, bob: User, noon: time_machine.Traveller
) -> None:
    invite_many(bob, 400, sent_at=timezone.now())
    make_invitation(bob, email="late@example.org")
    vienna_midnight = dt.datetime(2026, 11, 23, 23, tzinfo=dt.UTC)

    noon.move_to(vienna_midnight - dt.timedelta(minutes=1))
    as_bob.post(SEND)
    assert mail.outbox == []

    noon.move_to(vienna_midnight + dt.timedelta(minutes=1))
    as_bob.post(SEND)
    as_bob.post(SEND)

    assert [message.to[0] for message in mail.outbox] == ["late@example.org"]
    late = Invitation.objects.get(email="late@example.org")
    assert late.sent_at is not None
    assert late.expires_at == late.sent_at + actions.VALID


def test_what_ran_out_or_was_withdrawn_while_waiting_is_not_sent(as_bob: Client, bob: User) -> None:
    make_invitation(bob, email="a@ex.org", expires_at=timezone.now())
    make_invitation(bob, email="b@ex.org", withdrawn_at=timezone.now())

    as_bob.post(SEND)

    assert mail.outbox == []


def test_more_cannot_wait_than_can_go_in_time(
    as_bob: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_WAITING", 3)
    invite_many(bob, 2)

    response = as_bob.post(BY_MAIL, {"addresses": "a@ex.org\nb@ex.org"})

    assert response.status_code == 422
    assert Invitation.objects.count() == 2


# A mail server with a will of its own


@pytest.mark.slow
def test_an_address_refused_for_good_leaves_the_list(
    as_bob: Client, mail_server: type[MailServer]
) -> None:
    mail_server.refuses = {"b@ex.org": 550}
    as_bob.post(BY_MAIL, {"addresses": "a@ex.org\nb@ex.org\nc@ex.org"})

    send_due()

    assert [message.to[0] for message in mail.outbox] == ["a@ex.org", "c@ex.org"]
    assert "Refused by the mail server" in as_bob.get(PAGE).text
    assert not Invitation.objects.get(email="b@ex.org").is_open
    as_bob.post(BY_MAIL, {"addresses": "b@ex.org"})
    assert Invitation.objects.open().filter(email="b@ex.org", mail__isnull=False).exists()


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["away", "not now"])
def test_an_invitation_says_that_it_is_on_its_way_until_the_mail_server_has_it(
    as_bob: Client, mail_server: type[MailServer], noon: time_machine.Traveller, trouble: str
) -> None:
    as_bob.post(BY_MAIL, {"addresses": "a@ex.org"})
    mail_server.away_after = 0 if trouble == "away" else None
    mail_server.refuses = {"a@ex.org": 451} if trouble == "not now" else {}

    send_due()
    assert "on its way" in as_bob.get(PAGE).text
    assert mail.outbox == []

    mail_server.is_new()
    noon.shift(dt.timedelta(minutes=1))
    send_due()
    assert "sent 23 November" in as_bob.get(PAGE).text
    assert len(mail.outbox) == 1


def test_an_invitation_withdrawn_before_it_is_sent_is_not_sent(
    as_bob: Client, mail_server: type[MailServer]
) -> None:
    as_bob.post(BY_MAIL, {"addresses": "a@ex.org\nb@ex.org"})
    row = Invitation.objects.get(email="a@ex.org")

    as_bob.post(f"/invitations/{row.uid}/withdraw/")
    send_due()

    assert [message.to[0] for message in mail.outbox] == ["b@ex.org"]


@pytest.mark.slow
def test_what_is_in_the_outbox_counts_for_the_day(
    as_bob: Client, bob: User, mail_server: type[MailServer]
) -> None:
    invite_many(bob, 399, sent_at=timezone.now())

    response = as_bob.post(BY_MAIL, {"addresses": "a@ex.org\nb@ex.org"}, follow=True)

    assert "1 invitation is on its way." in response.text
    assert Invitation.objects.open().get(mail__isnull=False).email == "a@ex.org"
    assert Invitation.objects.waiting().get().email == "b@ex.org"


def test_send_invitations_sends_once_for_everybody(
    db: None, bob: User, alice: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SITE_URL = "https://limber.example.org"
    row = make_invitation(bob, email="a@ex.org")
    make_invitation(alice, InvitationKind.COACH, email="b@ex.org")

    call_command("send_invitations")
    call_command("send_invitations")

    assert {message.to[0] for message in mail.outbox} == {"a@ex.org", "b@ex.org"}
    assert f"https://limber.example.org{page_of(row)}" in str(mail.outbox[1].body) + str(
        mail.outbox[0].body
    )
    assert capsys.readouterr().out == "Sent 2 invitations.\nSent 0 invitations.\n"


# Links


def test_a_link_for_one_athlete_can_be_copied_and_is_made_once(as_bob: Client, bob: User) -> None:
    team = bob.teams.create(name="Track")
    sent = {"uid": str(uuid.uuid4()), "team": team.pk}

    as_bob.post(BY_LINK, sent)
    response = as_bob.post(BY_LINK, sent, follow=True)

    row = Invitation.objects.get()
    assert (row.kind, row.max_uses, row.team) == ("athlete", 1, team)
    assert f'value="http://testserver{page_of(row)}"' in response.text
    assert mail.outbox == []


def test_a_team_link_ends_with_its_last_day_where_the_coach_is(as_bob: Client) -> None:
    sent = {"uid": str(uuid.uuid4()), "last_day": "2026-12-24", "max_uses": "1000"}

    as_bob.post(BY_LINK, sent)

    row = Invitation.objects.get()
    assert (row.kind, row.max_uses) == ("team", 1000)
    assert row.expires_at == dt.datetime(2026, 12, 24, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("last_day", "2026-11-22", "This day is over."),
        ("last_day", "2027-11-24", "A link works for a year at most."),
        ("last_day", "9999-12-31", "A link works for a year at most."),
        ("last_day", "soon", "Enter a day that is in the calendar."),
        ("last_day", "", "Choose the last day of the link."),
        ("max_uses", "0", "At least 1 athlete."),
        ("max_uses", "1001", "At most 1000 athletes."),
        ("max_uses", "many", "Enter a whole number."),
        ("max_uses", "", "Say how many athletes may use it."),
        ("uid", "mine", "Enter a valid UUID."),
    ],
)
def test_a_wrong_team_link_says_why_and_is_not_made(
    as_bob: Client, field: str, value: str, words: str
) -> None:
    sent = {"uid": str(uuid.uuid4()), "last_day": "2026-12-24", "max_uses": "30"}

    response = as_bob.post(BY_LINK, {**sent, field: value})

    assert response.status_code == 422
    assert words in response.text
    assert not Invitation.objects.exists()


def test_the_uid_of_somebody_elses_link_gives_nothing(as_bob: Client, carol: User) -> None:
    hers = make_invitation(carol)

    response = as_bob.post(BY_LINK, {"uid": str(hers.uid)})

    assert response.status_code == 404
    assert Invitation.objects.get() == hers


def test_withdrawing_shuts_the_link(as_bob: Client, bob: User) -> None:
    row = make_invitation(bob)

    as_bob.post(f"/invitations/{row.uid}/withdraw/")
    response = as_bob.post(f"/invitations/{row.uid}/withdraw/", follow=True)

    assert "Withdrawn" in response.text
    assert Client().get(page_of(row)).status_code == 404


def test_withdrawing_what_was_accepted_says_so(as_bob: Client, bob: User, alice: User) -> None:
    row = make_invitation(bob, used=1)

    response = as_bob.post(f"/invitations/{row.uid}/withdraw/", follow=True)

    assert "Nothing to withdraw" in response.text
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_an_invitation_of_somebody_else_cannot_be_withdrawn(as_bob: Client, carol: User) -> None:
    row = make_invitation(carol)

    assert as_bob.post(f"/invitations/{row.uid}/withdraw/").status_code == 404
    row.refresh_from_db()
    assert row.is_open


def test_the_list_says_what_became_of_each(as_bob: Client, bob: User, alice: User) -> None:
    now = timezone.now()
    make_link(bob, alice, invitation=make_invitation(bob, email="1@ex.org", used=1))
    make_invitation(bob, email="2@ex.org", refused_at=now, sent_at=now)
    make_invitation(bob, email="3@ex.org", refused_at=now)
    make_invitation(bob, email="4@ex.org", expires_at=now)
    make_invitation(bob, InvitationKind.TEAM, max_uses=9, used=4, withdrawn_at=now)

    page = as_bob.get(PAGE).text

    assert re.findall(r'class="ended">([^<]*)<', page) == [
        "Withdrawn, 4 athletes accepted",
        "Ran out",
        "Refused by the mail server",
        "Answered: no, thank you",
        "Accepted by Alice Ash",
    ]


def test_the_list_forgets_the_name_of_who_ended_it(as_bob: Client, bob: User, alice: User) -> None:
    row = make_invitation(bob, used=1)
    make_link(bob, alice, invitation=row, ended_at=timezone.now())

    page = as_bob.get(PAGE).text

    assert "Accepted<" in page
    assert "Alice" not in page


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 120])
def test_invites_page_costs_the_same_with_many(
    as_bob: Client,
    bob: User,
    alice: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    invite_many(bob, number)
    invite_many(bob, number, used=1)
    make_link(bob, alice, invitation=Invitation.objects.filter(used=1).latest("pk"))
    as_bob.get(PAGE)

    with django_assert_num_queries(10):
        page = as_bob.get(PAGE).text

    assert page.count(">Withdraw<") == min(number, 50)
    assert ("Page 1 of 3" in page) == (number == 120)


# Limits of time


def test_sending_is_limited_for_a_person(as_bob: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {"send_invitation": "2/h/user"}

    responses = [as_bob.post(BY_MAIL, {"addresses": f"{n}@ex.org"}) for n in range(3)]

    assert [response.status_code for response in responses] == [302, 302, 429]
    assert "That was too often" in responses[-1].text
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/invitations/athletes/add/", "/invitations/"),
        ("/invitations/link/add/", "/invitations/"),
        ("/invitations/send/", "/invitations/"),
        ("/invitations/coach/add/", "/settings/sharing/"),
    ],
)
def test_looking_at_the_address_of_a_form_leads_to_its_page(
    as_bob: Client, address: str, page: str
) -> None:
    """A form that came back with its faults is shown there, and may be loaded again."""
    assert as_bob.get(address)["Location"] == page


@pytest.mark.slow
def test_an_address_gets_three_mails_in_two_weeks_at_most_whatever_is_withdrawn(
    as_bob: Client, noon: time_machine.Traveller
) -> None:
    for _ in range(5):
        as_bob.post("/invitations/athletes/add/", {"addresses": "new@example.org"})
        Invitation.objects.update(withdrawn_at=timezone.now())

    assert len(mail.outbox) == 3
    noon.shift(dt.timedelta(days=15))
    as_bob.post("/invitations/athletes/add/", {"addresses": "new@example.org"})
    assert len(mail.outbox) == 4
