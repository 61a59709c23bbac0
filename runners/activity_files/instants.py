"""Instants in seconds since 1970 (UTC), and which of them can be a date at all."""

import datetime as dt
from dataclasses import dataclass

from runners.clock import WIDEST_OFFSET_S

# A clock that was never set begins in 1970, 1980, 1989 or 2000, and adds the hours since it was
# switched on. The first running watch with GPS is of 2003.
EARLIEST = dt.datetime(2001, 1, 1, tzinfo=dt.UTC).timestamp()
# Damage makes dates such as 2085. A day that is merely in the future is the form's business.
LATEST = dt.datetime(2070, 1, 1, tzinfo=dt.UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Moment:
    """`utc_offset_s` is None where the file does not say it, or says 0, which is also just UTC."""

    at: float
    utc_offset_s: int | None


def moment(text: str) -> Moment | None:
    """Read a time of GPX or TCX; without a zone it is UTC, as both formats ask for."""
    try:
        when = dt.datetime.fromisoformat(text.strip())
        if when.tzinfo is None:
            when = when.replace(tzinfo=dt.UTC)
        return Moment(when.timestamp(), offset_s(when.utcoffset()))
    except (ValueError, OverflowError):
        return None


def offset_s(offset: dt.timedelta | None) -> int | None:
    """In whole seconds, or None where it says nothing."""
    seconds = int(offset.total_seconds()) if offset else 0
    return seconds if 0 < abs(seconds) <= WIDEST_OFFSET_S else None


def date_of(at: float | None) -> dt.datetime | None:
    """The instant, or None where it cannot be the date of a run."""
    if at is None or not EARLIEST <= at < LATEST:
        return None
    return dt.datetime.fromtimestamp(at, dt.UTC)


class Span:
    """From the first to the last of many instants, in any order.

    Those that cannot be a date count only where there are no others: then they still tell
    how long it took, though not when.
    """

    def __init__(self) -> None:
        self._dated: tuple[float, float] | None = None
        self._undated: tuple[float, float] | None = None

    def note(self, at: float) -> None:
        if EARLIEST <= at < LATEST:
            self._dated = _stretched(self._dated, at)
        else:
            self._undated = _stretched(self._undated, at)

    @property
    def start(self) -> float | None:
        return self._dated[0] if self._dated else None

    @property
    def end(self) -> float | None:
        return self._dated[1] if self._dated else None

    @property
    def length_s(self) -> float | None:
        span = self._dated or self._undated
        return span[1] - span[0] if span else None


def _stretched(span: tuple[float, float] | None, at: float) -> tuple[float, float]:
    return (at, at) if span is None else (min(span[0], at), max(span[1], at))
