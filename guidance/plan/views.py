"""The plan: starting one, what it holds, whether it helps, pausing and stopping it."""

import uuid
from typing import Protocol

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from guidance.advice.advice import advise
from guidance.knowledge import current_knowledge
from guidance.models import Plan
from guidance.plan import actions
from guidance.plan.actions import DAYS, VARIANT
from guidance.plan.forms import PLAN_PAGE, AddForm, DaysForm, StartPlanForm, variants_of
from guidance.plan.page import StartPage, plan_page, start_page
from guidance.plan.queries import WeekItem, plans_of
from guidance.rules.ids import FLAG_NOT_RESPONDING
from runners.models import User
from runners.web.calendar_feeds import webcal
from runners.web.carried import carried, sealed
from runners.web.http import (
    AuthedRequest,
    consent_required,
    page_or_fragment,
    redirect_or_refresh,
    sent_uid,
)
from runners.web.merging import Base, Clashed
from runners.web.notices import say, words

NOTICES = "guidance/plan/notices.html#"
START = "start of a plan"  # what the form to start one is about


@require_safe
@never_cache  # the back button shows what is planned now
@vary_on_headers("HX-Request")
def plan(request: AuthedRequest) -> HttpResponse:
    """5 queries."""
    return show_plan(request)


def show_plan(
    request: AuthedRequest,
    *,
    days: tuple[str, DaysForm] | None = None,
    add: AddForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The plan in force, or how to start one.

    `days` is a remedy and the form of its days, `add` the form of a suggestion; both to be
    corrected.
    """
    runner = request.user
    today = runner.local_day()
    advice = advise(runner, today)
    plans = plans_of(runner, today, is_whole=request.GET.get("earlier") == "all")
    if plans.plan is None:
        if request.htmx:
            return redirect_or_refresh(request, "guidance:plan")
        return show_start(request, start_page(advice, plans), status=status)
    page = plan_page(advice, plans, runner)
    week_start = runner.week_start
    feed = request.build_absolute_uri(reverse("guidance:plan-feed", args=[plans.plan.feed_token]))
    context = {
        "page": page,
        "today": today,
        "items": [
            (one, days_form(one, days, week_start), variants(one), bases(one, runner))
            for one in page.items
        ],
        "can_add": [
            add if add and add.offer == offer else AddForm(offer, week_start=week_start)
            for offer in page.can_add
        ],
        "said": said,
        "reopened": days[0] if days else "",
        "feed": feed,
        "webcal": webcal(feed),
        "not_responding": current_knowledge().flags[FLAG_NOT_RESPONDING],
        "words": current_knowledge().words,
        "back": PLAN_PAGE,
    }
    template = page_or_fragment(request, "guidance/plan/plan.html", "plan")
    return render(request, template, context, status=status)


def days_form(shown: WeekItem, sent: tuple[str, DaysForm] | None, week_start: int) -> DaysForm:
    """The form of an item's days: with the days that were sent, where it has to be looked at."""
    row = shown.item.row
    days = row.weekdays
    if sent is not None and sent[0] == row.remedy:
        if sent[1].errors:
            return sent[1]
        days = sent[1].cleaned_data["days"]
    return DaysForm(initial={"days": list(days)}, prefix=str(row.pk), week_start=week_start)


def variants(shown: WeekItem) -> list[tuple[str, str]]:
    """The forms to choose from; none where there is only the usual one."""
    found = variants_of(shown.item.remedy)
    return found if len(found) > 1 else []


def bases(shown: WeekItem, runner: User) -> dict[str, str]:
    """What the forms of an item are built from, sealed, by what they change."""
    row = shown.item.row
    days, variant = Base({DAYS: row.weekdays}), Base({VARIANT: row.variant})
    return {
        DAYS: sealed(days, runner=runner, what=days_of(row.remedy)),
        VARIANT: sealed(variant, runner=runner, what=variant_of(row.remedy)),
    }


def days_of(remedy: str) -> str:
    """What a form of an item's days is about. Other days make another row of the same remedy."""
    return f"days of {remedy}"


def variant_of(remedy: str) -> str:
    return f"variant of {remedy}"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # an old page has the uid of a plan that was started already
@consent_required
def plan_start(request: AuthedRequest) -> HttpResponse:
    """What is suggested, to be taken on. A new plan ends the one in force."""
    runner = request.user
    today = runner.local_day()
    if request.method == "POST" and is_started(request):
        return redirect("guidance:plan")
    advice = advise(runner, today)
    page = start_page(advice, plans_of(runner, today))
    if request.method != "POST":
        return show_start(request, page)
    form = StartPlanForm(page.offers, request.POST, week_start=runner.week_start)
    if page.why_not or page.asked_first or not form.is_valid():
        return show_start(request, page, form=form, status=422)
    try:
        actions.start_plan(
            form.to_items(),
            uid=form.to_uid(),
            cause=advice.assessment.top_cause,
            knowledge_version=advice.assessment.version,
            by=runner,
            base=carried(request, START),
        )
    except Clashed:
        said = words(f"{NOTICES}begun-elsewhere")
        return show_start(request, page, form=form, said=said, status=409)
    say(request, messages.SUCCESS, f"{NOTICES}started")
    return redirect("guidance:plan")


def is_started(request: AuthedRequest) -> bool:
    """Was this very form sent before?"""
    uid = sent_uid(request.POST.get("uid", ""))
    return uid is not None and Plan.objects.of(request.user).filter(uid=uid).exists()


def show_start(
    request: AuthedRequest,
    page: StartPage,
    *,
    form: StartPlanForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    base = Base(actions.plan_state(page.plans.plan))
    context = {
        "page": page,
        "said": said,
        "base": sealed(base, runner=request.user, what=START),
        "form": form or StartPlanForm(page.offers, week_start=request.user.week_start),
        "words": current_knowledge().words,
    }
    return render(request, "guidance/plan/plan_start.html", context, status=status)


@require_POST
def plan_pause(request: AuthedRequest) -> HttpResponse:
    return changed(request, actions.pause_plan, "paused")


@require_POST
@consent_required
def plan_resume(request: AuthedRequest) -> HttpResponse:
    return changed(request, actions.resume_plan, "resumed")


@require_POST
def plan_stop(request: AuthedRequest) -> HttpResponse:
    try:
        stopped = actions.stop_plan(by=request.user)
    except actions.NotInPlan:
        return gone(request)
    undo = reverse("guidance:plan-restore", args=[stopped.uid])
    say(request, messages.SUCCESS, f"{NOTICES}stopped", undo=undo)
    return redirect("guidance:plan")


@require_POST
@consent_required
def plan_restore(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo of a stop."""
    try:
        actions.restore_plan(uid, by=request.user)
    except Plan.DoesNotExist:
        raise Http404 from None
    except actions.NotInPlan:
        say(request, messages.WARNING, f"{NOTICES}too-late")
        return redirect("guidance:plan")
    say(request, messages.SUCCESS, f"{NOTICES}is-back")
    return redirect("guidance:plan")


class Change(Protocol):
    """An action on the plan in force. Raises NotInPlan where there is none."""

    def __call__(self, *, by: User) -> object: ...


def changed(request: AuthedRequest, change: Change, notice: str) -> HttpResponse:
    try:
        change(by=request.user)
    except actions.NotInPlan:
        return gone(request)
    say(request, messages.SUCCESS, NOTICES + notice)
    return redirect("guidance:plan")


def gone(request: AuthedRequest) -> HttpResponse:
    say(request, messages.WARNING, f"{NOTICES}gone")
    return redirect("guidance:plan")
