"""What was answered and measured, and still counts (knowledge base 2, age of an answer).

A yes to a warning sign never fades: it ends by "a clinician has seen this" or "by mistake". A no
counts for 14 days and until the next pain of 6 or more. Other answers count 90 days, self-checks
42. What was not answered is not known, and never a no.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guidance.rules import ids
from guidance.rules.catalogue import Knowledge
from guidance.rules.log.log import Log
from guidance.rules.types import Answer, CheckResult, FlagAnswer, History, SideResult

ANSWER_DAYS = 90
CHECK_DAYS = 42
NO_DAYS = 14
PAIN_ENDS_NO = 6  # a pain this high asks every no anew
GROWN_UP = 18  # years


@dataclass(frozen=True, slots=True)
class CurrentAnswers:
    """Answers and checks that count today, by id; open warning signs; signs known to be no."""

    answers: Mapping[str, Answer]
    checks: Mapping[str, CheckResult]
    open_flags: Mapping[str, tuple[FlagAnswer, ...]]
    no_flags: frozenset[str]
    asked_flags: tuple[str, ...]
    care_first: frozenset[str]

    def text(self, question: str) -> str:
        """The word answered; "" where the question is not answered."""
        answer = self.answers.get(question)
        if answer is None or answer.value is None:
            return ""
        if isinstance(answer.value, bool):
            return "yes" if answer.value else "no"
        return str(answer.value)

    def number(self, question: str) -> float | None:
        answer = self.answers.get(question)
        if answer is None or isinstance(answer.value, (tuple, bool)) or answer.value is None:
            return None
        try:
            return float(answer.value)
        except ValueError:
            return None

    def given_on(self, question: str) -> dt.date:
        return self.answers[question].day

    def any_open(self, *flags: str) -> bool:
        return any(flag in self.open_flags for flag in flags)

    def unanswered_flags(self) -> list[str]:
        return [
            flag
            for flag in self.asked_flags
            if flag not in self.no_flags and not self._answered_yes(flag)
        ]

    def sides(self, check: str, sides: Iterable[str]) -> list[float]:
        """Numbers measured on those of `sides` that were measured."""
        return [
            float(value)
            for value in self._results(check, sides)
            if isinstance(value, (int, float)) and not isinstance(value, bool)
        ]

    def words(self, check: str, sides: Iterable[str]) -> list[str]:
        """Words found on those of `sides` that were looked at."""
        return [word for word in self._results(check, sides) if isinstance(word, str) and word]

    def parts(self, check: str, part: str, sides: Iterable[str]) -> list[float]:
        """One part (press or sitting) of a result that has several."""
        return [
            float(value[part])
            for value in self._results(check, sides)
            if isinstance(value, Mapping) and part in value
        ]

    def value(self, check: str) -> float | str | None:
        result = self.checks.get(check)
        return result.value if result else None

    def felt(self, check: str, sides: Iterable[str]) -> list[str]:
        result = self.checks.get(check)
        if result is None:
            return []
        felt = {"left": result.felt_left, "right": result.felt_right}
        return [felt.get(side, "") for side in sides]

    def _results(self, check: str, sides: Iterable[str]) -> list[SideResult]:
        result = self.checks.get(check)
        by_side = {"left": result.left, "right": result.right} if result else {}
        return [by_side.get(side) for side in sides]

    def _answered_yes(self, flag: str) -> bool:
        """A yes that was given as such; a bony point alone still has to be asked about."""
        return any(given.flag == flag for given in self.open_flags.get(flag, ()) if given.yes)


def read_current_answers(history: History, knowledge: Knowledge, log: Log) -> CurrentAnswers:
    asked = tuple(flag.id for flag in knowledge.flags.values() if flag.asked)
    no_flags = frozenset(flag for flag in asked if _is_no(history, flag, log))
    given = latest_answers(history)
    open_flags = _open_flags(history, asked)
    if (spot := _bony_point(given, history)) and ids.FLAG_BONE_POINT_PAIN not in no_flags:
        # Not a yes of its own, so `yes` is False: the question itself is still to be asked.
        on_bone = FlagAnswer(spot.day, ids.FLAG_BONE_POINT_PAIN, yes=False, since=spot.day)
        open_flags[ids.FLAG_BONE_POINT_PAIN] = (
            *open_flags.get(ids.FLAG_BONE_POINT_PAIN, ()),
            on_bone,
        )
    return CurrentAnswers(
        answers={q: a for q, a in given.items() if _counts(a, log)},
        checks=_latest_checks(history, log),
        open_flags=open_flags,
        no_flags=no_flags - open_flags.keys(),
        asked_flags=asked,
        care_first=care_first(history),
    )


def care_first(history: History) -> frozenset[str]:
    """What asks for it: an age, and an answer that never fades, as an illness does not either."""
    care = named_in(latest_answers(history).get(ids.ASK_CARE_FIRST))
    is_young = history.age is not None and history.age < GROWN_UP
    return care | {"under_18"} if is_young else care


def named_in(answer: Answer | None) -> frozenset[str]:
    """What an answer names of a list that also has "none"."""
    if answer is None or answer.value is None:
        return frozenset()
    given = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
    return frozenset(given) - {"none"}


def latest_answers(history: History) -> dict[str, Answer]:
    """The newest answer to each question, whatever its age."""
    newest: dict[str, Answer] = {}
    for answer in sorted(history.answers, key=lambda a: (a.day, a.question, repr(a.value))):
        if answer.day <= history.today:
            newest[answer.question] = answer
    return newest


def _counts(answer: Answer, log: Log) -> bool:
    # Of a past strain None is an answer: there was none.
    if answer.value is None and answer.question != ids.ASK_PAST_STRAIN_MONTHS:
        return False
    return answer_counts(answer.day, log.today)


def answer_counts(given: dt.date, today: dt.date) -> bool:
    return (today - given).days < ANSWER_DAYS


def _latest_checks(history: History, log: Log) -> dict[str, CheckResult]:
    newest: dict[str, CheckResult] = {}
    for result in sorted(history.checks, key=lambda r: (r.day, r.check, _result_order(r))):
        if 0 <= log.ago(result.day) < CHECK_DAYS:
            newest[result.check] = result
    return newest


def _result_order(result: CheckResult) -> str:
    """Puts two results of one day in one order, also where their parts came in another."""

    def plain(value: object) -> str:
        return repr(sorted(value.items())) if isinstance(value, Mapping) else repr(value)

    parts = (result.left, result.right, result.value, result.felt_left, result.felt_right)
    return " ".join(plain(part) for part in parts)


def _open_flags(history: History, asked: tuple[str, ...]) -> dict[str, tuple[FlagAnswer, ...]]:
    """Every yes that nobody has seen. A later no does not end it, nor does time."""
    found: dict[str, tuple[FlagAnswer, ...]] = {}
    for flag in asked:
        flag_answers = [
            given
            for given in history.flag_answers
            if given.flag == flag and given.yes and not given.mistaken and not _seen(given, history)
        ]
        if flag_answers:
            found[flag] = tuple(
                sorted(flag_answers, key=lambda s: (s.day, s.area, s.since or s.day))
            )
    return found


def _is_no(history: History, flag: str, log: Log) -> bool:
    """A no that still counts. What a clinician has seen counts as a no of that day."""
    days = [
        given.day if not given.yes else given.seen_on
        for given in history.flag_answers
        if given.flag == flag and not given.mistaken and (not given.yes or _seen(given, history))
    ]
    counting = [day for day in days if day is not None and 0 <= log.ago(day) < NO_DAYS]
    if not counting:
        return False
    return not any(
        pain >= PAIN_ENDS_NO and day > max(counting)
        for peaks in log.pain.values()
        for day, pain in peaks.items()
    )


def _seen(given: FlagAnswer, history: History) -> bool:
    return given.seen_on is not None and given.seen_on <= history.today


def _bony_point(given: Mapping[str, Answer], history: History) -> Answer | None:
    """`ask:spot` bony_point counts as a yes to the bone's warning sign until that is a no.

    As a yes it does not fade after 90 days like other answers, and a no that no longer counts
    does not hold it back: the two sentences of section 2 pull apart, and this is the safer side.
    A clinician who has seen the bone since does end it.
    """
    spot = given.get(ids.ASK_SPOT)
    if spot is None or spot.value != "bony_point":
        return None
    seen = any(
        given.flag == ids.FLAG_BONE_POINT_PAIN and not given.mistaken and _seen(given, history)
        for given in history.flag_answers
        if given.seen_on is not None and given.seen_on >= spot.day
    )
    return None if seen else spot


def screened_on(history: History, knowledge: Knowledge) -> dt.date | None:
    """The day since which no asked sign was left open; None where one is not answered.

    A no counts for 14 days and until the next strong pain, and so does what a clinician has
    seen. An open yes is an answer that does not age.
    """
    worst = [s.day for s in history.soreness if s.kind == "pain" and s.intensity >= PAIN_ENDS_NO]
    counts_from = max(
        history.today - dt.timedelta(days=NO_DAYS - 1), max(worst, default=dt.date.min)
    )
    answered: dict[str, dt.date] = {}
    for given in history.flag_answers:
        if given.mistaken:
            continue
        is_open = given.yes and given.seen_on is None
        day = history.today if is_open else given.seen_on or given.day
        if is_open or counts_from <= day <= history.today:
            answered[given.flag] = max(day, answered.get(given.flag, day))
    asked = [flag.id for flag in knowledge.flags.values() if flag.asked]
    return min(answered.values()) if all(flag in answered for flag in asked) else None
