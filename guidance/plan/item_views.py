"""The items of a plan: ticking, other days, the easier or harder form, adding, taking out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from guidance import saying
from guidance.advice.advice import advise
from guidance.knowledge import current_knowledge
from guidance.models import PlanItem, Variant
from guidance.models.plans import MAX_ITEMS
from guidance.plan import actions
from guidance.plan.forms import PLAN_PAGE, AddForm, DaysForm, DoneForm, VariantForm
from guidance.plan.limits import why_not
from guidance.plan.offers import offers
from guidance.plan.queries import days_said, plan_of_day, plans_of
from guidance.plan.views import NOTICES, days_of, gone, show_plan, variant_of
from runners.web.carried import carried
from runners.web.http import AuthedRequest, consent_required
from runners.web.merging import Clashed
from runners.web.notices import say, words

NOT_TICKABLE = f"{NOTICES}not-tickable"
FULL = f"{NOTICES}full"


@require_POST
@consent_required
def plan_done(request: AuthedRequest) -> HttpResponse:
    """Tick an item on a day, or take the tick back. htmx gets the card, or the plan, anew."""
    form = DoneForm(request.POST)
    back = request.POST.get("back")
    if not form.is_valid():
        return ticked(request, back, said=words(NOT_TICKABLE))
    item = own_item(request, form.cleaned_data["item"])
    change = actions.tick if form.is_done else actions.untick
    try:
        change(item, form.cleaned_data["day"], by=request.user)
    except (actions.NotTickable, actions.NotInPlan):
        return ticked(request, back, said=words(NOT_TICKABLE))
    return ticked(request, back)


def ticked(request: AuthedRequest, back: str | None, *, said: str = "") -> HttpResponse:
    """Where a tick leads. `said` is why it was refused: 422, and nothing was stored."""
    if back == PLAN_PAGE or (said and not request.htmx):
        if said or request.htmx:
            return show_plan(request, said=said, status=422 if said else 200)
        return redirect("guidance:plan")
    if not request.htmx:
        return redirect(f"{reverse('guidance:today')}#plan")
    today = request.user.local_day()
    context = {"plan_day": plan_of_day(request.user, today), "today": today, "said": said}
    status = 422 if said else 200
    return render(request, "guidance/today/_plan.html", context, status=status)


@require_POST
@consent_required
def plan_item_days(request: AuthedRequest, item: int) -> HttpResponse:
    row = own_item(request, item)
    form = DaysForm(request.POST, prefix=str(item), week_start=request.user.week_start)
    if not form.is_valid():
        return show_plan(request, days=(row.remedy, form), status=422)
    base = carried(request, days_of(row.remedy))
    try:
        actions.change_days(row, form.cleaned_data["days"], by=request.user, base=base)
    except actions.NotInPlan:
        return gone(request)
    except Clashed as clashed:
        there = saying.say(days_said(clashed.stored[actions.DAYS]))
        said = words(f"{NOTICES}days-clashed", name=name_of(row), there=there)
        return show_plan(request, days=(row.remedy, form), said=said, status=409)
    say(request, messages.SUCCESS, f"{NOTICES}new-days", name=name_of(row))
    return redirect("guidance:plan")


@require_POST
@consent_required
def plan_item_variant(request: AuthedRequest, item: int) -> HttpResponse:
    row = own_item(request, item)
    form = VariantForm(request.POST, remedy=current_knowledge().remedies[row.remedy])
    if not form.is_valid():
        return show_plan(request, said=words(f"{NOTICES}no-such-form"), status=422)
    base = carried(request, variant_of(row.remedy))
    try:
        actions.change_variant(row, form.to_variant(), by=request.user, base=base)
    except actions.NotInPlan:
        return gone(request)
    except Clashed as clashed:
        there, mine = (
            str(Variant(state[actions.VARIANT]).label) for state in (clashed.stored, clashed.merged)
        )
        said = words(f"{NOTICES}form-clashed", name=name_of(row), there=there, mine=mine)
        return show_plan(request, said=said, status=409)
    return redirect("guidance:plan")


@require_POST
def plan_item_remove(request: AuthedRequest, item: int) -> HttpResponse:
    row = own_item(request, item)
    try:
        removed = actions.remove_item(row, by=request.user)
    except actions.NotInPlan:
        return gone(request)
    undo = reverse("guidance:plan-item-restore", args=[removed.pk])
    say(request, messages.SUCCESS, f"{NOTICES}item-is-out", name=name_of(row), undo=undo)
    return redirect("guidance:plan")


@require_POST
@consent_required
def plan_item_restore(request: AuthedRequest, item: int) -> HttpResponse:
    """Undo of taking an item out."""
    row = own_item(request, item)
    try:
        actions.restore_item(row, by=request.user)
    except actions.NotInPlan:
        say(request, messages.WARNING, f"{NOTICES}item-too-late")
    except actions.PlanFull:
        say(request, messages.WARNING, FULL, most=MAX_ITEMS)
    else:
        say(request, messages.SUCCESS, f"{NOTICES}item-is-back", name=name_of(row))
    return redirect("guidance:plan")


@require_POST
@consent_required
def plan_item_add(request: AuthedRequest) -> HttpResponse:
    """Another suggestion, asked about as at the start. 422 where it is not offered now."""
    runner = request.user
    advice = advise(runner, runner.local_day())
    plans = plans_of(runner, runner.local_day())
    if plans.plan is None:
        return gone(request)
    slug = request.POST.get("remedy", "")
    if f"remedy:{slug}" in plans.remedies:  # sent twice
        return redirect("guidance:plan")
    offered = [] if why_not(advice) or advice.asked_first else offers(advice)
    offer = next((one for one in offered if one.slug == slug), None)
    if offer is None:
        return show_plan(request, said=words(f"{NOTICES}not-suggested"), status=422)
    form = AddForm(offer, request.POST, week_start=runner.week_start)
    if not form.is_valid():
        return show_plan(request, add=form, status=422)
    try:
        actions.add_item(form.to_item(), by=runner)
    except actions.PlanFull:
        return show_plan(request, said=words(FULL, most=MAX_ITEMS), status=422)
    say(request, messages.SUCCESS, f"{NOTICES}item-is-in", name=offer.remedy.name)
    return redirect("guidance:plan")


def own_item(request: AuthedRequest, key: int) -> PlanItem:
    return get_object_or_404(PlanItem.objects.of(request.user), pk=key)


def name_of(row: PlanItem) -> str:
    remedy = current_knowledge().remedies.get(row.remedy)
    return remedy.name if remedy else ""
