"""What the pages of the self-checks show: when each may be done, and how a result reads."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from guidance.advice.advice import OwnAdvice
from guidance.knowledge import current_knowledge
from guidance.library.entries import entries
from guidance.models import CheckResult as StoredResult
from guidance.rules.catalogue import Band, Check
from guidance.rules.said import Said
from guidance.rules.self_checks import (
    NotNow,
    again_on,
    band_of,
    checks_not_allowed,
    counts_until,
    share_behind,
    side_gap,
    signals_of_check,
    still_counts,
)
from guidance.rules.types import CheckResult
from guidance.saying import number
from runners.formats import capital

SIDES = ("left", "right", "value")
PART_WORDS = {"press": "pressing", "sitting": "sitting"}
WITHOUT_UNIT = frozenset({"choice", "yes_no", "press_and_sitting"})
NBSP = "\N{NO-BREAK SPACE}"


def check_url(check: str) -> str:
    return reverse("guidance:check", args=[entries()[check].slug])


def not_allowed(advice: OwnAdvice) -> Mapping[str, NotNow]:
    """Checks that may not be done today, by id. "One of these" stops them all as a sign does."""
    if advice.stopped_by is None:
        return checks_not_allowed(advice.assessed)
    said = Said("not_now.stopped", day=advice.stopped_by.day)
    return dict.fromkeys(current_knowledge().checks, NotNow((said,)))


def first_side(advice: OwnAdvice) -> str:
    """The side that troubles more goes first; the left one where nobody knows."""
    return "right" if advice.assessment.main_side == "right" else "left"


# The list


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check with its newest result. `not_now` is None where it may be done today."""

    check: Check
    newest: CheckResult | None
    counts: bool
    not_now: NotNow | None
    asked: bool

    @property
    def slug(self) -> str:
        return entries()[self.check.id].slug

    @property
    def result(self) -> str:
        return result_words(self.check, self.newest) if self.newest else ""


def check_lines(advice: OwnAdvice) -> list[CheckLine]:
    """Every check, the one that guidance asks for first."""
    held_back = not_allowed(advice)
    newest: dict[str, CheckResult] = {}
    for result in sorted(advice.history.checks, key=lambda result: result.day):
        newest[result.check] = result
    today = advice.history.today
    lines = [
        CheckLine(
            check=check,
            newest=(done := newest.get(check.id)),
            counts=done is not None and still_counts(done.day, today),
            not_now=held_back.get(check.id),
            asked=check.id == advice.assessment.ask_next,
        )
        for check in current_knowledge().checks.values()
    ]
    return sorted(lines, key=lambda line: not line.asked)


def reason_for_all(lines: list[CheckLine]) -> tuple[Said, ...]:
    """Why no check at all may be done today; empty where one may."""
    first = lines[0].not_now
    same = first is not None and all(line.not_now == first for line in lines)
    return first.why if same and first else ()


# A result


def as_value(row: StoredResult) -> CheckResult:
    return CheckResult(
        row.day, row.check_id, row.left, row.right, row.value, row.felt_left, row.felt_right
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure or word of a result: its side (and part), as it is shown, and its usual range."""

    label: str
    shown: str
    band: Band | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The newest result beside the usual ranges. `ranges` pairs each range with what is in it."""

    result: CheckResult
    ranges: tuple[tuple[Band, tuple[Figure, ...]], ...]
    felt: tuple[str, ...]
    gap: str
    counts: bool
    counts_until: dt.date
    again: dt.date
    says: str


def result_page(check: Check, result: CheckResult, advice: OwnAdvice) -> ResultPage:
    found = list(figures(check, result))
    return ResultPage(
        result=result,
        ranges=tuple(
            (band, tuple(reading for reading in found if reading.band == band))
            for band in check.bands
        ),
        felt=tuple(felt_words(check, result)),
        gap=gap_words(check, result),
        counts=still_counts(result.day, advice.history.today),
        counts_until=counts_until(result.day),
        again=again_on(result.day),
        says=says_for_guidance(check, result, advice),
    )


def figures(check: Check, result: CheckResult) -> Iterator[Figure]:
    for side in SIDES:
        value = getattr(result, side)
        name = "" if side == "value" else capital(side)
        if isinstance(value, Mapping):
            for part, figure in value.items():
                label = f"{name}, {PART_WORDS.get(part, part)}"
                yield Figure(label, number(figure), band_of(check, figure))
        elif value is not None:
            shown = number(value) if isinstance(value, int | float) else ""
            yield Figure(name, shown, band_of(check, value))


def result_words(check: Check, result: CheckResult) -> str:
    """`left 8, right 14 reps`, `left good, right poor`: a whole result in one line."""
    parts = []
    for side in SIDES:
        value = getattr(result, side)
        if isinstance(value, Mapping):
            figures = [f"{number(value[part])} {words}" for part, words in PART_WORDS.items()]
            parts.append(f"{side} {' and '.join(figures)}")
        elif value is not None:
            shown = figure_or_word(check, value)
            parts.append(shown if side == "value" else f"{side} {shown}")
    if check.result in WITHOUT_UNIT:
        return ", ".join(parts)
    return f"{', '.join(parts)}{'' if check.unit == '°' else ' '}{check.unit}"


def figure_or_word(check: Check, value: float | str) -> str:
    if isinstance(value, int | float):
        return number(value)
    band = band_of(check, value)
    return band.word if band else value


def felt_words(check: Check, result: CheckResult) -> Iterator[str]:
    words = {option.value: option.words for option in check.felt}
    for side, felt in (("left", result.felt_left), ("right", result.felt_right)):
        if felt in words:
            yield f"{capital(side)}: {words[felt][:1].lower()}{words[felt][1:]}"


def gap_words(check: Check, result: CheckResult) -> str:
    """What the difference between the sides is worth; empty where it is worth nothing."""
    left, right = result.left, result.right
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return ""
    gap = side_gap(check, left, right)
    if not gap:
        return ""
    if check.result != "reps":
        unit = "°" if check.result == "degrees" else f" {check.unit}"
        return f"The sides are {number(abs(left - right))}{unit} apart, which is worth noting."
    behind, ahead = ("left", "right") if left < right else ("right", "left")
    percent = f"{share_behind(left, right) * 100:.0f}{NBSP}%"
    share = f"The {behind} side stays {percent} behind the {ahead}."
    if gap == "counts":
        return f"{share} From 15{NBSP}% on, that counts."
    return f"{share} Look again next week before making anything of it."


def says_for_guidance(check: Check, result: CheckResult, advice: OwnAdvice) -> str:
    """One line: what the result means for guidance today."""
    if not still_counts(result.day, advice.history.today):
        return "This is older than six weeks: too old to count. A new one would."
    if advice.is_hidden:
        return "A warning sign comes first. Until it is settled, guidance names no cause."
    if not advice.assessment.causes:
        return "It is kept, and counts as soon as something keeps coming back."
    signals = signals_of_check(advice.assessed, check.id)
    fits, against = [], []
    for ranked in advice.assessment.causes:
        name = current_knowledge().causes[ranked.id].name
        name = name[:1].lower() + name[1:]
        if any(line.signal in signals for line in ranked.supports):
            fits.append(name)
        elif any(line.signal in signals for line in ranked.opposes):
            against.append(name)
    said = [f"This fits with: {'; '.join(fits)}."] if fits else []
    said += [f"It speaks against: {'; '.join(against)}."] if against else []
    return " ".join(said) or "By itself this points neither one way nor the other."
