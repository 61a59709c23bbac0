"""What of a typed run may be a slip, seen against the runs that the runner has."""

from dataclasses import dataclass

from django.db.models import Count, FloatField, Max
from django.db.models.functions import Cast

from runners.models import Run, User
from runners.web.really import Question

QUESTIONS = "runners/runs/_questions.html#"
RUNS_BEFORE = 10  # fewer say little about what is usual
TIMES_AS_LONG = 2
PERCENT_FASTER = 25


@dataclass(frozen=True, slots=True)
class Best:
    """The longest and fastest of a runner. None where fewer than `RUNS_BEFORE` say it."""

    distance_m: int | None
    duration_s: int | None
    metres_per_s: float | None


def best_of(runner: User, *, but: Run | None = None) -> Best:
    """1 query."""
    runs = Run.objects.of(runner)
    if but is not None:
        runs = runs.exclude(pk=but.pk)
    speed = Cast("distance_m", FloatField()) / Cast("duration_s", FloatField())
    sums = runs.aggregate(
        timed=Count("pk"),
        measured=Count("distance_m"),
        longest_m=Max("distance_m"),
        longest_s=Max("duration_s"),
        fastest=Max(speed),
    )
    timed, measured = (sums[name] >= RUNS_BEFORE for name in ("timed", "measured"))
    return Best(
        distance_m=sums["longest_m"] if measured else None,
        duration_s=sums["longest_s"] if timed else None,
        metres_per_s=sums["fastest"] if measured else None,
    )


def slips(distance_m: int | None, duration_s: int, *, best: Best, units: str) -> list[Question]:
    return [
        *_longer("distance", distance_m, best.distance_m, units),
        *_longer("time", duration_s, best.duration_s, units),
        *_faster(distance_m, duration_s, best.metres_per_s, units),
    ]


def _longer(what: str, new: int | None, longest: int | None, units: str) -> list[Question]:
    if new is None or longest is None or new < longest * TIMES_AS_LONG:
        return []
    fields = {"times": new // longest, "longest": longest, "units": units}
    return [Question(f"{what} {new}", f"{QUESTIONS}{what}", fields)]


def _faster(
    distance_m: int | None, duration_s: int, fastest: float | None, units: str
) -> list[Question]:
    if distance_m is None or fastest is None:
        return []
    percent = round((distance_m / duration_s / fastest - 1) * 100, 6)
    if percent < PERCENT_FASTER:
        return []
    fields = {"percent": int(percent), "fastest": 1000 / fastest, "units": units}
    return [Question(f"pace {distance_m} m {duration_s} s", f"{QUESTIONS}pace", fields)]
