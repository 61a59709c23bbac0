"""What the log is searched for: one function for each pattern of knowledge base 5.

Blocks are rolling: block k is days 7k to 7k+6 ago. Means are over known days only.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from guidance.rules import ids
from guidance.rules.log.location import HAMSTRING, Location
from guidance.rules.log.log import (
    CURRENT_DAYS,
    HARD_KINDS,
    SYMPTOM,
    TWO_WEEKS,
    WEEK_DAYS,
    WINDOW_DAYS,
    Log,
    is_hard,
    span_days,
    start_of,
)
from guidance.rules.patterns.after_runs import (
    MORNING_RUNS,
    MORNING_SHARE,
    after_hard_runs,
    after_long_runs,
    morning_after,
    unusual_run,
)
from guidance.rules.patterns.changes import (
    EXACT_DIGITS,
    FIRST_BLOCK,
    FIRST_BOUT_DAYS,
    change,
    days_without_settling,
)
from guidance.rules.patterns.load_jumps import jumps, spike_responses, spikes
from guidance.rules.said import Said, Value
from guidance.rules.types import History, Pattern, PlanInForce, Run

RECURRING_DAYS = 4  # symptom days in 14
RECURRING_SPAN_DAYS = 7  # keeps a single bout of ordinary soreness out
RECURRING_BLOCKS = 3  # of the last four

EPISODE_LENGTH_DAYS = 8  # consecutive days that hold a single bout
EPISODE_QUIET_DAYS = 20  # before it

ONE_SIDED_DAYS = 4
ONE_SIDED_SHARE = 0.8
BOTH_SIDES_SHARE = 0.5
BOTH_SIDES_APART = 1  # points

CO_PEAK = 2
CO_SHARE = 0.5
CO_DAYS = 3

STRETCH_DAYS = 4  # in 14
STRETCH_COMPARED = 3  # next days of each sort

RESPONSE_AFTER_DAYS = 14
RESPONSE_SHARE = 0.6
RESPONSE_POINTS = 2.0
RESPONSE_FALL = 0.3

MORNING_TIMINGS = frozenset({"before", "next_morning"})
SINCE = {1: "", FIRST_BLOCK: "three_weeks"}  # the form, by how many weeks lie between two means

SPARSE_CHECK_INS = 4  # in 14 days
SPARSE_SYMPTOM_DAYS = 3  # of the main area in 28


def find_patterns(history: History, log: Log, where: Location) -> tuple[Pattern, ...]:
    """Every pattern: those of all areas, of the running, and of the area in focus."""
    focus = where.focus
    found = [*recurring(log), *worsening(log), *load_patterns(log), *sparse(log, where.main)]
    if focus:
        of_focus = [
            *single_episode(log, focus),
            *improving(log, focus),
            *sides(log, focus),
            *after_runs(log, focus),
            *doms_window(log, focus),
            *spike_response(log, focus),
            *co_occurrence(log, focus),
            *stretch_no_help(log, history),
            *remedy_response(log, focus, history.plan),
        ]
        said_of = {"side": _only_side(log, focus)}
        found += [
            one if one.side else replace(one, fields={**one.fields, **said_of}) for one in of_focus
        ]
    return (*found, *not_recovering(log))


def pattern(
    kind: str,
    days: Iterable[dt.date],
    area: str = "",
    side: str = "",
    /,
    form: str = "",
    **fields: Value,
) -> Pattern:
    return Pattern(kind, tuple(days), area, side, fields, form)


def recurring(log: Log) -> Iterator[Pattern]:
    """Of every area and side: often in 14 days over a week or more, or in 3 of 4 blocks."""
    checked_in = len(log.check_ins(WINDOW_DAYS))
    for area in log.marked_areas():
        for side in log.sides(area):
            days = log.symptom_days(area, WINDOW_DAYS, side)
            recent = [day for day in days if log.ago(day) < TWO_WEEKS]
            often = len(recent) >= RECURRING_DAYS and span_days(recent) >= RECURRING_SPAN_DAYS
            blocks = {log.ago(day) // WEEK_DAYS for day in days}
            if often or len(blocks) >= RECURRING_BLOCKS:
                form = "" if _is_of_mornings(log, area, side, days) else "days"
                yield pattern(ids.PATTERN_RECURRING, days, area, side, form=form, of=checked_in)


def single_episode(log: Log, focus: str) -> Iterator[Pattern]:
    """All symptom days of 28 within 8 consecutive days, and none in the 20 before them."""
    days = log.symptom_days(focus)
    if not days or span_days(days) >= EPISODE_LENGTH_DAYS:
        return
    earlier = log.symptom_days(focus, log.ago(days[0]) + EPISODE_QUIET_DAYS + 1)
    if earlier == days:
        yield pattern(ids.PATTERN_SINGLE_EPISODE, days, focus)


def sides(log: Log, focus: str) -> Iterator[Pattern]:
    """One side or both. Days on which a side is not known say nothing about it."""
    days = [
        day
        for day in log.symptom_days(focus)
        if all(log.peak(focus, side, day) is not None for side in log.sides(focus))
    ]
    for side in ("left", "right"):
        alone = [day for day in days if _sides_with(log, focus, day, SYMPTOM) == [side]]
        if len(days) >= ONE_SIDED_DAYS and len(alone) >= ONE_SIDED_SHARE * len(days):
            yield pattern(ids.PATTERN_ONE_SIDED, alone, focus, side, of=len(days))
    both = [day for day in days if _both_alike(log, focus, day)]
    if both and len(both) >= BOTH_SIDES_SHARE * len(days):
        yield pattern(ids.PATTERN_BILATERAL, both, focus, of=len(days))


def worsening(log: Log) -> Iterator[Pattern]:
    """Of every area and side: a first bout is no worsening."""
    for area in log.marked_areas():
        for side in log.sides(area):
            symptoms = log.symptom_days(area, WINDOW_DAYS, side)
            if len(symptoms) < FIRST_BOUT_DAYS:
                continue
            found = change(log, partial(log.mean_peak, area, side=side), symptoms)
            if found and found.rise:
                days = [day for day in symptoms if log.ago(day) < WEEK_DAYS]
                form = SINCE[found.rise_in_weeks]
                rise = round(found.rise, 1)
                yield pattern(ids.PATTERN_WORSENING, days, area, side, form=form, change=rise)


def improving(log: Log, focus: str) -> Iterator[Pattern]:
    """Of the area in focus, by its worse side each day, so that both sides have to ease.

    Where one side rises meanwhile, or a week falls in a month that rises, it is not said: the
    careful reading of two definitions that can hold at once.
    """
    symptoms = log.symptom_days(focus)
    found = change(log, partial(log.mean_peak, focus), symptoms)
    if found is None or not found.fall or found.rise:
        return
    if any(rising.area == focus for rising in worsening(log)):
        return
    days = [day for day in log.check_ins(TWO_WEEKS) if log.area_peak(focus, day) is not None]
    form, fall = SINCE[found.fall_in_weeks], round(found.fall, 1)
    yield pattern(ids.PATTERN_IMPROVING, days, focus, form=form, change=fall)


def after_runs(log: Log, focus: str) -> Iterator[Pattern]:
    for kind, compared in (
        (ids.PATTERN_AFTER_HARD_RUN, after_hard_runs(log, focus)),
        (ids.PATTERN_AFTER_LONG_RUN, after_long_runs(log, focus)),
    ):
        if compared.holds:
            days = sorted({run.day for run in compared.hits})
            yield pattern(kind, days, focus, days=len(compared.hits), of=len(compared.of))
    judged, felt = morning_after(log, focus)
    if len(felt) >= MORNING_RUNS and len(felt) >= MORNING_SHARE * len(judged):
        days = sorted({run.day for run in felt})
        yield pattern(ids.PATTERN_MORNING_AFTER, days, focus, days=len(felt), of=len(judged))


def doms_window(log: Log, focus: str) -> Iterator[Pattern]:
    """A single bout that began 6 to 48 h after an unusual run."""
    for bout in single_episode(log, focus):
        run = unusual_run(log, focus, bout.days[0])
        if run:
            days = (run.day, *bout.days) if run.day < bout.days[0] else bout.days
            said, ran_at = Said(f"unusual_run.{_unusual(run)}"), start_of(run)
            yield pattern(ids.PATTERN_DOMS_WINDOW, days, focus, run_h=ran_at, run=said, on=run.day)


def load_patterns(log: Log) -> Iterator[Pattern]:
    """The newest spike and the newest jumped week of the last 28 days, as context."""
    recent = spikes(log, WINDOW_DAYS)
    if recent:
        newest = recent[-1]
        yield pattern(
            ids.PATTERN_SESSION_SPIKE,
            [newest.run.day],
            distance_m=newest.run.distance_m,
            on=newest.run.day,
            size=newest.size,
        )
    weeks = [jump for jump in jumps(log, WINDOW_DAYS) if jump.ratio is not None]
    if weeks:
        jump = weeks[-1]
        far, more = jump.distance_m, jump.more_m
        yield pattern(ids.PATTERN_WEEK_JUMP, jump.week, distance_m=far, more_m=more)


def spike_response(log: Log, focus: str) -> Iterator[Pattern]:
    days = spike_responses(log, focus, WINDOW_DAYS)
    if days:
        yield pattern(ids.PATTERN_SPIKE_RESPONSE, days, focus)


def not_recovering(log: Log) -> Iterator[Pattern]:
    """Of every area."""
    for area in log.marked_areas():
        late, never = days_without_settling(log, area)
        days = sorted({*late, *never})
        if late:
            level = log.area_peak(area, late[-1]) or 0
            since = (late[-1] - log.run_days[-1]).days
            yield pattern(ids.PATTERN_NON_RECOVERY, days, area, level=level, since=since)
        elif never:
            yield pattern(ids.PATTERN_NON_RECOVERY, days, area, form="never")


def co_occurrence(log: Log, focus: str) -> Iterator[Pattern]:
    """Another area of the same side on half of the focus area's symptom days, three or more."""
    for area in log.marked_areas():
        together, known = together_days(log, focus, (area,)) if area != focus else ([], [])
        if len(together) >= CO_DAYS and len(together) >= CO_SHARE * len(known):
            yield pattern(ids.PATTERN_CO_OCCURRENCE, together, focus, of=len(known), other=area)


def together_days(
    log: Log, area: str, others: Sequence[str]
) -> tuple[list[dt.date], list[dt.date]]:
    """Symptom days of `area` with one of `others` at 2 or more on the same side.

    The second list are the symptom days on which that is known at all.
    """
    together, known = [], []
    for day in log.symptom_days(area):
        on_sides = _sides_with(log, area, day, CO_PEAK)
        peaks = [log.peak(other, side, day) for other in others for side in on_sides]
        seen = [peak for peak in peaks if peak is not None]
        if any(peak >= CO_PEAK for peak in seen):
            together.append(day)
            known.append(day)
        elif len(seen) == len(peaks):
            known.append(day)
    return together, known


def stretch_no_help(log: Log, history: History) -> Iterator[Pattern]:
    """Hamstring stretch on 4 of 14 days, and the next days no better than after other days."""
    days = log.last_days(TWO_WEEKS)
    stretched = {
        done.day
        for done in history.remedies_done
        if done.remedy == ids.REMEDY_GENTLE_SUPINE_HAMSTRING_STRETCH
    }
    after: dict[bool, list[int]] = {True: [], False: []}
    for day in days:
        peak = log.area_peak(HAMSTRING, day + dt.timedelta(1)) if day < log.today else None
        if peak is not None:
            after[day in stretched].append(peak)
    on_days = sorted(stretched.intersection(days))
    enough = min(len(after[True]), len(after[False])) >= STRETCH_COMPARED
    if len(on_days) >= STRETCH_DAYS and enough and _mean(after[True]) >= _mean(after[False]):
        yield pattern(ids.PATTERN_STRETCH_NO_HELP, on_days, HAMSTRING)


def remedy_response(log: Log, focus: str, plan: PlanInForce | None) -> Iterator[Pattern]:
    """The latest week against the week before the plan started: since, never because."""
    if plan is None or log.ago(plan.started) < RESPONSE_AFTER_DAYS:
        return
    if plan.planned_days <= 0 or plan.done_days < RESPONSE_SHARE * plan.planned_days:
        return
    latest = log.last_days(WEEK_DAYS)
    now = log.mean_peak(focus, latest)
    before = log.mean_peak(focus, log.last_days(WEEK_DAYS, skip=log.ago(plan.started) + 1))
    if now is None or before is None or before <= 0:
        return
    fall = round(before - now, EXACT_DIGITS)
    if fall >= RESPONSE_POINTS or fall >= RESPONSE_FALL * before:
        known = [day for day in latest if log.area_peak(focus, day) is not None]
        one = plan.remedies[0] if len(plan.remedies) == 1 else ""
        remedy = Said("name.small", id=one) if one else Said("plan.itself")
        fell = round(fall, 1)
        yield pattern(ids.PATTERN_REMEDY_RESPONSE, known, focus, change=fell, remedy=remedy)


def sparse(log: Log, main: str) -> Iterator[Pattern]:
    days = judged_days(log, main)
    if len(days) < SPARSE_CHECK_INS:
        yield pattern(ids.PATTERN_SPARSE, days, main, of=SPARSE_CHECK_INS)
    elif few_symptoms(log, main):
        symptoms = len(log.symptom_days(main)) if main else 0
        yield pattern(ids.PATTERN_SPARSE, days, main, form="few_symptoms", days=symptoms)


def judged_days(log: Log, main: str) -> list[dt.date]:
    """Check-in days of the last 14 on which the main area is known.

    A partial check-in that does not name it says nothing about it. Without a main area only full
    check-ins count.
    """
    if main:
        return [day for day in log.check_ins(TWO_WEEKS) if log.area_peak(main, day) is not None]
    return full_days(log)


def full_days(log: Log) -> list[dt.date]:
    """Check-ins of the last 14 days on which every area is known."""
    return [day for day in log.check_ins(TWO_WEEKS) if not log.partial[day]]


def few_symptoms(log: Log, main: str) -> bool:
    return not main or len(log.symptom_days(main)) < SPARSE_SYMPTOM_DAYS


def _only_side(log: Log, area: str) -> str:
    """The side to say it of, where both are counted and one is sore."""
    sore = [side for side in log.sides(area) if log.symptom_days(area, WINDOW_DAYS, side)]
    return sore[0] if len(sore) == 1 else ""


def _is_of_mornings(log: Log, area: str, side: str, days: Iterable[dt.date]) -> bool:
    """Was all of it marked on waking, or before a run?"""
    of = set(days)
    spots = [s for s in log.symptoms(area) if s.side == side and s.day in of]
    return all(spot.timing in MORNING_TIMINGS for spot in spots)


def _unusual(run: Run) -> str:
    """What to call an unusual run: by its kind, or for how long or hard it was."""
    return run.kind if run.kind in HARD_KINDS else "hard" if is_hard(run) else "longer"


def is_current(log: Log, pattern: Pattern) -> bool:
    """Does an episode still have a symptom day in the last week?"""
    return log.ago(pattern.days[-1]) < CURRENT_DAYS


def _sides_with(log: Log, area: str, day: dt.date, at_least: int) -> list[str]:
    return [side for side in log.sides(area) if (log.peak(area, side, day) or 0) >= at_least]


def _both_alike(log: Log, area: str, day: dt.date) -> bool:
    left, right = log.peak(area, "left", day) or 0, log.peak(area, "right", day) or 0
    return min(left, right) > 0 and abs(left - right) <= BOTH_SIDES_APART


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)
