"""What a watch's file says of a run, on its way from the upload to the save.

The runner sees and changes day, distance, duration and effort in the form. The rest travels in
one hidden field, signed and bound to the runner, so that nothing is stored before Save.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.core import signing

from runners.activity_files import Activity
from runners.clock import local_start
from runners.models import User
from runners.runs.queries import possible_days
from runners.runs.same_run import RunFacts

KEPT = dt.timedelta(days=1)  # a form left open longer asks for the file again


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the runner does not type. `day` is the local date at the start.

    `doubt` is that of the Activity: what has to be answered with yes before it is saved.
    """

    source: str
    fingerprint: str
    day: dt.date | None
    started_at: dt.datetime | None
    climb_m: int | None
    elapsed_s: int | None = None
    utc_offset_s: int | None = None
    doubt: str | None = None

    @classmethod
    def of(cls, activity: Activity, *, runner: User) -> Self:
        return cls(
            source=activity.format,
            fingerprint=activity.fingerprint,
            day=local_day(activity, runner=runner),
            started_at=activity.started_at,
            climb_m=activity.climb_m,
            elapsed_s=activity.elapsed_s,
            utc_offset_s=activity.utc_offset_s,
            doubt=activity.doubt,
        )

    def local_start(self, runner: User) -> dt.datetime | None:
        return local_start(self.started_at, self.utc_offset_s, home=runner.tz)

    def sealed(self, *, runner: User) -> str:
        return signing.dumps(self.to_json(), salt=_salt(runner))

    @classmethod
    def opened(cls, token: str, *, runner: User) -> Self:
        """Raises BadSignature for a token that is old, changed or another runner's."""
        return cls.from_json(signing.loads(token, salt=_salt(runner), max_age=KEPT))

    def to_json(self) -> dict[str, Any]:
        texts = {name: value and str(value) for name, value in asdict(self).items()}
        numbers = {name: getattr(self, name) for name in ("climb_m", "elapsed_s", "utc_offset_s")}
        return {**texts, **numbers}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        day, started_at = facts["day"], facts["started_at"]
        return cls(
            source=facts["source"],
            fingerprint=facts["fingerprint"],
            day=dt.date.fromisoformat(day) if day else None,
            started_at=dt.datetime.fromisoformat(started_at) if started_at else None,
            climb_m=facts["climb_m"],
            # Not in forms that were opened before these were kept.
            elapsed_s=facts.get("elapsed_s"),
            utc_offset_s=facts.get("utc_offset_s"),
            doubt=facts.get("doubt"),
        )


def facts_of_file(activity: Activity, *, runner: User) -> RunFacts:
    """To be compared with the runs that are there."""
    day = local_day(activity, runner=runner)
    return RunFacts(
        days=possible_days(runner, day, activity.started_at),
        started_at=activity.started_at,
        duration_s=activity.duration_s,
        elapsed_s=activity.elapsed_s,
        distance_m=activity.distance_m,
        fingerprint=activity.fingerprint,
    )


def local_day(activity: Activity, *, runner: User) -> dt.date | None:
    """The date where it was run if the file says so, else the runner's own."""
    start = local_start(activity.started_at, activity.utc_offset_s, home=runner.tz)
    return start.date() if start else None


def _salt(runner: User) -> str:
    return f"runners.run-file.{runner.pk}"
