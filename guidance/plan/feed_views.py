"""The plan in a calendar: an address that nobody can guess, and that can be renewed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guidance.models import Plan, PlanItem
from guidance.plan import actions
from guidance.plan.feed import calendar_of
from guidance.plan.queries import read_items
from guidance.plan.views import changed
from runners import standing
from runners.web.calendar_feeds import calendar_answer
from runners.web.http import AuthedRequest, PublicRequest


@login_not_required
@require_safe
@never_cache
def plan_feed(request: PublicRequest, token: str) -> HttpResponse:
    """For calendar apps, which cannot sign in: who has the address may read it.

    3 queries; more where the standing has gone stale, and with it what guidance holds back.
    """
    plans = Plan.objects.filter(runner__is_active=True).select_related("runner")
    plan = get_object_or_404(plans, feed_token=token)
    standing.current(plan.runner)
    today = plan.runner.local_day()
    items = read_items(PlanItem.objects.filter(plan=plan), today, today)
    return calendar_answer(calendar_of(plan, items, now=timezone.now()), "limber.ics")


@require_POST
def plan_feed_renew(request: AuthedRequest) -> HttpResponse:
    return changed(request, actions.renew_feed, "new-address")
