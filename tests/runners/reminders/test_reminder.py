"""The daily reminder: its page, its calendar, its mail, and stopping it."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from icalendar import Calendar, Event
from post_office.models import Email
from pytest_django import DjangoAssertNumQueries, Settings

from runners.management.commands.deliver_mail import send_due as deliver
from runners.models import CheckIn, Consent, Reminder, User
from runners.reminders import actions, sending
from tests.factories import TODAY, make_check_in, make_soreness, make_user
from tests.mail_server import MailServer
from tests.pages import read
from tests.races import at_once, sqlite_in

pytestmark = pytest.mark.usefixtures("noon")

PAGE = "/settings/reminder/"
SEVEN = dt.time(7)
SITE = "https://limber.example"
HEALTH = ("sore", "tight", "pain", "hamstring", "check-in", "run", "leg", "ache", "injur")


@pytest.fixture
def _mailed(settings: Settings) -> None:
    """As with a mail server, whose mails are kept to be looked at."""
    settings.SITE_URL = SITE
    settings.SENDS_MAIL = True


def by_mail(runner: User, at: dt.time = SEVEN) -> Reminder:
    return Reminder.objects.create(runner=runner, at=at, way="mail")


def in_calendar(runner: User, at: dt.time = SEVEN) -> Reminder:
    return Reminder.objects.create(runner=runner, at=at)


def at(noon: time_machine.Traveller, hour: int, minute: int = 0, days: int = 0) -> None:
    """Local time of the tests' runners, in Vienna."""
    day = TODAY + dt.timedelta(days=days)
    noon.move_to(dt.datetime(day.year, day.month, day.day, hour - 1, minute, tzinfo=dt.UTC))


def fetch(row: Reminder) -> Any:
    """As a calendar app does: without a session."""
    return Client().get(f"/reminder/{row.token}.ics")


def event_of(row: Reminder) -> Event:
    calendar = Calendar.from_ical(fetch(row).content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return event


# Its page


def test_today_offers_it_in_the_first_days_until_there_is_one(
    as_alice: Client, alice: User
) -> None:
    assert "A daily reminder" in read(as_alice, "/today/")
    make_soreness(alice)
    assert "A daily reminder" in read(as_alice, "/today/")
    in_calendar(alice)
    assert "A daily reminder" not in read(as_alice, "/today/")


def test_it_is_set_and_its_address_shown(as_alice: Client, alice: User) -> None:
    assert 'value="07:00"' in read(as_alice, PAGE)
    response = as_alice.post(PAGE, {"at": "06:15", "way": "calendar"})
    assert response["Location"] == PAGE
    row = Reminder.objects.get(runner=alice)
    assert (row.at, row.way) == (dt.time(6, 15), "calendar")
    page = read(as_alice, PAGE)
    assert f"http://testserver/reminder/{row.token}.ics" in page
    assert f"webcal://testserver/reminder/{row.token}.ics" in page
    assert "every day at 06:15" in page


def test_set_twice_or_changed_it_stays_one_with_its_address(as_alice: Client, alice: User) -> None:
    for hour in ("06:15", "06:15", "20:30"):
        as_alice.post(PAGE, {"at": hour, "way": "calendar"})
        addresses = set(Reminder.objects.values_list("token", flat=True))
        assert len(addresses) == 1
    assert Reminder.objects.get().at == dt.time(20, 30)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"at": "", "way": "calendar"}, "Choose a time."),
        ({"at": "25:00", "way": "calendar"}, "Write the time as hours and minutes"),
        ({"at": "07:00", "way": "pigeon"}, "Choose one of these."),
        ({"at": "07:00", "way": "mail"}, "Choose one of these."),  # no mail server
    ],
)
def test_bad_input_sets_nothing(
    as_alice: Client, settings: Settings, sent: dict[str, str], sentence: str
) -> None:
    settings.SENDS_MAIL = False
    response = as_alice.post(PAGE, sent)
    assert response.status_code == 422
    assert sentence in response.text
    assert not Reminder.objects.exists()


def test_stopped_from_a_page_that_was_open_it_stays_stopped(as_alice: Client, alice: User) -> None:
    row = in_calendar(alice)
    for _ in range(2):
        assert as_alice.post(f"{PAGE}end/")["Location"] == PAGE
    assert not Reminder.objects.exists()
    assert fetch(row).status_code == 404


def test_settings_lead_to_it(as_alice: Client) -> None:
    assert f'href="{PAGE}"' in read(as_alice, "/settings/")


# Its calendar


def test_calendar_rings_every_day_at_the_hour_wherever_one_is(alice: User) -> None:
    event = event_of(in_calendar(alice, dt.time(6, 15)))
    assert event.start == dt.datetime(2026, 11, 23, 6, 15)  # noqa: DTZ001  no zone: it floats
    assert dict(event.rrules[0]) == {"FREQ": ["DAILY"]}
    assert event["url"] == "http://testserver/check-in/"
    (alarm,) = event.alarms.times
    assert alarm.trigger == event.start


@pytest.mark.usefixtures("_mailed")
def test_neither_calendar_nor_mail_has_a_word_of_health(
    alice: User, noon: time_machine.Traveller
) -> None:
    make_soreness(alice, TODAY - dt.timedelta(days=1), note="Behind the left knee.")
    row = by_mail(alice)
    calendar = fetch(row).content.decode().replace(f"{SITE}/check-in/", "")
    at(noon, 7)
    sending.send_due()
    waiting = Email.objects.get()
    written = f"{waiting.subject} {waiting.message}".replace(f"{SITE}/check-in/", "")
    for words in (calendar, written):
        said = words.replace(row.token, "").lower()  # in which chance may write a word
        assert not [word for word in HEALTH if word in said]


def test_new_address_ends_the_old_one(as_alice: Client, alice: User) -> None:
    row = in_calendar(alice)
    as_alice.post(f"{PAGE}renew/")
    assert fetch(row).status_code == 404
    row.refresh_from_db()
    assert fetch(row).status_code == 200


def test_calendar_is_read_with_one_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = in_calendar(alice)
    with django_assert_num_queries(1):
        fetch(row)


def test_calendar_of_a_closed_account_is_gone(alice: User) -> None:
    row = in_calendar(alice)
    User.objects.update(is_active=False)
    assert fetch(row).status_code == 404


# Its mail


@pytest.mark.usefixtures("_mailed")
@pytest.mark.parametrize(
    ("hour", "minute", "sent"), [(6, 59, 0), (7, 0, 1), (9, 59, 1), (10, 1, 0), (23, 0, 0)]
)
def test_mail_goes_at_the_hour_and_not_much_later(
    alice: User, noon: time_machine.Traveller, hour: int, minute: int, sent: int
) -> None:
    by_mail(alice)
    at(noon, hour, minute)
    assert sending.send_due() == sent
    assert Email.objects.count() == sent


@pytest.mark.usefixtures("_mailed")
def test_mail_goes_once_a_day(alice: User, noon: time_machine.Traveller) -> None:
    by_mail(alice)
    at(noon, 7)
    assert [sending.send_due() for _ in range(2)] == [1, 0]
    at(noon, 7, days=1)
    assert sending.send_due() == 1


@pytest.mark.usefixtures("_mailed")
def test_mail_goes_by_the_runners_own_clock(alice: User, noon: time_machine.Traveller) -> None:
    by_mail(alice)
    by_mail(make_user("Tomoko", time_zone="Asia/Tokyo"))
    at(noon, 7)
    assert sending.send_due() == 1
    assert Email.objects.get().to == [alice.email]
    noon.move_to(dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC))  # 07:30 of the next day there
    assert sending.send_due() == 1


@pytest.mark.usefixtures("_mailed")
def test_none_goes_on_a_day_with_a_check_in(alice: User, noon: time_machine.Traveller) -> None:
    by_mail(alice)
    check_in = make_check_in(alice, TODAY)
    at(noon, 7)
    assert sending.send_due() == 0
    CheckIn.objects.filter(pk=check_in.pk).update(deleted_at=dt.datetime.now(dt.UTC))
    assert sending.send_due() == 1


@pytest.mark.usefixtures("_mailed")
def test_none_goes_without_consent_to_the_demo_or_by_calendar(
    alice: User, bob: User, mallory: User, noon: time_machine.Traveller, settings: Settings
) -> None:
    settings.DEBUG = False
    by_mail(alice)
    Consent.objects.filter(runner=alice).update(withdrawn_at=dt.datetime.now(dt.UTC))
    by_mail(bob)
    User.objects.filter(pk=bob.pk).update(is_demo=True)
    in_calendar(mallory)
    at(noon, 7)
    assert sending.send_due() == 0


@pytest.mark.usefixtures("_mailed")
def test_what_waits_does_not_go_once_it_is_no_use(
    alice: User, noon: time_machine.Traveller, mail_server: type[MailServer]
) -> None:
    row = by_mail(alice)
    at(noon, 7)
    sending.send_due()
    make_check_in(alice, TODAY)
    deliver()
    assert not Email.objects.exists()
    assert mail.outbox == []
    row.refresh_from_db()
    assert row.mail is None


@pytest.mark.usefixtures("_mailed")
def test_stopping_takes_back_what_waits(alice: User, noon: time_machine.Traveller) -> None:
    by_mail(alice)
    at(noon, 7)
    sending.send_due()
    actions.stop_reminder(by=alice)
    assert not Email.objects.exists()


@pytest.mark.usefixtures("_mailed")
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_once(
    alice: User, noon: time_machine.Traveller, tmp_path: Any
) -> None:
    by_mail(alice)
    at(noon, 7)
    with sqlite_in(tmp_path):
        sent = at_once(sending.send_due, sending.send_due)
    assert sorted(sent) == [0, 1]


def test_command_needs_to_know_where_this_limber_lies(settings: Settings, db: None) -> None:
    settings.DEBUG, settings.SITE_URL = False, ""
    with pytest.raises(CommandError, match="SITE_URL"):
        call_command("send_reminders")


# Its size


@pytest.mark.usefixtures("_mailed")
def test_finding_who_is_due_takes_a_query_for_each_time_zone(
    alice: User,
    bob: User,
    noon: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for runner in (alice, bob):
        by_mail(runner, dt.time(20))
    at(noon, 7)
    with django_assert_num_queries(2):
        assert sending.send_due() == 0
