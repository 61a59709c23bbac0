"""Inviting by mail and by link, the invited person's page, and the way there without an account."""

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
from runners.models import CoachLink, Invitation, InvitationKind, User
from runners.models.coaching import SWITCHES
from tests.factories import PASSWORD, make_invitation, make_link, make_user
from tests.mail_server import MailServer
from tests.signing_in import give_password

PAGE = "/invitations/"
BY_MAIL = "/invitations/athletes/add/"
BY_LINK = "/invitations/link/add/"
SEND = "/invitations/send/"
SUGGESTED = {"runs": "on", "soreness": "on", "guidance": "on"}
ONE_SENTENCE = (
    "It may have been used, answered, withdrawn or mistyped, or it has expired: ask for a new one."
)
SIGN_UP = {"email": "new@example.org", "password1": "walk-before-you-run", "consent": "on"}
WELCOME = {
    "name": "Nia",
    "units": "km",
    "time_zone": "Europe/Vienna",
    "week_start": "1",
    "age_band": "adult",
}


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def page_of(invitation: Invitation) -> str:
    return f"/invitations/{invitation.token}/"


def accept(client: Client, invitation: Invitation, **data: str) -> Any:
    return client.post(f"{page_of(invitation)}accept/", {**SUGGESTED, **data})


# Inviting by e-mail


def test_invites_page_says_what_will_be_there(as_bob: Client) -> None:
    response = as_bob.get(PAGE)

    assert response.status_code == 200
    assert "Nobody is invited at the moment." in response.text
    assert 'aria-current="page">Invites' in response.text


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
    assert 'aria-current="page">Invites' in response.text
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


# The invited person's page


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


def test_a_newcomer_who_skips_the_health_question_lands_there_too(
    client: Client, bob: User
) -> None:
    row = make_invitation(bob)
    client.get(page_of(row))

    sign_up(client)
    client.post("/welcome/", WELCOME)
    page = client.get("/guidance/care-first/").text

    assert f'href="{page_of(row)}">Skip for now' in page


def test_a_newcomer_without_an_invitation_lands_on_today(client: Client, db: None) -> None:
    sign_up(client)
    client.get("/diary/")
    client.post("/welcome/", WELCOME)

    answered = client.post("/guidance/care-first/", {"values": ["none"]})

    assert answered["Location"] == "/today/"


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


# Limits of time


def test_opening_is_limited_for_an_address(
    client: Client, bob: User, settings: Settings, noon: object
) -> None:
    settings.RATE_LIMITS = {"open_invitation": "3/m/network"}
    row = make_invitation(bob)

    statuses = [client.get(page_of(row)).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert client.get("/invitations/made-up/").status_code == 429


def test_sending_is_limited_for_a_person(as_bob: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = {"send_invitation": "2/h/user"}

    responses = [as_bob.post(BY_MAIL, {"addresses": f"{n}@ex.org"}) for n in range(3)]

    assert [response.status_code for response in responses] == [302, 302, 429]
    assert "That was too often" in responses[-1].text
    assert len(mail.outbox) == 2


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
