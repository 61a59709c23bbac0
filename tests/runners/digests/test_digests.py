"""The weekly mails: who gets one, what it says, and that sending twice sends once."""

import datetime as dt
import html
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from guidance.saying import say
from runners import standing
from runners.accounts import actions as account_actions
from runners.coaching.links import actions as link_actions
from runners.digests import coach_mail as your_athletes
from runners.digests import sending
from runners.management.commands.deliver_mail import send_due
from runners.models import (
    AccessRecord,
    AthletePage,
    CheckIn,
    CoachLink,
    Digest,
    SharedStanding,
    Standing,
    User,
)
from runners.models.coaching import SWITCHES
from runners.models.digests import DigestKind
from runners.models.standing import StandingLevel
from tests.factories import (
    TODAY,
    days_ago,
    in_words,
    make_check_in,
    make_link,
    make_run,
    make_soreness,
    make_user,
)
from tests.mail_server import MailServer
from tests.races import at_once, sqlite_in
from tests.runners.digests.readers import SITE, make_reader

MONDAY_BEFORE = days_ago(7)
LATER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def coach(noon: time_machine.Traveller, bob: User) -> User:
    """Bob, who wants his athletes by mail."""
    bob.is_coach = bob.wants_coach_digest = True
    bob.save()
    return bob


def make_athlete(
    coach: User, name: str, level: StandingLevel | None, headline: str = "Headline."
) -> CoachLink:
    """With a line of the roster as guidance would have left it today."""
    link = make_link(coach, make_user(name, email=f"{name.replace(' ', '.')}@example.org"))
    SharedStanding.objects.create(
        link=link,
        level=level,
        headline=in_words(headline),
        as_of=TODAY,
        fresh_until=LATER,
        made_with=standing.made_with(),
    )
    return link


def sent(*options: str) -> str:
    out = StringIO()
    call_command("send_digests", *options, stdout=out)
    return out.getvalue()


def only_mail() -> EmailMultiAlternatives:
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def text_of(message: EmailMultiAlternatives) -> str:
    return str(message.body)


def html_of(message: EmailMultiAlternatives) -> str:
    [(page, kind)] = message.alternatives
    assert kind == "text/html"
    return str(page)


# Who gets one, and when


@pytest.mark.parametrize(
    ("zone", "utc", "mails"),
    [
        ("Europe/Vienna", "2026-11-23T03:59", 0),  # 04:59 on Monday
        ("Europe/Vienna", "2026-11-23T04:00", 1),
        ("Europe/Vienna", "2026-11-23T22:59", 1),  # 23:59
        ("Europe/Vienna", "2026-11-23T23:00", 0),  # Tuesday
        ("Pacific/Auckland", "2026-11-22T15:59", 0),  # 04:59 on Monday
        ("Pacific/Auckland", "2026-11-22T16:00", 1),
        ("America/Los_Angeles", "2026-11-23T12:59", 0),
        ("America/Los_Angeles", "2026-11-23T13:00", 1),
    ],
)
def test_mail_comes_on_monday_after_five_of_the_readers_own(
    reader: User, noon: time_machine.Traveller, zone: str, utc: str, mails: int
) -> None:
    User.objects.update(time_zone=zone)
    noon.move_to(dt.datetime.fromisoformat(f"{utc}+00:00"))

    sent()

    assert len(mail.outbox) == mails


def test_now_sends_on_any_day_and_not_again_that_week(
    reader: User, noon: time_machine.Traveller
) -> None:
    noon.move_to(dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC))  # the Sunday before
    sent("--now")
    assert Digest.objects.get().week == days_ago(14)

    noon.move_to(dt.datetime(2026, 11, 27, 11, tzinfo=dt.UTC))  # Friday
    assert sent("--now") == "Sent 1 mail.\n"
    assert sent("--now") == "Sent 0 mails.\n"


@pytest.mark.parametrize(
    "change",
    [
        {"wants_runner_digest": False},
        {"wants_runner_digest": False, "wants_coach_digest": True},  # and coaches nobody
        {"is_active": False},
        {"is_demo": True},
        {"welcomed_at": None},
    ],
    ids=str,
)
def test_no_mail_without_opting_in(reader: User, change: dict[str, Any]) -> None:
    User.objects.filter(pk=reader.pk).update(**change)

    sent()

    assert mail.outbox == []
    assert not Digest.objects.exists()


def test_no_mail_after_the_consent_was_taken_back(reader: User) -> None:
    account_actions.withdraw_consent(by=reader)

    sent()

    assert mail.outbox == []


def test_new_people_get_no_mail_of_their_own_accord(db: None) -> None:
    user = make_user()

    assert not user.wants_runner_digest
    assert not user.wants_coach_digest


# Sending once


def test_sending_twice_sends_once(reader: User, coach: User) -> None:
    make_athlete(coach, "Ana Mori", StandingLevel.QUIET)

    assert sent() == "Sent 2 mails.\n"
    assert sent() == "Sent 0 mails.\n"

    assert len(mail.outbox) == 2
    rows = Digest.objects.values_list("user", "kind", "week")
    assert set(rows) == {
        (reader.pk, "runner", MONDAY_BEFORE),
        (coach.pk, "coach", MONDAY_BEFORE),
    }


def test_next_monday_sends_the_next_week(reader: User, noon: time_machine.Traveller) -> None:
    sent()
    noon.move_to(dt.datetime(2026, 11, 30, 11, tzinfo=dt.UTC))

    assert sent() == "Sent 1 mail.\n"


def test_two_runs_that_found_the_same_people_send_once(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent()
    everybody, nobody = User.objects.order_by("pk"), User.objects.none()
    monkeypatch.setattr(
        sending,
        "people_due",
        lambda kind, *_: everybody if kind is DigestKind.RUNNER else nobody,
    )

    assert sent() == "Sent 0 mails.\n"
    assert len(mail.outbox) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_schedulers_at_once_send_once(noon: time_machine.Traveller, tmp_path: Path) -> None:
    with sqlite_in(tmp_path):
        for number in range(8):
            make_check_in(make_reader(number), days_ago(2))

        counts = at_once(*[lambda: sending.send_due()] * 4)

        assert sum(counts) == 8
        assert sorted(message.to[0] for message in mail.outbox) == sorted(
            User.objects.values_list("email", flat=True)
        )


def test_refused_address_does_not_stop_the_others(
    db: None, noon: time_machine.Traveller, mail_server: type[MailServer]
) -> None:
    for number in range(3):
        make_reader(number)
    mail_server.refuses = {"reader1@example.org": 550}

    assert sent() == "Sent 3 mails.\n"
    send_due()

    assert [message.to for message in mail.outbox] == [
        ["reader0@example.org"],
        ["reader2@example.org"],
    ]
    assert sent() == "Sent 0 mails.\n"


def test_mail_server_that_is_away_delays_the_mail_and_sends_it_once(
    reader: User, mail_server: type[MailServer], noon: time_machine.Traveller
) -> None:
    mail_server.away_after = 0
    sent()
    send_due()
    mail_server.is_new()
    noon.shift(dt.timedelta(minutes=2))

    assert sent() == "Sent 0 mails.\n"
    send_due()
    send_due()

    assert len(mail.outbox) == 1
    assert "List-Unsubscribe" in only_mail().extra_headers
    assert Digest.objects.get().mail is None


@pytest.mark.parametrize("change", [{"wants_runner_digest": False}, {"is_active": False}], ids=str)
def test_mail_stopped_while_it_waits_is_not_sent(
    reader: User, mail_server: type[MailServer], change: dict[str, bool]
) -> None:
    sent()
    User.objects.update(**change)

    send_due()

    assert mail.outbox == []


def test_mail_is_not_sent_after_the_consent_was_taken_back(
    reader: User, mail_server: type[MailServer]
) -> None:
    sent()
    account_actions.withdraw_consent(by=reader)

    send_due()

    assert mail.outbox == []


OFF = [False, None]  # a switch, without a last day


@pytest.mark.parametrize("how", ["ends", "shares less", "deletes the account"])
def test_what_an_athlete_shares_no_longer_does_not_go_out_late(
    coach: User, mail_server: type[MailServer], how: str
) -> None:
    ana = make_athlete(coach, "Ana Mori", StandingLevel.WORSENING)
    make_athlete(coach, "Ben Moss", StandingLevel.WORSENING)
    sent()
    if how == "ends":
        link_actions.end_link(ana, by=ana.athlete)
    elif how == "shares less":
        link_actions.change_switches(ana, dict.fromkeys(SWITCHES, OFF), by=ana.athlete)
    else:
        account_actions.delete_account(by=ana.athlete)

    send_due()
    assert mail.outbox == []

    assert sent() == "Sent 1 mail.\n"  # anew, with what is shared now
    send_due()
    assert "Ana" not in text_of(only_mail())
    assert "Ben Moss" in text_of(only_mail())


def test_only_a_mail_that_was_sent_is_a_look_at_an_athlete(
    coach: User, mail_server: type[MailServer]
) -> None:
    make_athlete(coach, "Ana Mori", StandingLevel.WORSENING)
    mail_server.refuses = {coach.email: 550}
    sent()
    send_due()
    assert not AccessRecord.objects.exists()

    Digest.objects.all().delete()
    mail_server.is_new()
    sent()
    assert not AccessRecord.objects.exists()
    send_due()
    assert AccessRecord.objects.get().page == AthletePage.DIGEST


def test_sending_needs_to_know_where_limber_lies(reader: User, settings: Settings) -> None:
    settings.SITE_URL = ""

    with pytest.raises(CommandError, match="SITE_URL is not set"):
        sent()

    assert not Digest.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("people", [1, 5])
@pytest.mark.parametrize("logs", [1, 6])
def test_queries_do_not_grow_with_logs(
    db: None,
    noon: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
    people: int,
    logs: int,
) -> None:
    for runner in [make_reader(number) for number in range(people)]:
        for ago in range(1, logs + 1):
            make_run(runner, days_ago(ago))
            make_soreness(runner, days_ago(ago))
    sent()
    Digest.objects.all().delete()

    # Time zones; twice for each of the two mails whom to write to, the second time nobody; runs,
    # log days, check-ins, spots, standings. For each mail a row within a savepoint.
    with django_assert_num_queries(9 + 3 * people):
        sent()


@pytest.mark.parametrize("athletes", [1, 30])
def test_queries_do_not_grow_with_athletes(
    coach: User, django_assert_num_queries: DjangoAssertNumQueries, athletes: int
) -> None:
    for number in range(athletes):
        make_athlete(coach, f"Athlete{number} Ash", StandingLevel.RECURRING)

    # Time zones; whom to write to; stale links; links; the row within a savepoint; the looks.
    with django_assert_num_queries(10):
        sent()


def test_people_come_in_batches(
    db: None, noon: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 2)
    for number in range(5):
        make_reader(number)

    assert sent() == "Sent 5 mails.\n"


# The runner's week


@pytest.fixture
def week(reader: User) -> User:
    """A week of Alice with four runs, three of them with an effort, and five check-ins."""
    for ago in (1, 2, 3, 5):
        make_run(reader, days_ago(ago), distance_m=10_300, effort=4 if ago > 1 else None)
    for ago, intensity in ((1, 2), (2, 6), (3, 4), (4, 3)):
        make_soreness(reader, days_ago(ago), intensity=intensity)
    make_soreness(reader, days_ago(2), area="calf", side="right", intensity=3)
    make_check_in(reader, days_ago(6))
    return reader


def test_runners_mail_says_the_week_in_figures(week: User) -> None:
    sent()

    message = only_mail()
    assert message.to == ["alice@example.org"]
    assert message.subject == "Your week: 41 km, 5 check-ins"
    said = text_of(message)
    assert "Hello Alice,\n\nYour week, Monday 16 to Sunday 22 November:" in said
    assert "Runs: 4, 3 h 20\n" in said
    assert "Distance: 41.2\u00a0km\n" in said
    assert "Load: 600 from 3 of 4 runs\n" in said
    assert "Checked in: on 5 of 7 days\n" in said
    assert "Sorest areas: Left hamstring up to 6 of 10, right calf up to 3\n" in said
    assert f"Open Today: {SITE}/today/" in said


def test_both_parts_of_the_runners_mail_say_the_same(week: User) -> None:
    sent()

    words = html.unescape(re.sub(r"<[^>]+>", " ", html_of(only_mail()))).split()
    figures = re.findall(r"^([A-Z][\w ]+): (.+)$", text_of(only_mail()), re.MULTILINE)
    for name, value in figures:
        if "://" not in value:
            assert " ".join([*name.split(), *value.split()]) in " ".join(words)


def test_distance_is_in_the_readers_units(week: User) -> None:
    User.objects.update(units="mi")

    sent()

    assert only_mail().subject == "Your week: 26 mi, 5 check-ins"
    assert "Distance: 25.6\u00a0mi\n" in text_of(only_mail())


def test_week_is_from_monday_to_sunday_whatever_the_week_start(reader: User) -> None:
    User.objects.update(week_start=7)
    make_run(reader, TODAY, distance_m=1_000)
    make_run(reader, days_ago(1), distance_m=2_000)
    make_run(reader, days_ago(7), distance_m=4_000)
    make_run(reader, days_ago(8), distance_m=8_000)

    sent()

    assert only_mail().subject == "Your week: 6 km"


def test_day_without_check_in_is_unknown(reader: User) -> None:
    make_run(reader, days_ago(1))

    sent()

    said = text_of(only_mail())
    assert "Checked in: on 0 of 7 days\nSorest areas: not known\n" in said


def test_all_clear_days_are_told_from_unknown_ones(reader: User) -> None:
    make_check_in(reader, days_ago(1))
    make_check_in(reader, days_ago(2), partial=True)

    sent()

    said = text_of(only_mail())
    assert "Runs: none logged\nChecked in: on 2 of 7 days\n" in said
    assert "Sorest areas: none marked on 1 day\n" in said


def test_unknown_distance_and_load_are_not_zero(reader: User) -> None:
    make_run(reader, days_ago(1), distance_m=None)

    sent()

    assert only_mail().subject == "Your week: 1 run"
    assert "Distance: not known\nLoad: not known, no effort noted\n" in text_of(only_mail())


def test_runners_mail_leaves_out_what_was_deleted_and_what_others_logged(week: User) -> None:
    make_run(make_reader(1), days_ago(1), distance_m=50_000)
    make_run(week, days_ago(1), distance_m=70_000, deleted_at=LATER)
    gone = make_soreness(week, days_ago(5), area="knee", intensity=9).check_in
    CheckIn.objects.filter(pk=gone.pk).update(deleted_at=LATER)

    sent()

    assert [message.subject for message in mail.outbox] == [
        "Your week: 41 km, 5 check-ins",
        "Your week: 50 km",
    ]
    assert "knee" not in str(mail.outbox[0].body)


def test_many_sore_areas_are_summed_up(reader: User) -> None:
    for area in ("calf", "foot", "knee", "quad", "shin"):
        make_soreness(reader, days_ago(1), area=area)

    sent()

    said = text_of(only_mail())
    assert "Left calf up to 5 of 10, left foot up to 5, left quad up to 5, and 2 more areas" in said


def test_week_without_logs_is_short_and_kind(reader: User) -> None:
    sent()

    message = only_mail()
    assert message.subject == "Your week: nothing logged"
    assert "Nothing was logged from Monday 16 to Sunday 22 November. That is fine" in (
        text_of(message)
    )
    assert "0" not in text_of(message).split("https://")[0]
    assert "Where you stand" not in text_of(message) + html_of(message)


@pytest.mark.parametrize("has_logs", [True, False])
def test_runners_mail_says_where_they_stand_today(reader: User, has_logs: bool) -> None:
    """In a week without logs only what must not be missed."""
    if has_logs:
        make_check_in(reader, days_ago(1))
    Standing.objects.create(
        runner=reader,
        level=StandingLevel.SEE_CLINICIAN,
        headline=in_words("See a clinician this week"),
        reason=in_words("Tom & Jerry would."),
        as_of=TODAY,
        valid_until=TODAY + dt.timedelta(days=1),
        made_with=standing.made_with(),
    )

    sent()

    said = text_of(only_mail())
    assert "\nSee a clinician this week\nTom & Jerry would.\n" in said
    assert "<strong>See a clinician this week</strong><br>Tom &amp; Jerry would." in html_of(
        only_mail()
    )


def test_stale_standing_is_renewed_before_it_is_told(week: User) -> None:
    Standing.objects.create(
        runner=week,
        level=StandingLevel.ON_TRACK,
        headline=in_words("True three weeks ago"),
        as_of=days_ago(21),
        valid_until=days_ago(14),
    )

    sent()

    renewed = Standing.objects.get(runner=week)
    assert renewed.as_of == TODAY
    assert "True three weeks ago" not in text_of(only_mail())
    assert say(renewed.headline) in text_of(only_mail())


def break_down(*_: Any) -> None:
    raise RuntimeError("rules are broken")


def test_standing_that_cannot_be_renewed_is_left_out(week: User, settings: Settings) -> None:
    Standing.objects.create(
        runner=week, level=StandingLevel.ON_TRACK, headline=in_words("Old news"), as_of=days_ago(21)
    )
    settings.RENEW_STANDINGS = f"{__name__}.break_down"

    sent()

    assert only_mail().subject == "Your week: 41 km, 5 check-ins"
    assert "Old news" not in text_of(only_mail()) + html_of(only_mail())


# The coach's athletes


def test_coachs_mail_says_who_needs_a_look_first(coach: User) -> None:
    make_athlete(coach, "Jo Lindqvist", StandingLevel.RECURRING, "Left calf keeps coming back.")
    make_athlete(coach, "Ben Okafor", StandingLevel.EASE_OFF, "Ease off and watch.")
    make_athlete(coach, "Sam Adeyemi", StandingLevel.QUIET, "Nothing logged for 9 days")
    make_athlete(coach, "Ada Quill", StandingLevel.RECURRING, "Right foot keeps coming back.")
    make_athlete(coach, "Una Cole", StandingLevel.LOAD_JUMP, "Distance up by 40 %.")

    sent()

    message = only_mail()
    assert message.subject == "Monday: 3 of 5 athletes need a look"
    assert (
        "Who needs a look first, of your 5 athletes:\n\n"
        "- Ben Okafor: Ease off and watch.\n"
        "- Ada Quill: recurring. Right foot keeps coming back.\n"
        "- Jo Lindqvist: recurring. Left calf keeps coming back.\n\n"
        "The others: 1 load jump, 1 quiet.\n\n"
        f"Open your athletes: {SITE}/athletes/\n"
    ) in text_of(message)
    assert "Sam" not in text_of(message) + html_of(message)


def test_coachs_mail_names_twenty_and_records_those_looks_alone(coach: User) -> None:
    links = [
        make_athlete(coach, f"Athlete{number:02} Ash", StandingLevel.WORSENING)
        for number in range(25)
    ]
    make_athlete(coach, "Sam Adeyemi", StandingLevel.QUIET)

    sent()

    assert "- Athlete19 Ash: worsening." in text_of(only_mail())
    assert "Athlete20" not in text_of(only_mail()) + html_of(only_mail())
    assert "\nand 5 more.\n" in text_of(only_mail())
    looks = AccessRecord.objects.filter(coach=coach, page=AthletePage.DIGEST, day=TODAY)
    assert set(looks.values_list("athlete", flat=True)) == {link.athlete_id for link in links[:20]}


def test_calm_monday_of_a_coach_is_said_in_one_line(coach: User) -> None:
    for number, level in enumerate(
        (StandingLevel.ON_TRACK, StandingLevel.ON_TRACK, StandingLevel.UNKNOWN, None)
    ):
        make_athlete(coach, f"Athlete{number} Ash", level)

    sent()

    message = only_mail()
    assert message.subject == "Monday: nobody needs a look"
    assert (
        "As far as your athletes share it, nobody needs a look today.\n\n"
        "2 on track, 1 not enough to tell, 1 not shared.\n"
    ) in text_of(message)
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("need_look", "athletes", "subject"),
    [
        (2, 28, "Monday: 2 of 28 athletes need a look"),
        (1, 28, "Monday: 1 of 28 athletes needs a look"),
        (0, 28, "Monday: nobody needs a look"),
        (1, 1, "Monday: your athlete needs a look"),
    ],
)
def test_coachs_subject(need_look: int, athletes: int, subject: str) -> None:
    assert str(your_athletes.subject_of(need_look, athletes, TODAY)) == subject


def test_coachs_mail_tells_only_what_is_shared(coach: User, alice: User) -> None:
    make_link(coach, alice, "runs")
    for ago in range(1, 28):
        make_soreness(alice, days_ago(ago), intensity=6)

    sent()

    said = text_of(only_mail()) + html_of(only_mail())
    assert "hamstring" not in said.lower()


def test_athlete_who_shares_nothing_is_counted_and_not_named(coach: User, alice: User) -> None:
    make_link(coach, alice, "")

    sent()

    assert "1 not shared" in text_of(only_mail())
    assert "Alice" not in text_of(only_mail()) + html_of(only_mail())


def test_former_athlete_is_not_in_the_mail(coach: User, noon: time_machine.Traveller) -> None:
    make_athlete(coach, "Ana Mori", StandingLevel.QUIET)
    former = make_athlete(coach, "Ben Okafor", StandingLevel.URGENT)
    CoachLink.objects.filter(pk=former.pk).update(ended_at=LATER)

    sent()

    assert only_mail().subject == "Monday: nobody needs a look"
    assert "Ben" not in text_of(only_mail())


def test_coach_without_athletes_gets_no_mail(coach: User, alice: User) -> None:
    make_link(coach, alice, ended_at=LATER)
    make_link(alice, coach)  # who coaches coach themselves

    sent()

    assert mail.outbox == []


def test_coach_whose_last_athlete_ends_it_meanwhile_gets_no_mail(
    coach: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_athlete(coach, "Ana Mori", StandingLevel.WORSENING)
    monkeypatch.setattr(
        "runners.standing.renew_stale_links",
        lambda coach: CoachLink.objects.update(ended_at=LATER),
    )

    sent()

    assert mail.outbox == []


def test_line_that_cannot_be_renewed_says_nothing(coach: User, settings: Settings) -> None:
    """What it said may no longer be shared."""
    link = make_athlete(coach, "Ana Mori", StandingLevel.WORSENING, "Left hamstring worse.")
    SharedStanding.objects.filter(link=link).update(fresh_until=None)
    settings.RENEW_STANDINGS = f"{__name__}.break_down"

    sent()

    assert "1 not enough to tell" in text_of(only_mail())
    assert "Ana" not in text_of(only_mail()) + html_of(only_mail())


def test_names_are_escaped_and_stay_on_their_line(coach: User) -> None:
    make_athlete(coach, "Eve", StandingLevel.WORSENING, "5 < 6.")
    User.objects.filter(name="Eve").update(name="<b>Eve</b>\n- Bob: on track")

    sent()

    assert "\n- <b>Eve</b> - Bob: on track: worsening. 5 < 6.\n" in text_of(only_mail())
    assert "&lt;b&gt;Eve&lt;/b&gt; - Bob" in html_of(only_mail())
    assert "5 &lt; 6." in html_of(only_mail())


# Every mail


@pytest.fixture
def both(week: User, coach: User) -> list[EmailMultiAlternatives]:
    """A mail of each kind."""
    make_athlete(coach, "Ana Mori", StandingLevel.RECURRING, "Left hamstring keeps coming back.")
    sent()
    messages = [message for message in mail.outbox if isinstance(message, EmailMultiAlternatives)]
    assert len(messages) == 2
    return messages


def test_mails_carry_the_headers_of_one_click_stop(both: list[EmailMultiAlternatives]) -> None:
    for message in both:
        stop = message.extra_headers["List-Unsubscribe"].strip("<>")
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert f"Stop this mail: {stop}\n" in text_of(message)
        assert f'href="{stop}"' in html_of(message)
        assert message.message().get_content_type() == "multipart/alternative"


def test_mails_fetch_nothing_and_link_to_limber_alone(both: list[EmailMultiAlternatives]) -> None:
    for message in both:
        page = html_of(message)
        assert not re.search(r"<(img|script|link|iframe|object|video)|\bsrc=|url\(", page)
        links = re.findall(r'href="([^"]+)"', page)
        assert links
        assert all(link.startswith(f"{SITE}/") for link in links)
        assert "?" not in "".join(links)


def test_subjects_say_nothing_of_health(both: list[EmailMultiAlternatives]) -> None:
    assert [message.subject for message in both] == [
        "Your week: 41 km, 5 check-ins",
        "Monday: your athlete needs a look",
    ]
