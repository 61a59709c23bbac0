"""The one seam from logs to guidance.

`settings.RENEW_STANDINGS` names the function that writes `Standing` rows. It takes runners and a
day (None: each runner's own local day) and reads and writes with a fixed number of queries.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from runners.models import Standing, User


def renew(runners: Iterable[User], day: dt.date | None = None) -> None:
    import_string(settings.RENEW_STANDINGS)(list(runners), day)


def renew_after_change(runner: User) -> None:
    """Mark the row stale now, renew it once the change is safely stored.

    `robust`: should the renewal fail, the save stands, and the next look at Today renews.
    """
    Standing.objects.of(runner).update(valid_until=None)
    transaction.on_commit(lambda: renew([runner]), robust=True)


def current(runner: User) -> Standing:
    """The runner's standing of today, renewed first if it has gone stale."""
    standing = Standing.objects.of(runner).first()
    if standing is None or standing.is_stale(runner.local_day()):
        renew([runner])
        standing = Standing.objects.get(runner=runner)
    standing.runner = runner  # fills `runner.standing`, so that the page does not read it again
    return standing
