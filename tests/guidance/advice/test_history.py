"""Rows to plain values: what is newest, and what is read however old it is."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from guidance.advice.advice import advise
from guidance.advice.history import read
from guidance.models import Answer, CheckResult
from guidance.questions.actions import give_answer
from guidance.rules.types import History
from runners.models import User
from tests.factories import days_ago, make_run, make_soreness

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)


def read_of(runner: User, today: dt.date) -> History:
    return read([runner], today)[runner.pk].history


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("values", [("worse", "none"), ("none", "worse")])
def test_an_answer_corrected_on_the_same_day_stands_alone(
    alice: User, values: tuple[str, str]
) -> None:
    for value in values:
        give_answer("ask:stretch_effect", value, by=alice)

    assert [answer.value for answer in read_of(alice, TODAY).answers] == [values[1]]


def test_a_check_done_again_on_the_same_day_stands_alone(alice: User) -> None:
    for seconds in (30, 95):
        CheckResult.objects.create(runner=alice, check_id="check:plank", day=TODAY, value=seconds)

    assert [result.value for result in read_of(alice, TODAY).checks] == [95]


@pytest.mark.parametrize(
    ("question", "value", "read_back"),
    [
        ("ask:spot", "bony_point", True),
        ("ask:care_first", ["blood_thinner"], True),
        ("ask:stretch_effect", "worse", False),
    ],
)
def test_what_never_fades_is_read_however_old(
    alice: User, question: str, value: object, read_back: bool
) -> None:
    Answer.objects.create(
        runner=alice, question=question, value=value, day=TODAY - dt.timedelta(days=800)
    )

    assert bool(read_of(alice, TODAY).answers) == read_back


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_the_servers_time_zone_changes_nothing(
    alice: User, noon: time_machine.Traveller, settings: Settings, zone: str
) -> None:
    """The runner's own days count: 26 hours lie between the servers."""
    for ago in range(0, 20, 3):
        make_soreness(alice, days_ago(ago), intensity=5)
        started_at = dt.datetime.combine(days_ago(ago), dt.time(23, 30), alice.tz)
        make_run(alice, days_ago(ago), started_at=started_at, onset_min=40)
    here = advise(alice, alice.local_day()).assessment

    settings.TIME_ZONE = zone
    with timezone.override(zone):
        there = advise(alice, alice.local_day()).assessment

    assert there == here
    assert here.top_cause != "no_pattern"


@pytest.mark.parametrize(("offset_s", "hour"), [(None, 7.5), (8 * 3_600, 14.5), (-5 * 3_600, 1.5)])
def test_hour_of_a_run_is_that_of_the_place(alice: User, offset_s: int | None, hour: float) -> None:
    """Vienna is an hour ahead of UTC in November."""
    started_at = dt.datetime(2026, 11, 20, 6, 30, tzinfo=dt.UTC)
    make_run(alice, started_at.date(), started_at=started_at, utc_offset_s=offset_s)

    assert [run.hour for run in read_of(alice, TODAY).runs] == [hour]
