"""Prepared queries: the rows of the ORM, for each call its own."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery
from django.test.utils import CaptureQueriesContext

from runners import standing
from runners.models import CheckIn, Run, Standing, User
from runners.prepared import prepared, together
from runners.weeks.sums import WeekIndex
from tests.factories import make_check_in, make_run
from tests.races import at_once, sqlite_in

pytestmark = pytest.mark.database
MONDAY = dt.date(2026, 11, 2)


@pytest.fixture
def logged(alice: User, bob: User) -> None:
    for runner, steps in ((alice, 3), (bob, 2)):
        for step in range(steps):
            day = MONDAY + dt.timedelta(days=5 * step)
            make_run(runner, day=day, distance_m=1000 * (step + 1), duration_s=600)
            make_check_in(runner, day)


@prepared
def runs_since(runner: User, day: dt.date) -> QuerySet[Run]:
    return Run.objects.of(runner).since(day).order_by("day")


@prepared
def runs_of_all(runners: Collection[User], until: dt.date) -> QuerySet[Run, tuple[int, dt.date]]:
    rows = Run.objects.filter(runner__in=runners, day__lte=until).order_by("runner_id", "day")
    return rows.values_list("runner_id", "day")


@prepared
def by_week(runner: User, first: dt.date) -> QuerySet[Run, Any]:
    rows = Run.objects.of(runner).annotate(week=WeekIndex("day", first)).values("week")
    return rows.annotate(runs=Count("pk"), most=Max("distance_m")).order_by("week")


@prepared
def with_newest(runner: int) -> QuerySet[User]:
    newest = Run.objects.filter(runner=OuterRef("pk")).order_by("-day").values("day")[:1]
    return User.objects.filter(pk=runner).annotate(newest=Subquery(newest))


@prepared
def log_days(runner: User) -> QuerySet[Run, dt.date]:
    checked = CheckIn.objects.of(runner).values_list("day", flat=True)
    return Run.objects.of(runner).values_list("day", flat=True).union(checked)


@prepared
def with_runner(effort: int, name: str) -> QuerySet[Run]:
    return (
        Run.objects.filter(runner__name=name)
        .exclude(effort=effort)
        .select_related("runner")
        .annotate(metres=F("distance_m"))
        .order_by("-day")[:1]
    )


@pytest.mark.usefixtures("logged")
def test_rows_are_those_of_the_orm_whoever_is_asked_for(alice: User, bob: User) -> None:
    for runner, day in ((alice, MONDAY), (bob, MONDAY), (alice, MONDAY + dt.timedelta(days=6))):
        expected = list(Run.objects.of(runner).since(day).order_by("day"))
        assert runs_since(runner, day) == expected != []
        assert runs_since(runner, day=day)[0].distance_m == expected[0].distance_m
        assert runs_since(runner, day)[0].get_deferred_fields() == {"profile"}


@pytest.mark.usefixtures("logged")
def test_of_several_of_one_and_of_nobody(alice: User, bob: User) -> None:
    until = MONDAY + dt.timedelta(days=1)
    assert runs_of_all([alice, bob], until) == [(alice.pk, MONDAY), (bob.pk, MONDAY)]
    assert runs_of_all([bob], until) == [(bob.pk, MONDAY)]
    with CaptureQueriesContext(connection) as asked:
        assert runs_of_all([], until) == []
    assert not asked


@pytest.mark.usefixtures("logged")
def test_sums_subqueries_unions_and_joins(alice: User, bob: User) -> None:
    assert by_week(alice, MONDAY) == [
        {"week": 0, "runs": 2, "most": 2000},
        {"week": 1, "runs": 1, "most": 3000},
    ]
    assert by_week(bob, MONDAY - dt.timedelta(weeks=1)) == [{"week": 1, "runs": 2, "most": 2000}]
    (newest,) = with_newest(bob.pk)
    assert (newest, newest.newest) == (bob, MONDAY + dt.timedelta(days=5))  # type: ignore[attr-defined]
    assert sorted(log_days(alice)) == [MONDAY + dt.timedelta(days=5 * step) for step in range(3)]
    (run,) = with_runner(9, alice.name)
    assert run.metres == 3000  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as asked:
        assert run.runner.name == alice.name
    assert not asked


@pytest.mark.usefixtures("logged")
def test_words_are_values_and_never_sql(alice: User) -> None:
    assert with_runner(9, "' OR 1=1 --") == []
    assert with_runner(9, "%s") == []


@pytest.mark.usefixtures("logged")
def test_it_is_written_once(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    runs_since(alice, MONDAY)

    def wrong(*_: object, **__: object) -> None:
        raise AssertionError("written again")

    monkeypatch.setattr(models.sql.compiler.SQLCompiler, "pre_sql_setup", wrong)
    assert len(runs_since(bob, MONDAY)) == 2


@prepared
def own_check_ins(runner: User) -> QuerySet[CheckIn]:
    return CheckIn.objects.of(runner).select_related("runner").order_by("day")


@prepared
def words_of(runner: User) -> QuerySet[Standing]:
    return Standing.objects.of(runner)


@pytest.mark.usefixtures("logged")
def test_together_rows_are_as_each_by_itself(alice: User, bob: User) -> None:
    """Days, instants, keys, JSON, empty columns and words of any letters."""
    CheckIn.objects.of(bob).update(note='L’été: "100 %" %s {names} \\ 🦵')
    Run.objects.of(bob).filter(day=MONDAY).update(
        started_at=dt.datetime(2026, 11, 2, 6, 30, 1, 250, tzinfo=dt.UTC)
    )
    standing.renew([alice, bob])
    calls: list[tuple[Any, tuple[Any, ...]]] = [
        (runs_since, (bob, MONDAY)),
        (runs_of_all, ([alice, bob], MONDAY)),
        (by_week, (alice, MONDAY)),
        (with_newest, (bob.pk,)),
        (log_days, (alice,)),
        (with_runner, (9, bob.name)),
        (own_check_ins, (bob,)),
        (words_of, (alice,)),
    ]
    with CaptureQueriesContext(connection) as asked:
        found = together(*(call.of(*values) for call, values in calls))
    assert len(asked) == 1
    for rows, (call, values) in zip(found, calls, strict=True):
        alone = call(*values)
        assert len(rows) > 0
        assert list(map(columns_of, rows)) == list(map(columns_of, alone))


def columns_of(row: Any) -> Any:
    return {**vars(row), "_state": None} if isinstance(row, models.Model) else row


@pytest.mark.usefixtures("logged")
def test_together_nothing_is_asked_of_nobody(alice: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert together(runs_of_all.of([], MONDAY), None) == ([], [])
        assert together() == ()
    assert not asked
    runs, nothing, nobody = together(
        runs_since.of(alice, MONDAY), None, runs_since.of(alice, dt.date(2030, 1, 1))
    )
    assert (len(runs), nothing, nobody) == (3, [], [])


@pytest.mark.usefixtures("logged")
def test_together_words_are_values_and_never_sql(alice: User) -> None:
    assert together(with_runner.of(9, "' OR 1=1 --"), with_runner.of(9, "%s{}")) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_threads_get_their_own(alice: User, bob: User, tmp_path: Path) -> None:
    make_run(alice, day=MONDAY)
    make_run(bob, day=MONDAY)
    make_run(bob, day=MONDAY)

    def many(runner: User) -> list[int]:
        return [len(runs_since(runner, MONDAY)) for _ in range(100)]

    with sqlite_in(tmp_path):
        assert at_once(lambda: many(alice), lambda: many(bob)) == [[1] * 100, [2] * 100]
