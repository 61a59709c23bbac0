"""The one seam from logs to guidance.

`settings.RENEW_STANDINGS` names the function that writes `Standing` rows, and beside each the
`SharedStanding` of every coach who may read the runner. It takes runners and a day (None: each
runner's own local day) and reads and writes with a fixed number of queries. `settings.SAY`
names the function that puts what is in them into words, `settings.MADE_WITH` the one that tells
of which rules a row is: those of other rules are stale.
"""

import datetime as dt
import logging
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from runners import access
from runners.models import CoachLink, SharedStanding, Standing, User
from runners.models.rows import RowGone
from runners.models.standing import standing_of, standing_read
from runners.prepared import prepared, together
from runners.web.database_trouble import is_passing

BATCH = 200  # runners whose history is in memory at a time
AT_ONCE = 50  # lines of a roster that a page waits for, though nothing was changed: about 0.2 s

logger = logging.getLogger(__name__)


def say(said: Mapping[str, Any] | None, *, units: str, about: bool = False) -> str:
    """The words of a headline or a reason: to the runner, or about the athlete to a coach."""
    return str(import_string(settings.SAY)(said, about=about, units=units))


def renew(runners: Iterable[User], day: dt.date | None = None) -> None:
    import_string(settings.RENEW_STANDINGS)(list(runners), day)


def renew_all_stale() -> int:
    """Everybody whose own row is stale, or what a coach is shown of whom; says how many."""
    keys = list(_stale_runners().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        renew(User.objects.filter(pk__in=keys[start : start + BATCH]))
    return len(keys)


def _stale_runners() -> QuerySet[User]:
    """As `is_stale` and `is_line_stale` have it, each by the day where they live. 1 query more."""
    now = timezone.now()
    zones_of: dict[dt.date, list[str]] = defaultdict(list)
    for zone in User.objects.order_by().values_list("time_zone", flat=True).distinct():
        zones_of[now.astimezone(zoneinfo.ZoneInfo(zone)).date()].append(zone)
    stale = Q(standing__valid_until__isnull=True) | ~Q(standing__made_with=made_with())
    for day, zones in zones_of.items():  # three days at most
        is_of_another = Q(standing__valid_until__lte=day) | Q(standing__as_of__gt=day)
        stale |= Q(time_zone__in=zones) & is_of_another
    lines = access.open_links().filter(is_shared_stale(now, made_with()))
    stale |= Q(pk__in=lines.values("athlete"))
    return User.objects.filter(stale, welcomed_at__isnull=False)


def renew_after_change(runner: User) -> None:
    """Mark the rows stale now, renew them once the change is safely stored.

    For a change of a log, of the settings, of a link's switches, and for a link that begins.
    `robust`: should the renewal fail, the save stands, and the next look renews.
    """
    Standing.objects.of(runner).update(valid_until=None, changes=F("changes") + 1)
    SharedStanding.objects.filter(
        link__athlete=runner, link__ended_at__isnull=True, fresh_until__isnull=False
    ).update(fresh_until=None)
    transaction.on_commit(lambda: _renew_if_it_can_be_written(runner), robust=True)


def _renew_if_it_can_be_written(runner: User) -> bool:
    try:
        renew([runner])
    except DatabaseError as problem:
        if not is_passing(problem):
            raise
        return False
    return True


def made_with() -> str:
    """The digest of the rules, and of the data of the knowledge, that rows are made with now."""
    return str(import_string(settings.MADE_WITH)())


def is_stale(standing: Standing, today: dt.date) -> bool:
    until = standing.valid_until
    is_of_today = until is not None and standing.as_of <= today < until
    return not is_of_today or standing.made_with != made_with()


def is_line_stale(line: SharedStanding, now: dt.datetime) -> bool:
    is_fresh = line.fresh_until is not None and line.fresh_until > now
    return not is_fresh or line.made_with != made_with()


def current(runner: User) -> Standing:
    """The runner's standing of today, renewed first if it has gone stale.

    Where the database cannot write just now, it is the one that was worked out and not stored.
    """
    standing = standing_of(runner)
    if standing is None or is_stale(standing, runner.local_day()):
        is_stored = _renew_if_it_can_be_written(runner)
        # Renewing fills `runner.standing` before it writes.
        standing = standing_of(runner) if is_stored else runner.standing
    if standing is None:
        raise RowGone  # with the account, which was deleted just now
    standing.runner = runner  # fills `runner.standing`, so that the page does not read it again
    return standing


def open_warning(request: HttpRequest) -> dict[str, object]:
    """For `base.html`: the standing of a runner with an open warning sign, else None.

    1 query; none where the page does not show it, or has read the standing for itself. Those that
    renew it where a change was stored and the renewal after it broke off.
    """
    return {"open_warning": SimpleLazyObject(partial(_with_warning, request.user))}


def _with_warning(runner: User | AnonymousUser) -> Standing | None:
    if not isinstance(runner, User) or runner.welcomed_at is None or runner.is_leaving:
        return None
    own = standing_read(runner)
    if own and own.valid_until is None:
        try:
            own = current(runner)
        except RowGone:
            return None
        except Exception:  # whatever it is, it must not take away a page about something else
            logger.exception("Renewing the standing of a page broke off")
    return own if own and own.warning else None


def plan_start(runner: User) -> dt.date | None:
    """The day the plan in force began, None without one. 1 query, which the page saves later."""
    own = standing_read(runner)
    return own.plan_started_on if own else None


def shared_plan_start(link: CoachLink) -> dt.date | None:
    """As far as the link shares it; the page's head reads the same line. As `current_shared`."""
    line = current_shared(link)
    return line.plan_started_on if line and link.shared.guidance else None


def is_shared_stale(now: dt.datetime, made_with: str) -> Q:
    """Of links: those whose line of the roster is missing, or stale as `is_line_stale` has it."""
    return (
        Q(standing__isnull=True)
        | ~Q(standing__made_with=made_with)
        | Q(standing__fresh_until__isnull=True)
        | Q(standing__fresh_until__lte=now)
    )


def renew_stale_links(coach: User) -> int:
    """Renew what the digest of a coach is about to say; say how many athletes. No page waits.

    1 query where nothing is stale, else also those of `renew`. Where renewing fails the log says
    so and the rows stay as they are: an old line about one athlete is better than no roster.
    """
    return renew_links(_stale_links(coach, timezone.now(), made_with()))


@prepared
def _stale_links(coach: User, now: dt.datetime, made_with: str) -> QuerySet[CoachLink]:
    stale = access.links_of_coach(coach).filter(is_shared_stale(now, made_with))
    return stale.select_related("athlete", "standing").order_by("athlete_id")


def renew_before_a_look(coach: User) -> int:
    """As above, for a page: before it sorts, so that nobody urgent stands further down.

    All lines since which something was changed. Of those that merely are of an earlier day, or of
    other rules, no more than a page can wait for, the loudest first: the next look, and
    `renew_standings`, go on with the rest.
    """
    marked, old = together(
        _changed_links.of(coach), _old_links.of(coach, timezone.now(), made_with())
    )
    return renew_links([*marked, *old])


@prepared
def _changed_links(coach: User) -> QuerySet[CoachLink]:
    changed = access.links_of_coach(coach).filter(standing__fresh_until__isnull=True)
    return changed.select_related("athlete", "standing").order_by("athlete_id")


@prepared
def _old_links(coach: User, now: dt.datetime, made_with: str) -> QuerySet[CoachLink]:
    stale = access.links_of_coach(coach).filter(is_shared_stale(now, made_with))
    old = stale.filter(standing__fresh_until__isnull=False).select_related("athlete", "standing")
    return old.order_by(F("standing__level").desc(nulls_last=True), "athlete_id")[:AT_ONCE]


def current_shared(link: CoachLink) -> SharedStanding | None:
    """The line of the roster of one link, renewed first if it has gone stale.

    None of its own where the link was read with its line and that is fresh.
    """
    found = getattr(link, "standing", None)
    if found is None or is_line_stale(found, timezone.now()):
        renew_links([link])
        found = SharedStanding.objects.filter(link=link).first()
    if found is not None:
        link.standing = found  # so that the page does not read it again
    return found


def renew_links(links: Iterable[CoachLink]) -> int:
    """Renew the athletes of links. What fails is logged, and no line says more than is shared."""
    links = list(links)
    batches = (links[start : start + BATCH] for start in range(0, len(links), BATCH))
    return sum(map(_renew_batch, batches))


def _renew_batch(links: list[CoachLink]) -> int:
    try:
        renew(link.athlete for link in links)
    except Exception as problem:  # whatever it is, it must not hide the roster
        if is_passing(problem):  # nor would it go better for one of them after the other
            if any(map(shares_less, links)):
                raise
            return 0
        logger.exception("Renewing the standings of %d athletes failed", len(links))
        if len(links) > 1:  # one of them must not keep the others from being renewed
            return sum(_renew_batch([link]) for link in links)
        SharedStanding.objects.filter(link__in=filter(shares_less, links)).delete()
        return 0
    return len(links)


def shares_less(link: CoachLink) -> bool:
    """Has something stopped being shared since the line was written?"""
    line = getattr(link, "standing", None)
    return line is not None and link.shared_on(line.as_of) != link.shared
