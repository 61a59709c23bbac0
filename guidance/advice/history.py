"""Rows to plain values: the only place where guidance reads logs.

One statement, however many runners are asked for and however long they have logged: what is read
is bounded by `HISTORY_DAYS`, and of one instant. One more where somebody ran before those days and
then for two weeks only checked in: whether one stretch holds that run is for older check-ins to
tell.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from guidance.advice.open_flags import asked_flags
from guidance.knowledge import current_knowledge
from guidance.models import Answer as AnswerRow
from guidance.models import CheckResult as CheckRow
from guidance.models import PlanItem, Screen, ScreenResult
from guidance.rules import HISTORY_DAYS
from guidance.rules.adherence import PlannedItem, plan_in_force
from guidance.rules.ids import ASK_CARE_FIRST, ASK_SPOT
from guidance.rules.log.current_answers import screened_on
from guidance.rules.types import (
    Answer,
    CheckResult,
    FlagAnswer,
    History,
    Kind,
    PlanInForce,
    RemedyDone,
    Run,
    RunKind,
    Side,
    Soreness,
    Timing,
)
from runners.clock import local_start
from runners.models import CheckIn, User
from runners.models import Run as RunRow
from runners.models.people import AgeBand
from runners.prepared import Bound, prepared, together
from runners.weeks.known_running import LOOK_BACK, Stretch, log_days_of_each, stretches

# Guidance only asks whether somebody is below 18.
AGE_OF_BAND = {AgeBand.YOUTH: 17, AgeBand.CHILD: 15}


@dataclass(frozen=True, slots=True)
class Logged:
    """One runner's history, and what the screens say beside it.

    `stopped_by` is a "one of these" that was never named and is still open; `screened_on` the
    day since which every asked sign has an answer that counts, None while one has not.
    `held` are the items of the plan with what their rows say so far, and nothing else of them.
    """

    history: History
    stopped_by: Screen | None
    screened_on: dt.date | None
    held: tuple[PlanItem, ...] = ()
    changes: int | None = None


def read(runners: Iterable[User], today: dt.date) -> dict[int, Logged]:
    """What is known of each runner on `today`, by the runner's key. 1 query, seldom 2.

    Whoever deleted the account meanwhile is not in it.
    """
    return read_with(list(runners), today)[0]


def read_with(
    people: list[User], today: dt.date, *other: Bound[Any, Any]
) -> tuple[dict[int, Logged], list[list[Any]]]:
    """The same, and by the same statement the rows of other queries."""
    since = today - dt.timedelta(days=HISTORY_DAYS)
    of_plans, of_check_ins, of_runs, of_answers, of_screens, of_checks, *others = together(
        _plans.of([runner.pk for runner in people], since, today, since - LOOK_BACK),
        _check_ins.of(people, since - LOOK_BACK, today),
        _runs.of(people, since - LOOK_BACK, today),
        _answers.of(people, since, today),
        _screens.of(people, since, today),
        _checks.of(people, since, today),
        *other,
    )
    plans = plans_from(of_plans, since, today)
    days, spots = check_ins_from(of_check_ins)
    runs = runs_from(of_runs, {runner.pk: runner.tz for runner in people})
    answers = answers_from(of_answers)
    screens, flag_answers = flag_answers_from(of_screens)
    checks = checks_from(of_checks)
    histories = {
        runner.pk: History(
            today=today,
            soreness=tuple(spots[runner.pk]),
            check_in_days=days[runner.pk],
            runs=tuple(runs[runner.pk]),
            run_before=plans[runner.pk].run_before,
            checks=tuple(checks[runner.pk]),
            remedies_done=plans[runner.pk].done,
            answers=tuple(answers[runner.pk]),
            flag_answers=tuple(flag_answers[runner.pk]),
            plan=plans[runner.pk].in_force,
            age=AGE_OF_BAND.get(AgeBand(runner.age_band)),
        )
        for runner in people
        if runner.pk in plans
    }
    logged = {
        pk: Logged(
            history,
            unnamed(screens[pk]),
            screened_on(history, current_knowledge()),
            plans[pk].items,
            plans[pk].changes,
        )
        for pk, history in with_known_running(histories).items()
    }
    return logged, others


def known_running(history: History, older: Iterable[dt.date] = ()) -> tuple[Stretch, ...]:
    """The stretches that the logs of a history make, and log days older than those."""
    days = [day for day, partial in history.check_in_days.items() if not partial]
    days += [spot.day for spot in history.soreness]
    days += [run.day for run in history.runs]
    days += [history.run_before] if history.run_before else []
    return stretches([*days, *older], history.today)


def with_known_running(histories: Mapping[int, History]) -> dict[int, History]:
    """1 query where older check-ins may join the run before to what was read; else none."""
    known = {pk: known_running(history) for pk, history in histories.items()}
    to_join = {
        pk: history.run_before
        for pk, history in histories.items()
        if history.run_before and may_be_joined(history, known[pk])
    }
    older = log_days_of_each(to_join, min(to_join.values())) if to_join else {}
    known |= {pk: known_running(histories[pk], days) for pk, days in older.items()}
    return {pk: replace(one, known_running=known[pk]) for pk, one in histories.items()}


def may_be_joined(history: History, known: tuple[Stretch, ...]) -> bool:
    """Does a stretch begin so early in what was read that it may have begun before?

    Not asked where the run before is part of it already.
    """
    since = history.today - dt.timedelta(days=HISTORY_DAYS)
    return known[0][1] < since - LOOK_BACK and any(first < since for first, _ in known[1:])


Rows: TypeAlias = Iterable[tuple[Any, ...]]


def check_ins_from(
    rows: Rows,
) -> tuple[dict[int, dict[dt.date, bool]], dict[int, list[Soreness]]]:
    """Check-in days (True: partial) and spots; a check-in may have no spots."""
    days: dict[int, dict[dt.date, bool]] = defaultdict(dict)
    spots: dict[int, list[Soreness]] = defaultdict(list)
    for runner, day, partial, entry, area, side, sit_bone, kind, intensity, timing in rows:
        days[runner][day] = partial
        if entry is not None:
            spots[runner].append(
                Soreness(
                    day,
                    area,
                    cast(Side, side),
                    cast(Kind, kind),
                    intensity,
                    cast(Timing, timing),
                    sit_bone=sit_bone,
                )
            )
    return days, spots


@prepared
def _check_ins(
    people: Collection[User], since: dt.date, today: dt.date
) -> QuerySet[CheckIn, tuple[Any, ...]]:
    # Whose the spots are, and of when, follows from the check-in. Where it is not said as well,
    # PostgreSQL may read those of everybody, for a runner with many more days than others have.
    spots = FilteredRelation(
        "entries", condition=Q(entries__runner=F("runner"), entries__day=F("day"))
    )
    return (
        CheckIn.objects.filter(
            runner__in=people, deleted_at__isnull=True, day__range=(since, today)
        )
        .annotate(spot=spots)
        .values_list(
            "runner_id",
            "day",
            "partial",
            "spot__pk",
            "spot__area",
            "spot__side",
            "spot__sit_bone",
            "spot__kind",
            "spot__intensity",
            "spot__timing",
        )
    )


def runs_from(rows: Rows, zones: Mapping[int, dt.tzinfo]) -> dict[int, list[Run]]:
    """`zones` are those in which the runners live."""
    runs: dict[int, list[Run]] = defaultdict(list)
    for runner, day, started_at, offset_s, distance_m, duration_s, effort, kind, onset_min in rows:
        # Where no clock time is known, a run counts as noon (knowledge base, section 0).
        start = local_start(started_at, offset_s, home=zones[runner])
        hour = start.hour + start.minute / 60 if start else 12.0
        runs[runner].append(
            Run(
                day,
                distance_m,
                duration_s,
                effort,
                cast(RunKind, kind) if kind else None,
                onset_min,
                hour,
            )
        )
    return runs


@prepared
def _runs(
    people: Collection[User], since: dt.date, today: dt.date
) -> QuerySet[RunRow, tuple[Any, ...]]:
    return RunRow.objects.filter(
        runner__in=people, deleted_at__isnull=True, day__range=(since, today)
    ).values_list(
        "runner_id",
        "day",
        "started_at",
        "utc_offset_s",
        "distance_m",
        "duration_s",
        "effort",
        "kind",
        "onset_min",
    )


@dataclass(frozen=True, slots=True)
class PlanRows:
    """What the plans of one runner come to; the run before and the changes are beside them."""

    run_before: dt.date | None
    changes: int | None
    in_force: PlanInForce | None
    items: tuple[PlanItem, ...]
    done: tuple[RemedyDone, ...]


PlanRow: TypeAlias = Mapping[str, Any]  # an item of a plan, and one day it was done


def plans_from(rows: Iterable[PlanRow], since: dt.date, today: dt.date) -> dict[int, PlanRows]:
    """Plans with their items and what was done, and the newest run before what is read.

    One row for each item and day it was done, or with nothing where there is no plan.
    """
    by_runner: dict[int, list[PlanRow]] = defaultdict(list)
    for row in rows:
        by_runner[row["pk"]].append(row)
    return {runner: plan_rows(own, since, today) for runner, own in by_runner.items()}


@prepared
def _plans(
    people: Collection[int], since: dt.date, today: dt.date, first_read: dt.date
) -> QuerySet[User, Any]:
    own = RunRow.objects.filter(runner=OuterRef("pk"), deleted_at__isnull=True)
    before = own.filter(day__lt=first_read).order_by("-day")
    recent = FilteredRelation(
        "plans__items__done",
        condition=Q(plans__items__done__day__range=(since, today)),
    )
    return (
        User.objects.filter(pk__in=people)
        .annotate(run_before=Subquery(before.values("day")[:1]), recent=recent)
        .values(
            "pk",
            "run_before",
            changes=F("standing__changes"),
            started=F("plans__started_on"),
            ended=F("plans__ended_on"),
            paused=F("plans__paused_on"),
            paused_days=F("plans__paused_days"),
            item=F("plans__items__pk"),
            remedy=F("plans__items__remedy"),
            weekdays=F("plans__items__weekdays"),
            added=F("plans__items__added_on"),
            removed=F("plans__items__removed_on"),
            blocked=F("plans__items__blocked"),
            done=F("recent__day"),
        )
    )


def plan_rows(rows: list[PlanRow], since: dt.date, today: dt.date) -> PlanRows:
    in_force: dict[int, list[PlanRow]] = defaultdict(list)
    for row in rows:
        if row["item"] and row["ended"] is None:
            in_force[row["item"]].append(row)
    items = [own[0] for own in in_force.values()]
    return PlanRows(
        run_before=rows[0]["run_before"],
        changes=rows[0]["changes"],
        in_force=plan_in_force(
            [planned_item(own) for own in in_force.values()],
            started=items[0]["started"],
            paused=items[0]["paused"],
            paused_days=items[0]["paused_days"],
            since=since,
            today=today,
        )
        if items
        else None,
        items=tuple(
            PlanItem(pk=item["item"], remedy=item["remedy"], blocked=item["blocked"])
            for item in items
            if item["removed"] is None
        ),
        done=tuple(RemedyDone(row["done"], row["remedy"]) for row in rows if row["done"]),
    )


def planned_item(rows: list[PlanRow]) -> PlannedItem:
    """Of its rows, one for each day it was done."""
    item = rows[0]
    days = tuple(row["done"] for row in rows if row["done"])
    return PlannedItem(item["remedy"], item["weekdays"], item["added"], item["removed"], days)


def answers_from(rows: Rows) -> dict[int, list[Answer]]:
    """Answers oldest first, a list of words as a tuple. Of one day the newest stands alone.

    Histories have no order within a day: without this, an answer corrected on the same day could
    lose to the one before it. What needs care first never fades, nor does a point on a bone.
    """
    answers: dict[int, dict[tuple[str, dt.date], Answer]] = defaultdict(dict)
    for runner, day, question, value in rows:
        given = tuple(value) if isinstance(value, list) else value
        answers[runner][question, day] = Answer(day, question, given)
    return defaultdict(list, {runner: list(own.values()) for runner, own in answers.items()})


@prepared
def _answers(
    people: Collection[User], since: dt.date, today: dt.date
) -> QuerySet[AnswerRow, tuple[Any, ...]]:
    return (
        AnswerRow.objects.filter(runner__in=people, day__lte=today)
        .filter(Q(day__gte=since) | Q(question__in=(ASK_CARE_FIRST, ASK_SPOT)))
        .order_by("day", "pk")
        .values_list("runner_id", "day", "question", "value")
    )


def checks_from(rows: Iterable[CheckRow]) -> dict[int, list[CheckResult]]:
    """Results oldest first; of the same check on one day the newest stands alone."""
    checks: dict[int, dict[tuple[str, dt.date], CheckResult]] = defaultdict(dict)
    for row in rows:
        checks[row.runner_id][row.check_id, row.day] = plain_result(row)
    return defaultdict(list, {runner: list(own.values()) for runner, own in checks.items()})


@prepared
def _checks(people: Collection[User], since: dt.date, today: dt.date) -> QuerySet[CheckRow]:
    rows = CheckRow.objects.filter(runner__in=people, day__range=(since, today))
    return rows.order_by("day", "pk")


def plain_result(row: CheckRow) -> CheckResult:
    return CheckResult(
        row.day, row.check_id, row.left, row.right, row.value, row.felt_left, row.felt_right
    )


def flag_answers_from(
    rows: Iterable[Any],
) -> tuple[dict[int, list[Screen]], dict[int, list[FlagAnswer]]]:
    """Passes through the warning signs, oldest first, and each answer in them.

    A "none of these" without answers to single signs is a no to each sign that is asked; where
    a pass has such answers they alone count, for it may have left others open. A yes is read
    however old it is.
    """
    screens: dict[int, list[Screen]] = defaultdict(list)
    flag_answers: dict[int, list[FlagAnswer]] = defaultdict(list)
    for row in rows:
        own = flag_answers[row.runner_id]
        if not screens[row.runner_id] or screens[row.runner_id][-1].pk != row.pk:
            screens[row.runner_id].append(row)
        if row.flag is not None:
            own.append(
                FlagAnswer(
                    row.day,
                    row.flag,
                    yes=row.yes,
                    since=row.since,
                    area=row.area,
                    seen_on=row.flag_seen_on,
                    mistaken=row.flag_mistaken_at is not None,
                )
            )
        elif row.result == ScreenResult.NONE:
            own.extend(FlagAnswer(row.day, flag.id, yes=False) for flag in asked_flags())
    return screens, flag_answers


@prepared
def _screens(people: Collection[User], since: dt.date, today: dt.date) -> QuerySet[Screen]:
    """Screens, with the columns of one sign each beside them."""
    counting = Q(flags__yes=True) | Q(day__gte=since)
    return (
        Screen.objects.filter(runner__in=people, day__lte=today)
        .filter(Q(result=ScreenResult.SOME) | Q(day__gte=since))
        .annotate(given=FilteredRelation("flags", condition=counting))
        .order_by("day", "pk", "given__pk")
        .annotate(
            flag=F("given__flag"),
            yes=F("given__yes"),
            since=F("given__since"),
            area=F("given__area"),
            flag_seen_on=F("given__seen_on"),
            flag_mistaken_at=F("given__mistaken_at"),
        )
    )


def flag_answers_of(runner: User, today: dt.date) -> tuple[Screen | None, list[FlagAnswer]]:
    """The open "one of these" that was never named, and every answer to a sign. 1 query."""
    since = today - dt.timedelta(days=HISTORY_DAYS)
    screens, flag_answers = flag_answers_from(_screens([runner], since, today))
    return unnamed(screens[runner.pk]), flag_answers[runner.pk]


def unnamed(screens: Iterable[Screen]) -> Screen | None:
    return next((screen for screen in screens if screen.is_open), None)
