"""What was worked out for a page is kept until something that it rests on changes."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from guidance.advice import advice
from guidance.advice.advice import OwnAdvice, advise
from guidance.advice.history import Logged, read
from guidance.checks.actions import save_check_result
from guidance.models import CheckResult, Plan
from guidance.plan import actions as plan_actions
from guidance.questions.actions import give_answer
from guidance.rules.types import FlagAnswer
from guidance.warning_signs.actions import note_unnamed, save_screen
from runners import standing
from runners.accounts.actions import save_settings
from runners.check_ins.actions import delete_check_in, save_all_clear, save_check_in
from runners.models import CheckIn, Run, SorenessEntry, User
from runners.runs.actions import add_run, delete_run
from tests.factories import TODAY, days_ago, make_plan, make_run, make_soreness, make_user

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(autouse=True)
def _kept(settings: Settings) -> None:
    settings.KEEPS_ADVICE = True
    advice.KEPT.clear()


@pytest.fixture
def logged(alice: User) -> User:
    for ago in range(3, 20, 2):
        make_soreness(alice, days_ago(ago), intensity=5)
        make_run(alice, days_ago(ago))
    make_plan(alice, days_ago(5))
    standing.renew([alice])
    return alice


def spot(intensity: int) -> SorenessEntry:
    return SorenessEntry(
        area="hamstring", side="left", kind="pain", timing="next_morning", intensity=intensity
    )


WRITES: dict[str, Callable[[User], object]] = {
    "a check-in": lambda runner: save_check_in(TODAY, [spot(8)], note="", by=runner),
    "an all clear": lambda runner: save_all_clear(TODAY, by=runner),
    "a check-in deleted": lambda runner: delete_check_in(
        CheckIn.objects.of(runner).latest("day"), by=runner
    ),
    "a run": lambda runner: add_run(
        Run(runner=runner, uid=uuid.uuid4(), day=TODAY, duration_s=3_000, distance_m=30_000),
        by=runner,
    ),
    "a run deleted": lambda runner: delete_run(Run.objects.of(runner).latest("day"), by=runner),
    "an answer": lambda runner: give_answer("ask:onset", "gradual", by=runner),
    "a warning sign": lambda runner: save_screen(
        [FlagAnswer(TODAY, "flag:limp", yes=True)], by=runner
    ),
    "one of these": lambda runner: note_unnamed(by=runner),
    "a self-check": lambda runner: save_check_result(
        CheckResult(runner=runner, uid=uuid.uuid4(), check_id="check:plank", day=TODAY, value=30),
        by=runner,
    ),
    "a tick": lambda runner: plan_actions.tick(
        Plan.objects.get().items.get(), days_ago(1), by=runner
    ),
    "a plan stopped": lambda runner: plan_actions.stop_plan(by=runner),
    "a time zone": lambda runner: save_settings({"age_band": "16_17"}, by=runner),
}


def seen(runner: User) -> OwnAdvice:
    return advise(User.objects.get(pk=runner.pk), TODAY)


def test_what_has_not_changed_is_not_worked_out_again(
    logged: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = advise(logged, TODAY)
    with django_assert_num_queries(1):
        assert advise(logged, TODAY) is first


@pytest.mark.parametrize("what", WRITES)
def test_every_write_is_seen_at_once(logged: User, what: str) -> None:
    before = seen(logged)
    WRITES[what](logged)  # before it is renewed, as another process may look
    after = seen(logged)
    assert (after.history, after.stopped_by) != (before.history, before.stopped_by)
    advice.KEPT.clear()
    assert after.history == seen(logged).history


def test_a_save_keeps_what_it_worked_out(
    logged: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        save_check_in(TODAY, [spot(8)], note="", by=logged)
    with django_assert_num_queries(1):
        assert TODAY in advise(logged, TODAY).history.check_in_days


def test_so_many_are_kept_and_no_more(logged: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice.Kept, "MOST", 2)
    first = advise(logged, TODAY)
    for name in ("Una", "Vera"):
        other = make_user(name)
        standing.renew([other])
        advise(other, TODAY)
    assert advise(logged, TODAY) is not first


def test_renewing_a_standing_does_not_count_as_a_change(logged: User) -> None:
    before = User.objects.get(pk=logged.pk).standing.changes
    standing.renew([logged])
    assert User.objects.get(pk=logged.pk).standing.changes == before


def test_a_change_while_it_is_worked_out_is_not_missed(
    logged: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept under the count of before: the next look asks for the new one."""

    def slow(runners: Iterable[User], today: dt.date) -> dict[int, Logged]:
        found = read(runners, today)
        save_check_in(TODAY, [spot(8)], note="", by=logged)
        return found

    monkeypatch.setattr(advice, "read", slow)
    old = advise(logged, TODAY)
    monkeypatch.setattr(advice, "read", read)
    assert TODAY not in old.history.check_in_days
    assert TODAY in advise(logged, TODAY).history.check_in_days


def test_another_day_is_another_advice(logged: User, noon: time_machine.Traveller) -> None:
    first = advise(logged, TODAY)
    assert advise(logged, TODAY + dt.timedelta(days=1)) is not first


def test_nobody_sees_what_is_kept_of_another(logged: User) -> None:
    other = make_user("Una")
    standing.renew([other])
    assert advise(logged, TODAY).history.runs
    assert not advise(other, TODAY).history.runs
