"""Signals that the log alone gives (knowledge base 1.6)."""

import datetime as dt
from collections.abc import Iterator, Sequence

from guidance.rules import ids
from guidance.rules.facts import Facts, Observation
from guidance.rules.log.location import FRONT, HAMSTRING
from guidance.rules.log.log import EVENING_H, WINDOW_DAYS, Episode, Log, is_hard, on_line, start_of
from guidance.rules.patterns.after_runs import Comparison, after_hard_runs
from guidance.rules.patterns.find import together_days
from guidance.rules.patterns.load_jumps import jumps, spikes

WITH_SHARE = 0.5  # of the hamstring days
WITH_DAYS = 3
CLEAR_DAYS = 4  # hamstring days before an area that is missing says anything
FRONT_CLEAR_SHARE = 0.2
BACK_PEAK = 2
BACK_SHARE = 0.3
BACK_DAYS = 2
BACK_CLEAR_SHARE = 0.1

LATE_MIN = 60
LATE_PART = 2 / 3  # of the run's time
LATE_RUNS = 2
TIRING_KINDS = frozenset({"hills", "race"})
TIRING_SHARE = 0.5

FADE_H = 96  # after the run that set it off
FADED_PEAK = 2
GONE_H = 120  # by then ordinary soreness is

LOAD_LOOK_BACK_DAYS = 14  # before the episode
OLD_EPISODE_DAYS = 28
OLD_EPISODE_LOOK_BACK_DAYS = 42
STEADY_DAYS = 21  # of runs logged


def log_signals(facts: Facts) -> Iterator[Observation]:
    yield from neighbours(facts)
    yield from back(facts)
    yield from late_in_runs(facts)
    yield from sides(facts)
    yield from fading(facts)
    yield from load(facts)


def neighbours(facts: Facts) -> Iterator[Observation]:
    """Front of the thigh and glute on the same days and side as the hamstring."""
    log = facts.log
    for signal, areas in ((ids.SIG_FRONT_CO_TIGHT, FRONT), (ids.SIG_GLUTE_CO, ("glute",))):
        together, known = together_days(log, HAMSTRING, areas)
        if len(together) >= WITH_DAYS and len(together) >= WITH_SHARE * len(known):
            yield Observation(signal, tuple(together), {"days": len(together), "of": len(known)})
    marked, known = _marked(facts, FRONT)
    if len(known) >= CLEAR_DAYS and len(marked) < FRONT_CLEAR_SHARE * len(known):
        yield Observation(
            ids.SIG_FRONT_CLEAR, tuple(known), {"days": len(marked), "of": len(known)}
        )


def sit_bone_marked(facts: Facts) -> tuple[dt.date, ...]:
    """Hamstring days with the sit bone of a worse side marked, where they are many."""
    days = facts.location.hamstring_days
    marked = {
        spot.day
        for spot in facts.log.symptoms(HAMSTRING)
        if spot.sit_bone and spot.side in facts.location.worse_sides
    }
    together = tuple(day for day in days if day in marked)
    often = len(together) >= WITH_DAYS and len(together) >= WITH_SHARE * len(days)
    return together if often else ()


def back(facts: Facts) -> Iterator[Observation]:
    marked, known = _marked(facts, ("low_back",))
    strong = [day for day in marked if (facts.log.area_peak("low_back", day) or 0) >= BACK_PEAK]
    if len(strong) >= BACK_DAYS and len(strong) >= BACK_SHARE * len(known):
        yield Observation(
            ids.SIG_LOW_BACK_CO, tuple(strong), {"days": len(strong), "of": len(known)}
        )
    if len(known) >= CLEAR_DAYS and len(marked) < BACK_CLEAR_SHARE * len(known):
        yield Observation(
            ids.SIG_LOW_BACK_CLEAR, tuple(known), {"days": len(marked), "of": len(known)}
        )


def late_in_runs(facts: Facts) -> Iterator[Observation]:
    """Late onset, or the link to long runs where no onset time is known."""
    log, focus = facts.log, facts.location.focus
    if not focus:
        return
    onsets = _onsets(log, focus)
    late = sorted({day for day, is_late in onsets if is_late})
    if len(late) >= LATE_RUNS:
        yield Observation(ids.SIG_LATE_ONSET, tuple(late), {"days": len(late)})
    else:
        hard = after_hard_runs(log, focus)
        if hard.holds and _on_tiring_runs(hard):
            days = sorted({run.day for run in hard.hits})
            yield Observation(ids.SIG_LATE_ONSET, tuple(days), {"days": len(hard.hits)})
    long_runs = facts.focus_pattern(ids.PATTERN_AFTER_LONG_RUN)
    if long_runs and not onsets:
        fields = {name: long_runs.fields[name] for name in ("days", "of")}
        yield Observation(ids.SIG_LONG_RUN_LINK, long_runs.days, fields)


def sides(facts: Facts) -> Iterator[Observation]:
    for signal, kind in (
        (ids.SIG_ONE_SIDED, ids.PATTERN_ONE_SIDED),
        (ids.SIG_BOTH_SIDES, ids.PATTERN_BILATERAL),
    ):
        pattern = facts.focus_pattern(kind)
        if pattern:
            fields = {"days": len(pattern.days), "of": pattern.fields["of"]}
            yield Observation(signal, pattern.days, fields)


def fading(facts: Facts) -> Iterator[Observation]:
    """An unusual run before a first bout, and whether it fades as ordinary soreness does."""
    log, focus = facts.log, facts.location.focus
    pattern = facts.focus_pattern(ids.PATTERN_DOMS_WINDOW)
    if pattern is None:
        return
    yield Observation(ids.SIG_UNUSUAL_LOAD, pattern.days)
    ran_at = float(str(pattern.fields["run_h"]))
    first = min(log.hour_of(s) for s in log.symptoms(focus) if s.day in pattern.days)
    soon = [
        day
        for day in sorted(log.partial)
        if log.area_peak(focus, day) is not None
        and first < _check_in_hour(log, focus, day) <= ran_at + FADE_H
    ]
    if soon and (last_peak := log.area_peak(focus, soon[-1]) or 0) <= FADED_PEAK:
        yield Observation(ids.SIG_FAST_FADE, (soon[-1],), {"value": last_peak})
    late = [
        spot
        for spot in log.symptoms(focus)
        if log.hour_of(spot) > ran_at + GONE_H
        and not _hard_run_between(log, ran_at, log.hour_of(spot))
    ]
    if late:
        days = sorted({spot.day for spot in late})
        highest = max(spot.intensity for spot in late)
        yield Observation(ids.SIG_SLOW_FADE, tuple(days), {"value": highest})


def load(facts: Facts) -> Iterator[Observation]:
    """Did running jump before the episode, or has it been steady?"""
    log, focus = facts.log, facts.location.focus
    episode = _latest_episode(log, focus)
    if episode is None:
        return
    days = load_jumps_before(log, episode)
    if days:
        answers_to = facts.focus_pattern(ids.PATTERN_SPIKE_RESPONSE)
        yield Observation(ids.SIG_LOAD_UP, days, variant="spike_response" if answers_to else "")
    elif log.runs and is_known_before(log, episode):
        yield Observation(ids.SIG_LOAD_STEADY, tuple(sorted({log.runs[0].day, log.runs[-1].day})))


def is_known_before(log: Log, episode: Episode) -> bool:
    """Is running known for long enough to be called steady? Unknown weeks are not."""
    back = log.ago(episode.first) + LOAD_LOOK_BACK_DAYS
    back = max(WINDOW_DAYS - 1, min(back, OLD_EPISODE_LOOK_BACK_DAYS - 1))
    is_known = log.is_running_known(log.today - dt.timedelta(back), log.today)
    return is_known and log.runs_logged_for(STEADY_DAYS, before=log.today)


def load_jumps_before(log: Log, episode: Episode) -> tuple[dt.date, ...]:
    """Days of spikes and ends of jumped weeks between 14 days before it and its first symptom.

    The run in which it began is one of them.
    """
    if log.ago(episode.first) > OLD_EPISODE_DAYS:
        days, until = OLD_EPISODE_LOOK_BACK_DAYS, on_line(log.today, 24)
    else:
        days = log.ago(episode.first) + LOAD_LOOK_BACK_DAYS + 1
        until = log.first_hour(episode.area, episode.first)
    spiked = {s.run.day for s in spikes(log, days) if start_of(s.run) <= until}
    jumped = {jump.day for jump in jumps(log, days, until)}
    return tuple(sorted(spiked | jumped))


def _latest_episode(log: Log, focus: str) -> Episode | None:
    """The last episode, where it reaches into the last 28 days."""
    found = log.episodes(focus) if focus else []
    return found[-1] if found and log.ago(found[-1].last) < WINDOW_DAYS else None


def _marked(facts: Facts, areas: Sequence[str]) -> tuple[list[dt.date], list[dt.date]]:
    """Hamstring days with one of the areas marked at all, and those on which it is known."""
    marked, known = [], []
    for day in facts.location.hamstring_days:
        peaks = [facts.log.area_peak(area, day) for area in areas]
        if any(peaks):
            marked.append(day)
        if any(peaks) or None not in peaks:
            known.append(day)
    return marked, known


def _onsets(log: Log, focus: str) -> list[tuple[dt.date, bool]]:
    """Days of 28 with an onset time of the focus area, and whether it was late in the run.

    A run's own onset minute names no area: it counts where the focus area was marked that day.
    """
    found = []
    timed = [
        (spot.day, spot.onset_min)
        for spot in log.spots
        if spot.area == focus and spot.onset_min is not None
    ]
    for day in log.last_days(WINDOW_DAYS):
        runs = log.runs_on.get(day, ())
        longest_min = max((run.duration_s for run in runs), default=0) / 60
        minutes = [(minute, longest_min) for on, minute in timed if on == day]
        if log.area_peak(focus, day):
            minutes += [
                (run.onset_min, run.duration_s / 60) for run in runs if run.onset_min is not None
            ]
        found += [(day, _is_late(minute, total)) for minute, total in minutes]
    return found


def _is_late(minute: int, run_min: float) -> bool:
    return minute >= LATE_MIN or (run_min > 0 and minute >= LATE_PART * run_min)


def _on_tiring_runs(hard: Comparison) -> bool:
    tiring = [run for run in hard.hits if run.kind in TIRING_KINDS]
    return len(tiring) >= TIRING_SHARE * len(hard.hits)


def _check_in_hour(log: Log, area: str, day: dt.date) -> float:
    """When the area was last looked at that day; a day without a mark counts as 20:00."""
    hours = [log.hour_of(s) for s in log.spots if s.day == day and s.area == area]
    return max(hours, default=on_line(day, EVENING_H))


def _hard_run_between(log: Log, start: float, end: float) -> bool:
    return any(is_hard(run) and start < start_of(run) <= end for run in log.runs)
