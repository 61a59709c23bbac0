"""Sudden moments: which episode and which area they belong to (knowledge base 0, 1.6 and 3)."""

import datetime as dt
from dataclasses import dataclass

from guidance.rules.ids import ASK_ONSET, FLAG_SUDDEN_ONSET, FLAG_SUDDEN_POP
from guidance.rules.log.current_answers import CurrentAnswers
from guidance.rules.log.location import FRONT, HAMSTRING
from guidance.rules.log.log import CURRENT_DAYS, Episode, Log
from guidance.rules.types import AREAS, Answer, History

ONE_STRIDE = "one_stride"
WITHIN_A_RUN = "sudden"
AT_ONCE = "at_once"  # answered before these two were told apart
# The mildest first: of two answers of one day the later of this row stands.
ONSETS = (WITHIN_A_RUN, AT_ONCE, ONE_STRIDE)

# For so many days a moment makes a strain a suspicion: where overuse too begins like that, fewer.
POP_DAYS = 42
STRAIN_DAYS = {ONE_STRIDE: POP_DAYS, AT_ONCE: POP_DAYS, WITHIN_A_RUN: 14}
# What a clinician has to have seen for a moment to be cleared.
CLEARED_BY = frozenset({FLAG_SUDDEN_POP, FLAG_SUDDEN_ONSET})


@dataclass(frozen=True, slots=True)
class Moment:
    """The first day of an episode that began suddenly, and how: one of `ONSETS`."""

    day: dt.date
    onset: str


def hamstring_moment_now(log: Log, history: History) -> Moment | None:
    """Of the current hamstring episode, where the moment is its own."""
    episode = log.current_episode(HAMSTRING)
    if episode and is_sudden(history, episode) and belongs_to(log, episode):
        return Moment(episode.first, onset_of(history, episode))
    return None


def is_sudden(history: History, episode: Episode) -> bool:
    return onset_of(history, episode) in ONSETS


def onset_of(history: History, episode: Episode) -> str:
    """The last onset answered in this episode; "" where none was.

    Answered in it: from its first day until a week without symptoms has passed. In an episode
    that came up since, the answer says nothing.
    """
    given = [
        answer
        for answer in history.answers
        if answer.question == ASK_ONSET
        and episode.first <= answer.day <= history.today
        and (answer.day - episode.last).days < CURRENT_DAYS
    ]
    return str(max(given, key=_newest_sudden_last).value) if given else ""


def belongs_to(log: Log, episode: Episode) -> bool:
    """Was the episode's area the highest on its first day?

    Where it shares that peak with another area the moment still belongs to it: a strain that is
    suspected in vain costs less than one that is missed.
    """
    own = log.area_peak(episode.area, episode.first) or 0
    return all(own >= (log.area_peak(area, episode.first) or 0) for area in AREAS)


def is_strain_recent(log: Log, history: History, known: CurrentAnswers) -> bool:
    """A pop or a moment of the hamstring that is not cleared, and not too old.

    Which area the moment belongs to does not matter here: a block errs on the safe side.
    """
    return any(log.ago(day) < POP_DAYS for day in pop_days(known, log)) or any(
        _is_moment(log, history, episode) for episode in log.episodes(HAMSTRING)
    )


def pop_days(known: CurrentAnswers, log: Log) -> list[dt.date]:
    """The day of each open pop; today's where it was not said."""
    return [given.since or log.today for given in known.open_flags.get(FLAG_SUDDEN_POP, ())]


def has_front_strain(log: Log, history: History, known: CurrentAnswers, main: str) -> bool:
    """A sudden moment or a pop, and a front of the thigh that hurts: it may be strained itself."""
    current = [episode for area in FRONT if (episode := log.current_episode(area))]
    if known.any_open(FLAG_SUDDEN_POP):
        return bool(current) or main in FRONT
    return any(_is_moment(log, history, episode) for episode in current)


def worst_day(log: Log, episode: Episode) -> dt.date:
    """The newest day of its highest day peak: from here on a strain's age counts."""
    return max(episode.days, key=lambda day: (log.area_peak(episode.area, day) or 0, day))


def _is_moment(log: Log, history: History, episode: Episode) -> bool:
    """Sudden, young enough, and not cleared by a clinician."""
    lasts = STRAIN_DAYS.get(onset_of(history, episode))
    if lasts is None:
        return False
    return log.ago(worst_day(log, episode)) < lasts and not _cleared(history, episode.first)


def _cleared(history: History, day: dt.date) -> bool:
    return any(
        given.flag in CLEARED_BY
        and not given.mistaken
        and given.seen_on is not None
        and day <= given.seen_on <= history.today
        for given in history.flag_answers
    )


def _newest_sudden_last(answer: Answer) -> tuple[dt.date, int, str]:
    severity = ONSETS.index(answer.value) if answer.value in ONSETS else -1
    return (answer.day, severity, repr(answer.value))
