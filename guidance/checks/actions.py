"""Writes of self-checks: a result counts once a week."""

from django.db import transaction

from guidance.models import CheckResult
from guidance.rules.plan.not_now import again_on
from runners import standing
from runners.models import User
from runners.writes import lock


class CheckedThisWeek(Exception):
    """The same self-check has a result that is younger than a week."""


@transaction.atomic
def save_check_result(result: CheckResult, *, by: User) -> CheckResult:
    """Store a result as of today. The same form sent again is the same row.

    Sent again on its day with other values it is corrected: a slip would count for six weeks.
    Raises CheckedThisWeek where another result of the check is younger than a week.
    """
    lock(by)
    own = CheckResult.objects.of(by)
    sent_before = own.filter(uid=result.uid).first()
    if sent_before is not None:
        return _correct(sent_before, result, by)
    newest = own.filter(check_id=result.check_id).newest_first().first()
    if newest is not None and again_on(newest.day) > by.local_day():
        raise CheckedThisWeek
    result.runner = by
    result.day = by.local_day()
    result.save(force_insert=True)
    standing.renew_after_change(by)
    return result


def _correct(stored: CheckResult, result: CheckResult, runner: User) -> CheckResult:
    """Take over the values of a form that was sent again; only on the day of the check."""
    if stored.check_id != result.check_id or stored.day != runner.local_day():
        return stored
    fields = ["left", "right", "value", "felt_left", "felt_right"]
    for field in fields:
        setattr(stored, field, getattr(result, field))
    stored.save(update_fields=fields)
    standing.renew_after_change(runner)
    return stored
