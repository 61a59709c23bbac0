"""The people of `make bench`: runners with few and many years, and coaches of few and many."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from guidance.models import Answer, Done, Screen, ScreenResult
from runners import standing
from runners.models import User
from tests.bench.asks import asks_of_a_coach, asks_of_a_runner, roster
from tests.bench.coaches import batches, make_coaches
from tests.bench.history import make_runner
from tests.bench.measure import Row
from tests.factories import make_check_result, make_link, make_note, make_plan, make_user

PLAN = {"plank": "135", "cat_cow": "1234567", "single_leg_glute_bridge": "246"}


@dataclass(frozen=True, slots=True)
class Bench:
    """By years of days, and by how many athletes."""

    runners: dict[int, User]
    own_coaches: dict[int, User]
    coaches: dict[int, User]

    @classmethod
    def make(cls, years: Iterable[int], coached: tuple[int, ...]) -> "Bench":
        bench = cls({}, {}, make_coaches(coached))
        for size in years:
            bench.runners[size] = runner = runner_with(size)
            bench.own_coaches[size] = coach = make_user(f"Kit{size} Marlow", is_coach=True)
            make_link(coach, runner, started_at=timezone.now() - dt.timedelta(days=300))
            make_note(coach, runner, read_at=timezone.now())
        bench.renew_all()
        standing.renew(bench.runners.values())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # as the server does by itself soon after
        return bench

    def rows(self) -> list[Row]:
        """The empty page first."""
        rows = [
            Row(ask, size, runner)
            for ask in asks_of_a_runner()
            for size, runner in self.runners.items()
        ]
        for size, coach in self.own_coaches.items():
            asks = asks_of_a_coach(self.runners[size].pk)
            rows += [Row(ask, size, coach) for ask in asks]
        rows += [Row(roster(), size, coach) for size, coach in self.coaches.items()]
        return rows

    def renew_all(self) -> int:
        """Write the standing of every athlete anew. Gives how many they are."""
        athletes = 0
        for batch in batches():
            standing.renew(batch)
            athletes += len(batch)
        return athletes


def runner_with(years: int) -> User:
    """Logged every day, has a plan in force, checks, and answered what comes before it."""
    today = timezone.localdate()
    runner = make_runner(f"runner{years}", days=years * 365, until=today)
    three_weeks_ago = today - dt.timedelta(days=21)
    make_plan(runner, three_weeks_ago, items=PLAN)
    make_check_result(runner, "plank", today - dt.timedelta(days=10))
    make_check_result(runner, "heel_to_seat", today - dt.timedelta(days=9), left=12, right=5)
    Screen.objects.create(runner=runner, result=ScreenResult.NONE, day=today)
    Answer.objects.create(
        runner=runner, question="ask:care_first", value=["none"], day=three_weeks_ago
    )
    for quarter in range(1, 4 * years):
        before(runner, today - dt.timedelta(days=90 * quarter))
    return runner


def before(runner: User, day: dt.date) -> None:
    """A plan of four weeks that began on a day, ticked as often as not, and what goes with it."""
    plan = make_plan(runner, day, ended_on=day + dt.timedelta(days=28), items=PLAN)
    ticked = [day + dt.timedelta(days=later) for later in range(0, 28, 2)]
    Done.objects.bulk_create(
        Done(runner=runner, item=item, day=each) for item in plan.items.all() for each in ticked
    )
    Screen.objects.create(runner=runner, result=ScreenResult.NONE, day=day)
    for question, value in (("ask:onset", "gradual"), ("ask:care_first", ["none"])):
        Answer.objects.create(runner=runner, question=question, value=value, day=day)
    for week in range(4):
        make_check_result(runner, "plank", day + dt.timedelta(weeks=week), value=40 + week)
