"""The seam: a change of a log marks the standing stale and renews it; a new day does too."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from runners import actions, standing
from runners.models import Standing, User
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_user


def break_down(*_: Any) -> None:
    raise RuntimeError("rules are broken")


def test_saving_a_log_renews_the_standing(
    alice: User,
    noon: time_machine.Traveller,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    standing.renew([alice])
    before = Standing.objects.get(runner=alice)

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_all_clear(TODAY, by=alice)

    after = Standing.objects.get(runner=alice)
    assert before.headline == "Nothing logged yet"
    assert after.headline != before.headline
    assert after.valid_until is not None
    assert after.valid_until > TODAY


def test_a_failing_renewal_keeps_the_log_and_leaves_the_row_stale(
    alice: User,
    noon: time_machine.Traveller,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    standing.renew([alice])
    settings.RENEW_STANDINGS = f"{__name__}.break_down"

    with django_capture_on_commit_callbacks(execute=True):
        actions.save_all_clear(TODAY, by=alice)

    assert alice.check_ins.count() == 1
    assert Standing.objects.get(runner=alice).valid_until is None


def test_today_says_what_is_true_after_nine_silent_days(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    make_check_in(alice, TODAY)
    make_run(alice, days_ago(1))
    as_alice.get("/today/")

    noon.move_to(dt.datetime(2026, 12, 2, 11, tzinfo=dt.UTC))

    assert "Nothing logged for 9 days" in as_alice.get("/today/").text


@pytest.mark.parametrize("people", [1, 4])
def test_renewing_takes_the_same_queries_for_many(
    db: None,
    noon: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
    people: int,
) -> None:
    runners = [make_user(f"Runner{number} Name") for number in range(people)]
    for runner in runners:
        make_check_in(runner)

    with django_assert_num_queries(7):
        standing.renew(runners)


def test_command_renews_what_has_gone_stale(
    alice: User, bob: User, noon: time_machine.Traveller
) -> None:
    standing.renew([alice], days_ago(3))
    standing.renew([bob])

    call_command("renew_standings")

    assert Standing.objects.get(runner=alice).as_of == TODAY
