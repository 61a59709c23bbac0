"""What the pages of the self-checks show: when each may be done, and how a result reads."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from guidance.advice.advice import OwnAdvice
from guidance.knowledge import current_knowledge
from guidance.library.entries import Entry, entries
from guidance.rules.catalogue import Band, Check
from guidance.rules.plan.not_now import NotNow, again_on
from guidance.rules.said import Said, Value
from guidance.rules.self_checks import (
    band_of,
    checks_not_allowed,
    counts_until,
    share_behind,
    side_gap,
    signals_of_check,
    still_counts,
)
from guidance.rules.types import CheckResult

SIDES = ("left", "right", "value")
WITHOUT_UNIT = frozenset({"choice", "yes_no", "press_and_sitting"})


def check_url(check: str) -> str:
    return reverse("guidance:check", args=[entries()[check].slug])


def not_allowed(advice: OwnAdvice) -> Mapping[str, NotNow]:
    """Checks that may not be done today, by id. "One of these" stops them all as a sign does."""
    if advice.stopped_by is None:
        return checks_not_allowed(advice.assessed)
    said = Said("not_now.stopped", day=advice.stopped_by.day)
    return dict.fromkeys(current_knowledge().checks, NotNow((said,)))


def asked_first(entry: Entry) -> tuple[Said, ...]:
    """What speaks against doing a check now: its own, then what holds for all, each once."""
    own = entry.thing.blocks if isinstance(entry.thing, Check) else ()
    keys = [*(block.says for block in own), *current_knowledge().words["check_first"]]
    return tuple(Said(key) for key in dict.fromkeys(keys))


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
    def result(self) -> Said | None:
        return result_said(self.check, self.newest) if self.newest else None


def check_lines(advice: OwnAdvice) -> list[CheckLine]:
    """Every check, the one that guidance asks for first; a retired one where it was done."""
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
        if not check.retired or check.id in newest
    ]
    return sorted(lines, key=lambda line: (line.check.retired, not line.asked))


def reason_for_all(lines: list[CheckLine]) -> tuple[Said, ...]:
    """Why no check at all may be done today; empty where one may."""
    first = lines[0].not_now
    offered = [line for line in lines if not line.check.retired]
    same = first is not None and all(line.not_now == first for line in offered)
    return first.why if same and first else ()


# A result


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a result, or a word, which has no `number`: with its usual range.

    `of` is a side, a side and a part (`left_press`), or "value" where there are no sides.
    """

    of: str
    number: Said | None
    band: Band | None

    @property
    def label(self) -> Said | None:
        return None if self.of == "value" else Said(f"figure.{self.of}")


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The newest result beside the usual ranges. `ranges` pairs each range with what is in it."""

    result: CheckResult
    ranges: tuple[tuple[Band, tuple[Figure, ...]], ...]
    felt: tuple[Said, ...]
    gap: Said | None
    counts: bool
    counts_until: dt.date
    again: dt.date
    says: Said


def result_page(check: Check, result: CheckResult, advice: OwnAdvice) -> ResultPage:
    found = list(figures(check, result))
    return ResultPage(
        result=result,
        ranges=tuple(
            (band, tuple(reading for reading in found if reading.band == band))
            for band in check.bands
        ),
        felt=tuple(felt_said(check, result)),
        gap=gap_said(check, result),
        counts=still_counts(result.day, advice.history.today),
        counts_until=counts_until(result.day),
        again=again_on(result.day),
        says=says_for_guidance(check, result, advice),
    )


def figures(check: Check, result: CheckResult) -> Iterator[Figure]:
    for side in SIDES:
        value = getattr(result, side)
        if isinstance(value, Mapping):
            for part, figure in value.items():
                yield Figure(f"{side}_{part}", figure_said(figure), band_of(check, figure))
        elif value is not None:
            yield Figure(side, figure_said(value), band_of(check, value))


def figure_said(value: float | str) -> Said | None:
    return Said("result.value", value=value) if isinstance(value, int | float) else None


def result_said(check: Check, result: CheckResult) -> Said:
    """`left 8, right 14 reps`, `left good, right poor`: a whole result in one line."""
    said = without_unit(check, result)
    return said if check.result in WITHOUT_UNIT else with_unit(check, said)


def without_unit(check: Check, result: CheckResult) -> Said:
    if not check.both_sides:
        return Said("result.value", value=side_said(check, result.value))
    left, right = (side_said(check, value) for value in (result.left, result.right))
    return Said("result.sides", left=left, right=right)


def with_unit(check: Check, said: Said) -> Said:
    key = "result.degrees" if check.result == "degrees" else "result.unit"
    return Said(key, result=said, unit=check.unit)


def side_said(check: Check, value: Mapping[str, float] | float | str | None) -> Value:
    """The parts of one side, its figure, or the word for what was seen."""
    if isinstance(value, Mapping):
        return Said("result.press_and_sitting", **value)
    if isinstance(value, str):
        band = band_of(check, value)
        return band.word if band else value
    return value


def felt_said(check: Check, result: CheckResult) -> Iterator[Said]:
    words = {option.value: option.words for option in check.felt}
    for side, felt in (("left", result.felt_left), ("right", result.felt_right)):
        if felt in words:
            yield Said(f"felt.{side}", where=words[felt])


def gap_said(check: Check, result: CheckResult) -> Said | None:
    """What the difference between the sides is worth; None where it is worth nothing."""
    left, right = result.left, result.right
    if not (isinstance(left, int | float) and isinstance(right, int | float)):
        return None
    gap = side_gap(check, left, right)
    if not gap:
        return None
    if check.result != "reps":
        return Said(f"gap.apart_{check.result}", gap=abs(left - right))
    behind = "left" if left < right else "right"
    return Said(f"gap.{gap}_{behind}", percent=round(share_behind(left, right) * 100))


def says_for_guidance(check: Check, result: CheckResult, advice: OwnAdvice) -> Said:
    """One line: what the result means for guidance today."""
    if not still_counts(result.day, advice.history.today):
        return Said("check.too_old")
    if advice.is_hidden:
        return Said("check.sign_first")
    if not advice.assessment.causes:
        return Said("check.nothing_returns")
    signals = signals_of_check(advice.assessed, check.id)
    fits: list[Said] = []
    against: list[Said] = []
    for ranked in advice.assessment.causes:
        if any(line.signal in signals for line in ranked.supports):
            fits.append(Said("name.within", id=ranked.id))
        elif any(line.signal in signals for line in ranked.opposes):
            against.append(Said("name.within", id=ranked.id))
    key = {
        (True, True): "check.fits_and_against",
        (True, False): "check.fits",
        (False, True): "check.against",
        (False, False): "check.neither",
    }[bool(fits), bool(against)]
    return Said(key, fits=tuple(fits), against=tuple(against))
