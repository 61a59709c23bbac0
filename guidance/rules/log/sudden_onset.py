"""Sudden moments: which episode and which area they belong to (knowledge base 0, 1.6 and 3)."""

import datetime as dt

from guidance.rules.ids import ASK_ONSET, FLAG_SUDDEN_ONSET, FLAG_SUDDEN_POP
from guidance.rules.log.current_answers import CurrentAnswers
from guidance.rules.log.location import FRONT, HAMSTRING
from guidance.rules.log.log import CURRENT_DAYS, Episode, Log
from guidance.rules.types import AREAS, Answer, History

STRAIN_DAYS = 42  # a moment younger than six weeks makes a strain a suspicion
# What a clinician has to have seen for a moment to be cleared.
CLEARED_BY = frozenset({FLAG_SUDDEN_POP, FLAG_SUDDEN_ONSET})


def hamstring_moment_now(log: Log, history: History) -> dt.date | None:
    """First day of the current hamstring episode, where its onset was sudden."""
    episode = log.current_episode(HAMSTRING)
    if episode and is_sudden(log, history, episode) and belongs_to(log, episode):
        return episode.first
    return None


def is_sudden(log: Log, history: History, episode: Episode) -> bool:
    """Is the last onset answered in this episode "sudden"?

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
    return bool(given) and max(given, key=_newest_sudden_last).value == "sudden"


def belongs_to(log: Log, episode: Episode) -> bool:
    """Was the episode's area the highest on its first day?

    Where it shares that peak with another area the moment still belongs to it: a strain that is
    suspected in vain costs less than one that is missed.
    """
    own = log.area_peak(episode.area, episode.first) or 0
    return all(own >= (log.area_peak(area, episode.first) or 0) for area in AREAS)


def strain_dates(log: Log, history: History, known: CurrentAnswers) -> list[dt.date]:
    """Days of hamstring moments younger than six weeks and not cleared, and of open pops."""
    found = [
        episode.first
        for episode in log.episodes(HAMSTRING)
        if _is_moment(log, history, episode) and belongs_to(log, episode)
    ]
    # A pop counts until a clinician has seen it, however old.
    found += [given.since or given.day for given in known.open_flags.get(FLAG_SUDDEN_POP, ())]
    return sorted(found)


def has_front_strain(log: Log, history: History, known: CurrentAnswers, main: str) -> bool:
    """A sudden moment or a pop, and a front of the thigh that hurts: it may be strained itself."""
    current = [episode for area in FRONT if (episode := log.current_episode(area))]
    if known.any_open(FLAG_SUDDEN_POP):
        return bool(current) or main in FRONT
    return any(_is_moment(log, history, episode) for episode in current)


def _is_moment(log: Log, history: History, episode: Episode) -> bool:
    """Sudden, younger than six weeks, and not cleared by a clinician."""
    return (
        log.ago(episode.first) < STRAIN_DAYS
        and is_sudden(log, history, episode)
        and not _cleared(history, episode.first)
    )


def _cleared(history: History, day: dt.date) -> bool:
    return any(
        given.flag in CLEARED_BY
        and not given.mistaken
        and given.seen_on is not None
        and day <= given.seen_on <= history.today
        for given in history.flag_answers
    )


def _newest_sudden_last(answer: Answer) -> tuple[dt.date, bool, str]:
    """Of two answers of one day "sudden" stands."""
    return (answer.day, answer.value == "sudden", repr(answer.value))
