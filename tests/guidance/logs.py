"""Small histories to reason about: every day counts back from one fixed day."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from guidance.advice.history import known_running
from guidance.knowledge import current_knowledge
from guidance.rules import assess
from guidance.rules.facts import Facts, read_facts
from guidance.rules.signals.weighing import find_signals
from guidance.rules.types import (
    Answer,
    Assessment,
    CheckResult,
    FlagAnswer,
    History,
    Kind,
    PlanInForce,
    RemedyDone,
    Run,
    RunKind,
    Side,
    SignalFound,
    Soreness,
    Timing,
)

TODAY = dt.date(2026, 11, 23)
WEEKLY = (26, 22, 19, 15, 12, 8, 5, 1)  # a habit: eight days in four weeks


def day(ago: int) -> dt.date:
    return TODAY - dt.timedelta(ago)


def spot(
    ago: int,
    intensity: int = 4,
    *,
    area: str = "hamstring",
    side: Side = "left",
    kind: Kind = "tightness",
    timing: Timing = "next_morning",
    onset_min: int | None = None,
    sit_bone: bool = False,
) -> Soreness:
    return Soreness(day(ago), area, side, kind, intensity, timing, onset_min, sit_bone)


def spots(
    agos: Iterable[int],
    intensity: int = 4,
    *,
    area: str = "hamstring",
    side: Side = "left",
    kind: Kind = "tightness",
    timing: Timing = "next_morning",
) -> tuple[Soreness, ...]:
    return tuple(
        spot(ago, intensity, area=area, side=side, kind=kind, timing=timing) for ago in agos
    )


def both(agos: Iterable[int], left: int = 4, right: int = 4) -> tuple[Soreness, ...]:
    agos = tuple(agos)
    return (*spots(agos, left, side="left"), *spots(agos, right, side="right"))


def run(
    ago: int,
    km: float | None = 8,
    *,
    kind: RunKind | None = "easy",
    effort: int | None = 3,
    minutes: float = 48,
    onset_min: int | None = None,
    hour: float = 12.0,
) -> Run:
    distance_m = None if km is None else round(km * 1000)
    return Run(day(ago), distance_m, round(minutes * 60), effort, kind, onset_min, hour)


def steady_runs(days: int = 42) -> tuple[Run, ...]:
    """An easy run of 8 km every second day."""
    return tuple(run(ago) for ago in range(days, 0, -2))


def said(question: str, value: str | float | tuple[str, ...] | None, ago: int = 0) -> Answer:
    return Answer(day(ago), f"ask:{question}", value)


def yes(flag: str, ago: int = 0, *, area: str = "", since: int | None = None) -> FlagAnswer:
    return FlagAnswer(day(ago), f"flag:{flag}", True, None if since is None else day(since), area)


def all_no(ago: int = 0, *, but: Iterable[str] = ()) -> tuple[FlagAnswer, ...]:
    asked = [flag.id for flag in current_knowledge().flags.values() if flag.asked]
    left_out = {f"flag:{name}" for name in but}
    return tuple(FlagAnswer(day(ago), flag, False) for flag in asked if flag not in left_out)


def check(
    name: str,
    left: float | str | Mapping[str, float] | None = None,
    right: float | str | Mapping[str, float] | None = None,
    *,
    value: float | str | None = None,
    felt: tuple[str, str] = ("", ""),
    ago: int = 5,
) -> CheckResult:
    return CheckResult(day(ago), f"check:{name}", left, right, value, felt[0], felt[1])


def done(agos: Iterable[int], remedy: str) -> tuple[RemedyDone, ...]:
    return tuple(RemedyDone(day(ago), f"remedy:{remedy}") for ago in agos)


def history(
    soreness: Iterable[Soreness] = (),
    *,
    clear: Iterable[int] = (),
    partial: Iterable[int] = (),
    runs: Iterable[Run] = (),
    run_before: int | None = None,
    logged: Iterable[int] = (),
    checks: Iterable[CheckResult] = (),
    answers: Iterable[Answer] = (),
    flag_answers: Iterable[FlagAnswer] = (),
    remedies: Iterable[RemedyDone] = (),
    plan: PlanInForce | None = None,
    age: int | None = None,
) -> History:
    """`clear` and `partial` are days ago; days with a spot are full check-ins unless partial.

    `logged` are days ago with a log that is not in the history.
    """
    soreness = tuple(soreness)
    days = dict.fromkeys([*(s.day for s in soreness), *(day(ago) for ago in clear)], False)
    days |= {day(ago): True for ago in partial}
    of = History(
        today=TODAY,
        soreness=soreness,
        check_in_days=days,
        runs=tuple(runs),
        run_before=None if run_before is None else day(run_before),
        checks=tuple(checks),
        remedies_done=tuple(remedies),
        answers=tuple(answers),
        flag_answers=tuple(flag_answers),
        plan=plan,
        age=age,
    )
    return replace(of, known_running=known_running(of, map(day, logged)))


def facts(of: History) -> Facts:
    return read_facts(of, current_knowledge())


def patterns(of: History, kind: str) -> list[tuple[str, str]]:
    """Area and side of each pattern of a kind that is found."""
    return [(p.area, p.side) for p in facts(of).patterns if p.id == f"pattern:{kind}"]


def signals(of: History) -> dict[str, SignalFound]:
    return {found.id.removeprefix("sig:"): found for found in find_signals(facts(of))}


def assessed(of: History) -> Assessment:
    return assess(of, current_knowledge()).assessment


def offers(of: Assessment) -> list[str]:
    return [offer.remedy.removeprefix("remedy:") for offer in of.recommend]
