"""Warning signs that the log shows by itself (knowledge base 4.2)."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from statistics import mean

from guidance.rules import ids
from guidance.rules.catalogue import LevelName
from guidance.rules.facts import Facts
from guidance.rules.log.log import (
    FEW_KNOWN_DAYS,
    TWO_WEEKS,
    WEEK_DAYS,
    WINDOW_DAYS,
    Episode,
    Log,
    bouts,
    span_days,
)
from guidance.rules.log.sudden_onset import is_sudden
from guidance.rules.patterns.changes import EXACT_DIGITS, change
from guidance.rules.types import AREAS, FlagFound, Soreness

STOP_PAIN = 6
STOP_PAIN_ONCE = 9
STOP_PAIN_DAYS = 2
STAYS_PAIN = 4
STAYS_H = 72
PERSISTS_PAIN = 3
PERSISTS_DAYS = 10
WORSENING_MEAN = 4.0
WORSENING_MEAN_SEEN = 5.0

# Three runs since the answer: the consensus on running injuries counts three runs missed.
RUNS_AGAIN = 3

TENDON_NERVE = frozenset({ids.ALT_PROXIMAL_HAMSTRING_TENDINOPATHY, ids.ALT_SCIATIC_NEURAL})
TENDON_NERVE_DAYS = 14
SIX_WEEKS = 42
DONE_SHARE = 0.6
CLEAR_FALL = 2.0  # points
# Symptom days further apart than this are two troubles, not one that does not respond.
SAME_TROUBLE_DAYS = 14


def derived_flags(facts: Facts) -> Iterator[FlagFound]:
    """Those that need no ranking."""
    for read in (pain_over_5, sudden_onset, pain_persists, worsening_pain, non_recovery):
        yield from read(facts)


def later_flags(facts: Facts, leader: str) -> Iterator[FlagFound]:
    """Those added after the causes are ranked; they never change the ranking."""
    yield from tendon_nerve(facts, leader)
    yield from not_responding(facts)


def pain_over_5(facts: Facts) -> Iterator[FlagFound]:
    log = facts.log
    days = log.pain_days(STOP_PAIN, TWO_WEEKS)
    if not days:
        return
    highest = max(peaks.get(day, 0) for peaks in log.pain.values() for day in days)
    serious = len(days) >= STOP_PAIN_DAYS or highest >= STOP_PAIN_ONCE or _pain_stays(log, days)
    yield FlagFound(ids.FLAG_PAIN_OVER_5, ids.CLINICIAN if serious else ids.EASE, tuple(days))


def sudden_onset(facts: Facts) -> Iterator[FlagFound]:
    """A sudden beginning without a pop, in any current episode; pain that stays in whichever."""
    log, known = facts.log, facts.current
    if known.any_open(ids.FLAG_SUDDEN_POP):
        return
    episodes = log.current_episodes()
    sudden = [one for one in episodes if is_sudden(facts.history, one)]
    if sudden:
        serious = known.any_open(ids.FLAG_BRUISING_SWELLING, ids.FLAG_LIMP) or any(
            _pain_after(log, episode) for episode in episodes
        )
        days = tuple(sorted({episode.first for episode in sudden}))
        yield FlagFound(ids.FLAG_SUDDEN_ONSET, ids.CLINICIAN if serious else ids.EASE, days)


def pain_persists(facts: Facts) -> Iterator[FlagFound]:
    """Pain on most days, in whatever area, or an injury that stopped the running."""
    log = facts.log
    days = log.pain_days(PERSISTS_PAIN, TWO_WEEKS)
    stopped = stopped_by_injury(facts)
    if len(days) >= PERSISTS_DAYS:
        yield FlagFound(ids.FLAG_PAIN_PERSISTS, ids.CLINICIAN, tuple(days))
    elif stopped:
        yield FlagFound(ids.FLAG_PAIN_PERSISTS, ids.CLINICIAN, (stopped,))


def stopped_by_injury(facts: Facts) -> dt.date | None:
    """The day of the answer that an injury stopped the running.

    It counts 90 days like other answers, and ends sooner with the third run since: somebody who
    runs again has not stopped.
    """
    if facts.current.text(ids.ASK_STOPPED_RUNNING) != "injury":
        return None
    day = facts.current.given_on(ids.ASK_STOPPED_RUNNING)
    return day if sum(run.day > day for run in facts.log.runs) < RUNS_AGAIN else None


def worsening_pain(facts: Facts) -> Iterator[FlagFound]:
    """Pain that rises, of a side or of both pooled.

    Symptom days of any kind show that it is no first bout.
    """
    log = facts.log
    level: LevelName | None = None
    days: set[dt.date] = set()
    for area, side in sorted(log.pain):
        symptoms = log.symptom_days(area, WINDOW_DAYS, side)
        found = change(log, partial(log.mean_pain, area, side), symptoms)
        week = log.mean_pain(area, side, log.last_days(WEEK_DAYS))
        if found is None or not found.rise or week is None or week < WORSENING_MEAN:
            continue
        days |= {day for day in log.pain[area, side] if log.ago(day) < WEEK_DAYS}
        level = ids.CLINICIAN if week >= WORSENING_MEAN_SEEN or level == ids.CLINICIAN else ids.EASE
    if level:
        yield FlagFound(ids.FLAG_WORSENING_PAIN, level, tuple(sorted(days)))


def non_recovery(facts: Facts) -> Iterator[FlagFound]:
    found = [p for p in facts.patterns if p.id == ids.PATTERN_NON_RECOVERY]
    if found:
        days = tuple(sorted({day for pattern in found for day in pattern.days}))
        yield FlagFound(ids.FLAG_NON_RECOVERY, ids.EASE, days)


def tendon_nerve(facts: Facts, leader: str) -> Iterator[FlagFound]:
    """Two weeks of symptoms, of the main area or of the one that feeds the signals."""
    if leader not in TENDON_NERVE:
        return
    for area in _areas(facts):
        days = facts.log.symptom_days(area)
        if span_days(days) >= TENDON_NERVE_DAYS:
            yield FlagFound(ids.FLAG_TENDON_NERVE_2WK, ids.CLINICIAN, tuple(days))
            return


def not_responding(facts: Facts) -> Iterator[FlagFound]:
    """Six weeks of symptoms and of work on them, without a clear fall."""
    if not _worked_on_it(facts):
        return
    for area in _areas(facts):
        days = _six_weeks_without_a_fall(facts.log, area)
        if days:
            yield FlagFound(ids.FLAG_NOT_RESPONDING, ids.CLINICIAN, days)
            return


def _areas(facts: Facts) -> list[str]:
    """The area in focus, and the main area where that is another one."""
    return [area for area in dict.fromkeys((facts.location.focus, facts.location.main)) if area]


def _six_weeks_without_a_fall(log: Log, area: str) -> tuple[dt.date, ...]:
    """Symptom days of a current episode of six weeks; or of troubles that span them.

    Of a current episode a known day in each of the two weeks that are compared is enough: it has
    not been quiet for a week. Where it has, three are needed in each.
    """
    episode = log.current_episode(area)
    if episode and log.ago(episode.first) >= SIX_WEEKS and _has_no_fall(log, area, known_days=1):
        return episode.days
    troubles = bouts(log.symptom_days(area, WINDOW_DAYS * 4), SAME_TROUBLE_DAYS)
    if (
        troubles
        and log.ago(troubles[-1][-1]) < TWO_WEEKS
        and span_days(troubles[-1]) >= SIX_WEEKS
        and _has_no_fall(log, area, known_days=FEW_KNOWN_DAYS)
    ):
        return troubles[-1]
    return ()


def _has_no_fall(log: Log, area: str, known_days: int) -> bool:
    """From the week six weeks ago to the latest one; False where either is not known."""
    weeks = log.last_days(WEEK_DAYS, skip=SIX_WEEKS - WEEK_DAYS), log.last_days(WEEK_DAYS)
    before, now = (
        [peak for day in week if (peak := log.area_peak(area, day)) is not None] for week in weeks
    )
    if min(len(before), len(now)) < known_days:
        return False
    return round(mean(before) - mean(now), EXACT_DIGITS) < CLEAR_FALL


def _worked_on_it(facts: Facts) -> bool:
    """A plan of six weeks done on 60 % of its days, or any remedy on 60 % of the last 42."""
    plan, log = facts.history.plan, facts.log
    if plan and log.ago(plan.started) >= SIX_WEEKS and plan.planned_days > 0:
        return plan.done_days >= DONE_SHARE * plan.planned_days
    done = {d.day for d in facts.history.remedies_done if 0 <= log.ago(d.day) < SIX_WEEKS}
    return len(done) >= DONE_SHARE * SIX_WEEKS


def _pain_stays(log: Log, days: list[dt.date]) -> bool:
    """Still 4 or more in the same area over 72 h later, with no known day below 4 in between."""
    for first in days:
        for area in AREAS:
            if (log.area_pain(area, first) or 0) < STOP_PAIN:
                continue
            began = min(
                log.hour_of(spot) for spot in _pains(log, area, STOP_PAIN) if spot.day == first
            )
            for spot in _pains(log, area, STAYS_PAIN):
                between = [
                    log.area_pain(area, first + dt.timedelta(later))
                    for later in range(1, (spot.day - first).days)
                ]
                stays = all(pain is None or pain >= STAYS_PAIN for pain in between)
                if log.hour_of(spot) - began > STAYS_H and stays:
                    return True
    return False


def _pain_after(log: Log, episode: Episode) -> bool:
    """Pain of 4 or more over 72 h after an episode began."""
    began = log.first_hour(episode.area, episode.first)
    return any(log.hour_of(s) - began > STAYS_H for s in _pains(log, episode.area, STAYS_PAIN))


def _pains(log: Log, area: str, at_least: int) -> list[Soreness]:
    return [s for s in log.spots if s.area == area and s.kind == "pain" and s.intensity >= at_least]
