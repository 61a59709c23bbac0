"""What somebody logs, in a few numbers, and the rows that come of it.

Runs keep to days of the week, as training does; everything else counts back from the last day,
so that the same shape means the same on whichever day it is loaded.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin

from runners.body.areas import SorenessKind, Timing
from runners.body.body_map import PLACE_BY_ID
from runners.models import CheckIn, Run, RunKind, SorenessEntry, User

WEEKS = 16
EVERY_DAY = "xxxxxxx"
# Three weeks up and an easy one: what a week holds of the usual distance.
WAVE = (1.0, 1.04, 1.08, 0.86)
EXTRA_HOUR = 12  # of a run beside the usual one, which is in the morning or in the evening


@dataclass(frozen=True, slots=True)
class Letter:
    """A run of the week: its share of the distance, its effort, and seconds per km more."""

    kind: str
    share: float
    effort: int | None
    slower: int


LETTERS = {
    "e": Letter(RunKind.EASY, 1.0, 3, 0),
    "t": Letter(RunKind.TEMPO, 1.1, 7, -42),
    "i": Letter(RunKind.INTERVALS, 1.0, 8, -55),
    "h": Letter(RunKind.HILLS, 0.9, 7, 12),
    "L": Letter(RunKind.LONG, 2.0, 5, 8),
    "?": Letter("", 1.0, None, 3),  # neither kind nor effort noted
}


@dataclass(frozen=True, slots=True)
class Running:
    """A letter for each day from Monday on, a dot for none; kilometres of the whole week."""

    week: str
    km: float
    pace: int  # seconds per km of an easy run
    start: int = 7  # hour of the day

    def letter(self, day: dt.date) -> Letter | None:
        return LETTERS.get(self.week[day.weekday()])

    def km_of(self, letter: Letter) -> float:
        return self.km * letter.share / sum(LETTERS[one].share for one in self.week if one != ".")


@dataclass(frozen=True, slots=True)
class Bout:
    """A place that is felt every few days, from so many days ago to so many, more or less."""

    place: str
    kind: SorenessKind
    timing: Timing
    days: tuple[int, int]  # days ago, the earlier first
    every: int
    felt: tuple[float, float]  # at first and at last

    def felt_on(self, ago: int) -> int:
        """0 where it is not felt on that day."""
        first, last = self.days
        if not last <= ago <= first or (first - ago) % self.every:
            return 0
        gone = (first - ago) / max(first - last, 1)
        return round(self.felt[0] + gone * (self.felt[1] - self.felt[0]))

    def entry(self, check_in: CheckIn, ago: int) -> SorenessEntry:
        return SorenessEntry.at(
            PLACE_BY_ID[self.place],
            check_in=check_in,
            kind=self.kind,
            timing=self.timing,
            intensity=self.felt_on(ago),
        )


def tight(place: str, first: int, last: int, every: int, felt: tuple[float, float]) -> Bout:
    return Bout(place, SorenessKind.TIGHTNESS, Timing.NEXT_MORNING, (first, last), every, felt)


def sore(place: str, first: int, last: int, every: int, felt: tuple[float, float]) -> Bout:
    return Bout(place, SorenessKind.SORENESS, Timing.AFTER, (first, last), every, felt)


def pain(place: str, ago: int, felt: int) -> Bout:
    """Once, in a run."""
    return Bout(place, SorenessKind.PAIN, Timing.DURING, (ago, ago), 1, (felt, felt))


@dataclass(frozen=True, slots=True)
class Shape:
    """All that one athlete logs. `checks` marks the days of the week with a check-in.

    `silent` is how many days ago the last log was, `extra` runs beside the usual ones as days
    ago, letter and kilometres, `said` what stands beside a check-in.
    """

    running: Running
    checks: str = EVERY_DAY
    bouts: tuple[Bout, ...] = ()
    silent: int = 0
    weeks: int = WEEKS
    extra: tuple[tuple[int, str, float], ...] = ()
    said: tuple[tuple[int, str], ...] = ()

    @property
    def agos(self) -> range:
        """The days ago on which something may be logged, oldest first."""
        return range(self.weeks * 7 - 1, self.silent - 1, -1)


def runs_of(athlete: User, shape: Shape, now: dt.datetime) -> Iterator[Run]:
    """The runs that have begun by now: today's may be yet to come."""
    today = athlete.local_day(now)
    for ago in shape.agos:
        day = today - dt.timedelta(days=ago)
        letter = shape.running.letter(day)
        if letter:
            week = (day.toordinal() - 1) // 7 + len(athlete.name)  # not all rest in one week
            km = shape.running.km_of(letter) * WAVE[week % len(WAVE)]
            yield from _begun(a_run(athlete, shape.running, day, letter, km), now)
        for extra_ago, extra, km in shape.extra:
            if extra_ago == ago:
                yield a_run(athlete, shape.running, day, LETTERS[extra], km, hour=EXTRA_HOUR)


def _begun(run: Run, now: dt.datetime) -> list[Run]:
    return [run] if run.started_at and run.started_at <= now else []


def a_run(
    athlete: User, running: Running, day: dt.date, letter: Letter, km: float, *, hour: int = 0
) -> Run:
    start = dt.time(hour or running.start, (day.toordinal() * 7) % 60)
    return Run(
        runner=athlete,
        day=day,
        started_at=dt.datetime.combine(day, start, athlete.tz),
        kind=letter.kind,
        distance_m=round(km * 100) * 10,
        duration_s=round(km * (running.pace + letter.slower)),
        effort=letter.effort,
    )


def along(km: float, pace: int) -> list[list[int]]:
    """Pace and height of a run in 40 stretches, as a watch's file tells them: two hills."""
    hills = [sin(n / 40 * 4 * pi) for n in range(41)]
    return [
        [
            round(km * 25 * n),
            round(pace + 60 * (hills[n] - hills[n - 1]) + 8 * sin(n)),
            round(60 + 14 * hills[n]),
        ]
        for n in range(1, 41)
    ]


def check_ins_of(
    athlete: User, shape: Shape, now: dt.datetime
) -> Iterator[tuple[CheckIn, list[SorenessEntry]]]:
    """A check-in on its days of the week, and wherever something is felt or said."""
    today = athlete.local_day(now)
    said = dict(shape.said)
    for ago in shape.agos:
        day = today - dt.timedelta(days=ago)
        felt = [bout for bout in shape.bouts if bout.felt_on(ago)]
        if felt or ago in said or shape.checks[day.weekday()] == "x":
            check_in = CheckIn(runner=athlete, day=day, note=said.get(ago, ""))
            yield check_in, [bout.entry(check_in, ago) for bout in felt]
