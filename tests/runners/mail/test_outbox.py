"""Mails that wait: stored with what they are about, sent once, tried again, and then forgotten."""

import datetime as dt
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from post_office.models import Email
from pytest_django import DjangoAssertNumQueries, Settings

from runners.accounts import actions as account_actions
from runners.coaching.links import actions as link_actions
from runners.coaching.links.invitation_mail import send_waiting
from runners.mail import delivery, outbox
from runners.mail.delivery import WAITS
from runners.management.commands.deliver_mail import send_due
from runners.models import Invitation, User
from tests.factories import make_invitation, make_user
from tests.mail_server import MailServer
from tests.races import at_once, sqlite_in

pytestmark = pytest.mark.slow

TO = "ana@example.org"


def message(to: str = TO, **fields: Any) -> EmailMessage:
    return EmailMessage(**{"subject": "Hello", "body": "A word.", "to": [to], **fields})


def waiting() -> list[str]:
    return [row.to[0] for row in Email.objects.order_by("pk")]


# What is stored


def test_plain_send_mail_waits_in_the_outbox_and_opens_no_connection(
    db: None, mail_server: type[MailServer], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        send_mail("Hello", "A word.", None, [TO])

    assert waiting() == [TO]
    assert (mail_server.opened, mail.outbox) == (0, [])


def test_without_a_mail_server_a_mail_is_printed_and_not_stored(
    db: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    assert outbox.queue(message()) is None

    assert "A word." in capsys.readouterr().out
    assert not Email.objects.exists()


def test_a_mail_is_undone_with_what_it_is_about(db: None, mail_server: type[MailServer]) -> None:
    with transaction.atomic():
        outbox.queue(message())
        transaction.set_rollback(True)

    assert not Email.objects.exists()


def test_what_people_write_is_not_run_as_a_template(
    db: None, mail_server: type[MailServer]
) -> None:
    hostile = "{% include 'base.html' %} {{ 7|add:7 }} {% broken"
    page = EmailMultiAlternatives(subject=hostile, body=hostile, to=[TO])
    page.attach_alternative(f"<p>{hostile}</p>", "text/html")

    page.send()
    send_due()

    [sent] = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.subject, sent.body) == (hostile, hostile)
    assert str(sent.alternatives[0][0]) == f"<p>{hostile}</p>"


def test_what_the_outbox_does_not_carry_is_refused_at_once(
    db: None, mail_server: type[MailServer]
) -> None:
    with pytest.raises(NotImplementedError):
        message(bcc=["all@example.org"]).send()


# Sending


def test_a_mail_is_sent_once_and_nothing_of_it_stays(
    db: None, mail_server: type[MailServer]
) -> None:
    outbox.queue(message(headers={"Auto-Submitted": "auto-generated"}))

    assert send_due().sent == 1
    assert send_due().sent == 0

    [sent] = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Hello", "A word.", [TO])
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert not Email.objects.exists()


def test_what_goes_out_in_bulk_lets_the_others_go_first(
    db: None, mail_server: type[MailServer]
) -> None:
    outbox.queue(message("bulk@example.org"), in_bulk=True)
    outbox.queue(message())

    send_due()

    assert [sent.to[0] for sent in mail.outbox] == [TO, "bulk@example.org"]


def test_nothing_to_send_is_one_query_and_no_connection(
    db: None, mail_server: type[MailServer], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        send_due()

    assert mail_server.opened == 0


def test_a_server_that_is_away_is_asked_again_after_growing_waits(
    db: None, mail_server: type[MailServer], noon: time_machine.Traveller
) -> None:
    for number in range(3):
        outbox.queue(message(f"{number}@example.org"), expires_at=noon_in(days=1))
    mail_server.away_after = 0

    for number, wait in enumerate(WAITS):
        assert send_due().server_is_away
        assert mail_server.opened == number + 1  # one knock for all three
        noon.shift(wait - dt.timedelta(seconds=1))
        assert not send_due().server_is_away
        noon.shift(dt.timedelta(seconds=2))
    mail_server.away_after = None

    assert send_due().sent == 3
    assert not Email.objects.exists()


def noon_in(**time: int) -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC) + dt.timedelta(**time)


@pytest.mark.parametrize("code", [421, 451])
def test_an_address_refused_for_now_waits_alone(
    db: None, mail_server: type[MailServer], noon: time_machine.Traveller, code: int
) -> None:
    outbox.queue(message())
    outbox.queue(message("ben@example.org"))
    mail_server.refuses = {TO: code}

    done = send_due()

    assert (done.sent, done.later, waiting()) == (1, 1, [TO])
    mail_server.refuses = {}
    noon.shift(WAITS[0])
    assert send_due().sent == 1


def test_an_address_refused_for_good_is_not_tried_again(
    db: None, mail_server: type[MailServer], caplog: pytest.LogCaptureFixture
) -> None:
    outbox.queue(message())
    mail_server.refuses = {TO: 550}

    assert send_due().refused == 1

    assert not Email.objects.exists()
    assert TO not in caplog.text


def test_an_address_that_cannot_be_written_into_a_mail_stops_nobody(
    db: None, mail_server: type[MailServer]
) -> None:
    outbox.queue(message("bro\nken@example.org"))
    outbox.queue(message())

    done = send_due()

    assert (done.sent, done.refused) == (1, 1)


def test_a_sender_refused_for_good_does_not_throw_the_mail_away(
    db: None, mail_server: type[MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a host that is not allowed to send yet: that can be put right."""

    def refuse(*_: Any) -> int:
        raise smtplib.SMTPSenderRefused(550, b"not you", "limber@example.org")

    monkeypatch.setattr(MailServer, "send_messages", refuse)
    outbox.queue(message())

    assert send_due().later == 1
    assert waiting() == [TO]


def test_a_body_goes_when_its_link_expires(
    db: None, mail_server: type[MailServer], noon: time_machine.Traveller
) -> None:
    outbox.queue(message(), expires_at=noon_in(hours=1))
    outbox.queue(message("ben@example.org"))
    mail_server.away_after = 0
    send_due()

    Email.objects.update(scheduled_time=noon_in(days=1))  # nothing is due meanwhile
    noon.shift(dt.timedelta(hours=2))
    send_due()
    assert waiting() == ["ben@example.org"]

    noon.shift(outbox.KEPT)
    call_command("tidy_up")
    assert waiting() == []


def test_deliver_mail_says_what_became_of_it(
    db: None, mail_server: type[MailServer], capsys: pytest.CaptureFixture[str]
) -> None:
    outbox.queue(message())
    outbox.queue(message("ben@example.org"))
    mail_server.refuses = {TO: 550}

    call_command("deliver_mail")

    assert capsys.readouterr().out == "Sent 1 mail. 1 mail refused for good.\n"
    outbox.queue(message())
    mail_server.away_after = 0
    with pytest.raises(CommandError, match="The mail server is away"):
        call_command("deliver_mail")


def test_deliver_mail_without_a_mail_server_says_so(db: None) -> None:
    with pytest.raises(CommandError, match="EMAIL_URL is not set"):
        call_command("deliver_mail")


# With an account that goes


def test_deleting_the_account_takes_its_mails_along(
    alice: User, bob: User, mail_server: type[MailServer]
) -> None:
    make_invitation(alice, email="hers@example.org")
    make_invitation(bob, email="his@example.org")
    for sender in (alice, bob):
        send_waiting(sender)
    Client().post("/accounts/password/reset/", {"email": alice.email})
    assert len(waiting()) == 3

    account_actions.delete_account(by=alice)

    assert waiting() == ["his@example.org"]


# Several senders, and senders that die


@pytest.fixture
def on_disk(
    transactional_db: None, mail_server: type[MailServer], tmp_path: Path
) -> Iterator[None]:
    with sqlite_in(tmp_path):
        yield


def test_senders_at_once_send_each_mail_once(on_disk: None) -> None:
    addresses = [f"{number}@example.org" for number in range(40)]
    for address in addresses:
        outbox.queue(message(address))

    done = at_once(*[send_due] * 4)

    assert sum(each.sent for each in done) == 40
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted(addresses)


def test_withdrawing_while_it_is_sent_is_never_an_error(on_disk: None) -> None:
    bob = make_user("Bob Birch")
    for number in range(10):
        row = make_invitation(bob, email=f"{number}@example.org")
        send_waiting(bob)

        def withdraw(row: Invitation = row) -> None:
            link_actions.withdraw_invitation(row, by=bob)

        at_once(withdraw, lambda: send_due() and None)

        assert not Email.objects.exists()
        row.refresh_from_db()
        assert row.withdrawn_at is not None


KILLED = """
import os, sys, time
import django
django.setup()
from django.conf import settings
from django.db import connections
settings.SENDS_MAIL = True
settings.POST_OFFICE = {"BACKENDS": {"default": "tests.mail_server.MailServer"}}
connections["default"].settings_dict["NAME"] = sys.argv[1]
from runners.management.commands.deliver_mail import send_due
from tests.mail_server import MailServer

def taken(self, messages):
    if messages[0].to[0] == "2@example.org":
        print("in flight", flush=True)
        time.sleep(60)
    return 1

MailServer.send_messages = taken
send_due()
"""


def test_of_a_killed_sender_only_the_mail_in_its_hands_may_come_twice(
    on_disk: None, noon_later: time_machine.Traveller
) -> None:
    for number in range(5):
        outbox.queue(message(f"{number}@example.org"))
    database = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    sender = subprocess.Popen(
        [sys.executable, "-c", KILLED, database], env=environment, stdout=subprocess.PIPE
    )
    assert sender.stdout is not None
    assert sender.stdout.readline() == b"in flight\n"
    sender.send_signal(signal.SIGKILL)
    sender.communicate()

    send_due()
    assert [sent.to[0] for sent in mail.outbox] == ["3@example.org", "4@example.org"]
    noon_later.shift(delivery.CLAIM + dt.timedelta(seconds=1))
    send_due()

    assert mail.outbox[-1].to == ["2@example.org"]
    assert not Email.objects.exists()


@pytest.fixture
def noon_later() -> Iterator[time_machine.Traveller]:
    """The clock of this process, to be moved on after the other one has claimed something."""
    with time_machine.travel(dt.datetime.fromtimestamp(time.time(), tz=dt.UTC)) as clock:
        yield clock
