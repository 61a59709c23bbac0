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

KEPT = dt.timedelta(days=1)  # a form left open longer asks for the file again


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the runner does not type. `day` is the local date at the start.

    `duration_s` and `distance_m` stand in the form, where the runner may change them; None also
    where the form was opened before they were kept. `doubt` is that of the Activity: what has to
    be answered with yes before it is saved.
    """

    source: str
    fingerprint: str
    day: dt.date | None
    started_at: dt.datetime | None
    climb_m: int | None
    elapsed_s: int | None = None
    utc_offset_s: int | None = None
    doubt: str | None = None
    profile: list[list[int | None]] | None = None
    duration_s: int | None = None
    distance_m: float | None = None

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
            profile=None if activity.profile is None else [[*point] for point in activity.profile],
            duration_s=activity.duration_s,
            distance_m=activity.distance_m,
        )

    def local_start(self, runner: User) -> dt.datetime | None:
        return local_start(self.started_at, self.utc_offset_s, home=runner.tz)

    def sealed(self, *, runner: User) -> str:
        return signing.dumps(self.to_json(), salt=_salt(runner), compress=True)

    @classmethod
    def opened(cls, token: str, *, runner: User) -> Self:
        """Raises BadSignature for a token that is old, changed or another runner's."""
        return cls.from_json(signing.loads(token, salt=_salt(runner), max_age=KEPT))

    def to_json(self) -> dict[str, Any]:
        day, started_at = self.day, self.started_at
        instants = {"day": day and str(day), "started_at": started_at and str(started_at)}
        return {**asdict(self), **instants}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        day, started_at = facts["day"], facts["started_at"]
        instants = {
            "day": day and dt.date.fromisoformat(day),
            "started_at": started_at and dt.datetime.fromisoformat(started_at),
        }
        return cls(**{**facts, **instants})


def local_day(activity: Activity, *, runner: User) -> dt.date | None:
    """The date where it was run if the file says so, else the runner's own."""
    start = local_start(activity.started_at, activity.utc_offset_s, home=runner.tz)
    return start.date() if start else None


def _salt(runner: User) -> str:
    return f"runners.run-file.{runner.pk}"
