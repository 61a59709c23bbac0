"""How often something may be tried: the numbers stand in `settings.RATE_LIMITS`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import ceil
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.deprecation import MiddlewareMixin

from runners.models import SecurityEventKind, Tries
from runners.web import cannot_save
from runners.web.database_trouble import is_passing
from runners.web.http import Asked, P, View
from runners.web.visitor import network_of, note

ONLY_LOOKS = ("GET", "HEAD", "OPTIONS")
SIGN_IN = ("sign_in", "sign_in_on_known_device")  # where a reset helps
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class TooOften(Exception):
    """The limit of an action is used up. `RateLimitMiddleware` answers it with a 429."""

    def __init__(self, action: str, wait_s: int) -> None:
        super().__init__(action)
        self.action = action
        self.wait_s = wait_s

    @property
    def wait(self) -> dict[str, Any]:
        """For `_wait.html` to say: so many minutes, or hours where it is long."""
        minutes = ceil(self.wait_s / 60)
        if minutes < 2:
            return {"unit": "minute"}
        if minutes < 100:
            return {"unit": "minutes", "count": minutes}
        return {"unit": "hours", "count": ceil(minutes / 60)}

    def told(self, response: HttpResponse) -> HttpResponse:
        """The page as a 429."""
        response.status_code = 429
        response["Retry-After"] = str(self.wait_s)
        return response


@dataclass(frozen=True, slots=True)
class Rate:
    """So many tries in any stretch of so many seconds, for each network, user, address, device."""

    amount: int
    seconds: int
    per: str
    is_kept: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of a text such as "5/10m/address", or "5/m/user/always" where none is given back."""
        amount, time, per, *kept = text.split("/")
        seconds = int(time[:-1] or 1) * SECONDS[time[-1]]
        return cls(int(amount), seconds, per, is_kept=kept == ["always"])


@dataclass(slots=True)
class Taken:
    """One try that was counted. A sign-in that succeeds gives it back."""

    rows: list[tuple[Tries, int]]

    def give_back(self) -> None:
        """One query for each rate, more only where others count at the same moment."""
        for row, at in self.rows:
            current: Tries | None = row
            while current is not None and at in current.at:
                rest = list(current.at)
                rest.remove(at)
                if _changed(current, rest, current.expires_at):
                    break
                current = Tries.objects.filter(pk=row.pk).first()


def take(request: HttpRequest, action: str, **whose: str) -> Taken:
    """Count one try. Raises TooOften if any rate of the action is used up; then nothing counts.

    `whose` names the address or device for rates that are per those. One query to look, and one
    more for each rate that counts; under contention they are repeated, and nobody ever waits.
    """
    rates = {
        _key(request, action, rate, whose): rate
        for rate in map(Rate.parse, filter(None, settings.RATE_LIMITS.get(action, "").split(",")))
    }
    rows = {row.key: row for row in Tries.objects.filter(key__in=rates)} if rates else {}
    now = timezone.now()
    taken = Taken([])
    waits = [_wait_s(rows.get(key), rate, now) for key, rate in rates.items()]
    if any(waits):
        raise TooOften(action, max(waits))
    for key, rate in rates.items():
        counted = _count(key, rate, rows.get(key), now)
        if counted is None:
            taken.give_back()
            raise TooOften(action, _wait_s(Tries.objects.filter(key=key).first(), rate, now) or 1)
        if not rate.is_kept:
            taken.rows.append((counted, _ms(now)))
    return taken


def _key(request: HttpRequest, action: str, rate: Rate, whose: dict[str, str]) -> str:
    if rate.per == "network":
        who = network_of(request)
    elif rate.per == "user":
        who = str(request.user.pk)
    else:
        who = whose[rate.per]
    return salted_hmac(action, f"{rate} {who}", algorithm="sha256").hexdigest()


def _ms(instant: dt.datetime) -> int:
    return int(instant.timestamp() * 1000)


def _recent(row: Tries | None, rate: Rate, now: dt.datetime) -> list[int]:
    """Those that still count, oldest first.

    What is far ahead of now comes from a clock that was wrong for a while, and counts no more
    than what is long past; a little ahead are those who read the clock a moment later.
    """
    times = [] if row is None else row.at
    return sorted(at for at in times if abs(_ms(now) - at) < rate.seconds * 1000)


def _wait_s(row: Tries | None, rate: Rate, now: dt.datetime) -> int:
    """Until the oldest of too many counts no longer; 0 if there is room."""
    recent = _recent(row, rate, now)
    if len(recent) < rate.amount:
        return 0
    frees_at = recent[-rate.amount] + rate.seconds * 1000
    return max(1, ceil((frees_at - _ms(now)) / 1000))


def _count(key: str, rate: Rate, row: Tries | None, now: dt.datetime) -> Tries | None:
    """The row with one more try in it; None if others were quicker and it is full."""
    expires_at = now + dt.timedelta(seconds=rate.seconds)
    while not _wait_s(row, rate, now):
        times = [*_recent(row, rate, now), _ms(now)]
        if row is None:
            try:
                with transaction.atomic():
                    return Tries.objects.create(key=key, at=times, expires_at=expires_at)
            except IntegrityError:  # somebody else made it a moment ago
                pass
        elif _changed(row, times, expires_at):
            return row
        row = Tries.objects.filter(key=key).first()
    return None


def _changed(row: Tries, times: list[int], expires_at: dt.datetime) -> bool:
    """Write the row if nobody else has since it was read: no lock, so nothing can deadlock."""
    changes = {"at": times, "expires_at": expires_at}
    unchanged = Tries.objects.filter(pk=row.pk, version=row.version)
    if not unchanged.update(**changes, version=F("version") + 1):
        return False
    row.at, row.expires_at, row.version = times, expires_at, row.version + 1
    return True


def rate_limited(
    action: str,
    *,
    looks_too: bool = False,
    instead: Callable[[Any, TooOften], HttpResponse] | None = None,
) -> Callable[[View[Asked, P]], View[Asked, P]]:
    """Answers 429 for what comes too often. `looks_too`: a GET counts as well.

    `instead` gives a page of its own, such as one that keeps what was typed.
    """

    def limited(view: View[Asked, P]) -> View[Asked, P]:
        @wraps(view)
        def wrapper(request: Asked, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if looks_too or request.method not in ONLY_LOOKS:
                try:
                    take(request, action)
                except TooOften as too_often:
                    return too_often.told((instead or too_often_page)(request, too_often))
            return view(request, *args, **kwargs)

        return wrapper

    return limited


class RateLimitMiddleware(MiddlewareMixin):
    """Counts what is posted to allauth's pages, by their names, and says how long to wait."""

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        action = request.resolver_match.url_name if request.resolver_match else None
        if action not in settings.RATE_LIMITS or request.method in ONLY_LOOKS:
            return None
        try:
            take(request, action, address=as_counted(request.POST.get("email", "")))
        except TooOften as too_often:
            person = request.user if request.user.is_authenticated else None
            note(SecurityEventKind.MADE_TO_WAIT, request, person)
            return too_often_page(request, too_often)
        except DatabaseError as problem:
            if not is_passing(problem):
                raise
            return cannot_save.answer(request)
        return None

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        return too_often_page(request, problem) if isinstance(problem, TooOften) else None


def as_counted(email: str) -> str:
    """One address, however it is typed: sign-in takes any case and spaces around it."""
    return email.strip().lower()


def too_often_page(request: HttpRequest, problem: TooOften) -> HttpResponse:
    resets = problem.action in SIGN_IN and not request.user.is_authenticated
    context = {"wait": problem.wait, "resets": resets}
    return problem.told(render(request, "429.html", context))
