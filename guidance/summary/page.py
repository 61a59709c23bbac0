"""One page for a physiotherapist: what twelve weeks of one runner's own log come to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Case, CharField, Value, When

from guidance.advice.advice import OwnAdvice
from guidance.advice.open_flags import asked_flags
from guidance.checks.page import Figure, felt_said, figures, gap_said, result_said, with_unit
from guidance.findings.page import GuidancePage, page_of
from guidance.knowledge import current_knowledge
from guidance.plan.response import Response, response_of
from guidance.questions.queries import answer_said
from guidance.rules.catalogue import Band, Check
from guidance.rules.ids import (
    ASK_BACK_LINKED,
    ASK_BONE_RISK,
    ASK_CARE_FIRST,
    ASK_PAST_STRAIN_MONTHS,
    ASK_SITTING_EFFECT,
    ASK_STRETCH_EFFECT,
    ASK_WARM_UP_EFFECT,
)
from guidance.rules.log.current_answers import (
    ANSWER_DAYS,
    CHECK_DAYS,
    answer_counts,
    latest_answers,
)
from guidance.rules.log.log import WEEK_DAYS, WINDOW_DAYS, Log
from guidance.rules.said import Said
from guidance.rules.self_checks import still_counts
from guidance.rules.types import CheckResult, FlagAnswer, History
from guidance.saying import say
from guidance.summary.plans import PlanStory, with_weeks_before
from guidance.summary.weeks import TwelveWeeks, twelve_weeks
from runners.body.areas import SIT_BONE, Area, Place, Side
from runners.body.body_map import View, marks_of, views
from runners.models import CheckIn, Run, SorenessEntry, User
from runners.weeks.sums import MARKED

EARLIER_RESULTS = 3  # of each self-check, beside the newest
NOTES_DAYS = 28
OWN_WORDS = 3  # of the newest notes at the sorest place
WITH_UNIT = frozenset({"degrees", "cm", "seconds"})  # whose unit stands behind each figure

# What it gets better or worse with, and what was there before.
EFFECTS = (ASK_SITTING_EFFECT, ASK_STRETCH_EFFECT, ASK_WARM_UP_EFFECT, ASK_BACK_LINKED)
PAST = (ASK_PAST_STRAIN_MONTHS,)

# What gives away an answer about health, which the runner may leave out.
OF_HEALTH = ("reason.care_first", "reason.bone_risk")


@dataclass(frozen=True, slots=True)
class SaidNo:
    """Warning signs whose newest answer is a no of that day. `counts`: the no has not faded."""

    day: dt.date
    counts: bool
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckStory:
    """A self-check: its newest result by side and part, and the ones before it in a line each."""

    check: Check
    day: dt.date
    counts: bool
    figures: tuple[Said, ...]
    felt: tuple[Said, ...]
    gap: Said | None
    earlier: tuple[tuple[dt.date, Said], ...]

    @property
    def unit(self) -> str:
        """For the title, where it does not stand behind each figure."""
        return self.check.unit if self.ranges and self.check.result not in WITH_UNIT else ""

    @property
    def ranges(self) -> tuple[Band, ...]:
        """Words to choose from need none."""
        return () if self.check.options else self.check.bands


@dataclass(frozen=True, slots=True)
class Answered:
    """The newest answer to a question. `counts`: it has not faded, which health never does."""

    topic: str
    answer: Said
    day: dt.date
    counts: bool


@dataclass(frozen=True, slots=True)
class Note:
    day: dt.date
    about: Said
    words: str


@dataclass(frozen=True, slots=True)
class OfTheBody:
    """The body map with the highest marks of the last four weeks, and the places marked on it."""

    views: tuple[View, ...]
    marked: tuple[tuple[Place, int], ...]
    weeks: ClassVar[int] = WINDOW_DAYS // WEEK_DAYS


@dataclass(frozen=True, slots=True)
class Summary:
    """`health` is the answer to what needs care first; None: not answered, or left out.

    `said_no` and `unanswered` are all warning signs but those that are open or closed.
    `patterns` are what is said of each, with its days; those of one that were told with another,
    `days_told`, are not told again. `effects` and `past` are answers, and `answers` all others.
    """

    advice: OwnAdvice
    page: GuidancePage
    reasons: tuple[Said, ...]
    closed_flags: tuple[FlagAnswer, ...]
    said_no: tuple[SaidNo, ...]
    unanswered: tuple[str, ...]
    patterns: tuple[tuple[Said, tuple[dt.date, ...]], ...]
    days_told: frozenset[tuple[dt.date, ...]]
    weeks: TwelveWeeks
    body: OfTheBody
    checks: tuple[CheckStory, ...]
    effects: tuple[Answered, ...]
    past: tuple[Answered, ...]
    answers: tuple[Answered, ...]
    health: Answered | None
    plans: tuple[PlanStory, ...]
    response: Response | None
    notes_weeks: ClassVar[int] = NOTES_DAYS // WEEK_DAYS
    check_weeks: ClassVar[int] = CHECK_DAYS // WEEK_DAYS  # how long a self-check counts
    answer_days: ClassVar[int] = ANSWER_DAYS  # how long an answer counts

    @property
    def is_empty(self) -> bool:
        logged = self.weeks.days_checked_in or self.weeks.running.runs
        signs = self.advice.open_flags or self.closed_flags or self.advice.stopped_by
        answers = self.effects or self.past or self.answers
        return not (logged or signs or self.checks or answers or self.plans)


def summary_of(
    advice: OwnAdvice, plans: Iterable[PlanStory], *, week_start: int, with_health: bool
) -> Summary:
    history, page = advice.history, page_of(advice)
    answers = answers_by_question(history)
    health = answers.pop(ASK_CARE_FIRST, None)
    if not with_health:
        answers.pop(ASK_BONE_RISK, None)
    patterns = list(told_once((one.said, one.days) for one in advice.assessment.patterns))

    def take(questions: Iterable[str]) -> tuple[Answered, ...]:
        return tuple(answers.pop(id_) for id_ in questions if id_ in answers)

    response = response_of(advice)
    return Summary(
        advice=advice,
        page=page,
        reasons=tuple(
            reason for reason in page.reasons if with_health or reason.key not in OF_HEALTH
        ),
        closed_flags=tuple(closed_flags(history)),
        said_no=tuple(said_no(history, advice.assessed.facts.current.no_flags)),
        unanswered=tuple(unanswered(history)),
        patterns=tuple(patterns),
        days_told=frozenset(days for _, days in patterns),
        weeks=twelve_weeks(advice.assessed.facts.log, week_start),
        body=of_the_body(advice.assessed.facts.log),
        checks=tuple(check_stories(history)),
        effects=take(EFFECTS),
        past=take(PAST),
        answers=tuple(answers.values()),
        health=health if with_health else None,
        plans=tuple(
            with_weeks_before(story, response, advice.assessed.facts.log) for story in plans
        ),
        response=response,
    )


def of_the_body(log: Log) -> OfTheBody:
    """The sorest place first."""
    first_day = log.last_days(WINDOW_DAYS)[0]
    highest: dict[Place, int] = {}
    for spot in log.spots:
        if spot.day >= first_day and spot.intensity >= MARKED:
            place = Place(Area(spot.area), Side(spot.side), spot.sit_bone)
            highest[place] = max(spot.intensity, highest.get(place, 0))
    marks = marks_of((place.id, intensity) for place, intensity in highest.items())
    marked = sorted(highest.items(), key=lambda one: (-one[1], one[0].name))
    return OfTheBody(tuple(views(marks)), tuple(marked))


def told_once(
    lines: Iterable[tuple[Said, tuple[dt.date, ...]]],
) -> Iterator[tuple[Said, tuple[dt.date, ...]]]:
    """Each line with its days, but for those that an earlier one has."""
    told: set[tuple[dt.date, ...]] = set()
    for said, days in lines:
        yield said, () if days in told else days
        told.add(days)


def closed_flags(history: History) -> list[FlagAnswer]:
    """Newest first. A yes that was seen or taken back is kept, so it is told."""
    ended = [sign for sign in history.flag_answers if sign.yes and (sign.seen_on or sign.mistaken)]
    return sorted(ended, key=lambda sign: sign.day, reverse=True)


def said_no(history: History, counting: frozenset[str]) -> list[SaidNo]:
    """The newest day first. `counting` are the signs whose no still counts."""
    by_day: dict[tuple[dt.date, bool], list[str]] = defaultdict(list)
    for flag, sign in newest_by_sign(history).items():
        if not sign.yes:
            by_day[sign.day, flag in counting].append(flag)
    return [
        SaidNo(day, counts, tuple(flags))
        for (day, counts), flags in sorted(by_day.items(), reverse=True)
    ]


def unanswered(history: History) -> list[str]:
    answered = {sign.flag for sign in history.flag_answers}
    return [flag.id for flag in asked_flags() if flag.id not in answered]


def newest_by_sign(history: History) -> dict[str, FlagAnswer]:
    """In the order of the screen; of two answers on a day the yes."""
    newest: dict[str, FlagAnswer] = {}
    for sign in sorted(history.flag_answers, key=lambda sign: (sign.day, sign.yes)):
        newest[sign.flag] = sign
    return {flag.id: newest[flag.id] for flag in asked_flags() if flag.id in newest}


def check_stories(history: History) -> list[CheckStory]:
    """Of each check that was done the newest result and the ones before, in the checks' order."""
    by_check: dict[str, list[CheckResult]] = defaultdict(list)
    for result in sorted(history.checks, key=lambda result: result.day, reverse=True):
        by_check[result.check].append(result)
    return [
        check_story(check, by_check[check.id], history.today)
        for check in current_knowledge().checks.values()
        if check.id in by_check
    ]


def check_story(check: Check, results: list[CheckResult], today: dt.date) -> CheckStory:
    newest, *earlier = results
    return CheckStory(
        check=check,
        day=newest.day,
        counts=still_counts(newest.day, today),
        figures=tuple(reading_said(check, reading) for reading in figures(check, newest)),
        felt=tuple(felt_said(check, newest)),
        gap=gap_said(check, newest),
        earlier=tuple((one.day, result_said(check, one)) for one in earlier[:EARLIER_RESULTS]),
    )


def reading_said(check: Check, reading: Figure) -> Said:
    """`left 8 (low)`, `left 72° (typical)`; without a number what was seen: `left: steady`."""
    band, number = reading.band, reading.number
    side = None if reading.label is None else Said(f"side.{reading.of}")
    if number is None:
        seen = Said("result.value", value=band.shown) if band else Said("reading.not_known")
        return Said("reading.seen", side=side, seen=seen) if side else seen
    if check.result in WITH_UNIT:
        number = with_unit(check, number)
    if band:
        number = Said("reading.in_range", number=number, word=band.word)
    return Said("reading.of_side", side=side, number=number) if side else number


def answers_by_question(history: History) -> dict[str, Answered]:
    """The newest answer to each question, in the questions' order."""
    newest = latest_answers(history)
    return {
        id_: Answered(
            topic=question.topic,
            answer=answer_said(question, answer),
            day=answer.day,
            counts=answer_counts(answer.day, history.today),
        )
        for id_, question in current_knowledge().questions.items()
        if (answer := newest.get(id_))
    }


def own_words(runner: User, weeks: TwelveWeeks) -> list[Note]:
    """The newest notes of spots at the sorest place, newest first. 1 query."""
    of_spots = SorenessEntry.objects.of(runner).since(weeks.first_day).until(weeks.today)
    rows = of_spots.exclude(note="").order_by("-day", "-pk")
    main = weeks.main
    at_it = [
        Note(day, note_of(area, side), note)
        for area, side, day, note in rows.values_list("area", "side", "day", "note")
        if main and (area, side) == (main.trend.area, main.trend.side)
    ]
    return at_it[:OWN_WORDS]


def notes_of(runner: User, today: dt.date, *, told: Iterable[Note] = ()) -> list[Note]:
    """What the runner wrote in the last four weeks, oldest first, but for `told`. 1 query."""
    first_day = today - dt.timedelta(days=NOTES_DAYS - 1)

    def text(value: str) -> Value:
        return Value(value, output_field=CharField())

    check_ins = CheckIn.objects.of(runner).since(first_day).until(today).exclude(note="")
    runs = Run.objects.of(runner).since(first_day).until(today).exclude(note="")
    spots = SorenessEntry.objects.of(runner).since(first_day).until(today).exclude(note="")
    marked = Case(When(sit_bone=True, then=text(SIT_BONE)), default="area")
    rows = check_ins.values_list("day", text("check_in"), text(""), "note").union(
        runs.values_list("day", text("run"), text(""), "note"),
        spots.annotate(marked=marked).values_list("day", "marked", "side", "note"),
        all=True,
    )
    known = {(note.day, note.words) for note in told}
    notes = [
        Note(day, note_of(about, side), note)
        for day, about, side, note in rows
        if (day, note) not in known
    ]
    return sorted(notes, key=lambda note: (note.day, say(note.about)))


def note_of(about: str, side: str) -> Said:
    return Said("note.spot", area=about, side=side) if side else Said(f"note.{about}")
