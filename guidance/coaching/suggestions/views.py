"""What a coach suggests, and the athlete's answer."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guidance.advice.advice import OwnAdvice, advise
from guidance.checks.page import check_url
from guidance.coaching.suggestions import actions
from guidance.coaching.suggestions.actions import NotShared, StillOpen
from guidance.coaching.suggestions.forms import SuggestionForm
from guidance.coaching.suggestions.queries import (
    AnswerPage,
    Suggested,
    answer_page,
    is_open,
    made_to,
    shown,
)
from guidance.knowledge import current_knowledge
from guidance.models import Suggestion
from guidance.plan.actions import PlanFull
from guidance.plan.forms import AddForm
from guidance.plan.queries import plans_of
from runners import access
from runners.access import NoLongerOpen
from runners.coaching.notes.actions import NotKept
from runners.web.http import AuthedRequest, consent_required
from runners.web.notices import say, words

NOTICES = "guidance/coaching/suggestions/notices.html#"

# The coach


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # an old page has the uid of a suggestion that is stored already
def suggest(request: AuthedRequest, athlete_id: int) -> HttpResponse:
    """Put a remedy or a self-check to an athlete who shares guidance. `?what=` chooses it."""
    reading = access.view_without_a_look(request.user, athlete_id)
    if request.method != "POST":
        form = SuggestionForm(chosen=request.GET.get("what", ""))
        return show_suggest(request, reading, form)
    form = SuggestionForm(request.POST)
    if not reading.shared.guidance or not form.is_valid():
        return show_suggest(request, reading, form, status=422)
    try:
        stored = actions.suggest(
            form.cleaned_data["what"],
            form.cleaned_data["words"],
            uid=form.cleaned_data["uid"],
            athlete=reading.athlete,
            by=request.user,
        )
    except NotShared:  # since a moment ago
        return redirect("guidance:suggest", athlete_id)
    except NotKept:
        form.add_error(None, words(f"{NOTICES}not-kept", athlete=reading.athlete))
    except StillOpen:
        form.add_error("what", words(f"{NOTICES}still-open", athlete=reading.athlete))
    else:
        say(request, messages.SUCCESS, f"{NOTICES}suggested", athlete=reading.athlete)
        return redirect("guidance:suggest", stored.athlete_id)
    return show_suggest(request, reading, form, status=422)


def show_suggest(
    request: AuthedRequest, reading: access.AthleteView, form: SuggestionForm, *, status: int = 200
) -> HttpResponse:
    """Where guidance is not shared nothing of it is read: not even what became of suggestions."""
    is_shared = reading.shared.guidance
    context = {
        "reading": reading,
        "athlete": reading.athlete,
        "form": form if is_shared else None,
        "made": made_to(reading.athlete, by=request.user) if is_shared else [],
        "today": reading.athlete.local_day(),
    }
    return render(request, "guidance/coaching/suggestions/suggest.html", context, status=status)


@require_POST
def suggestion_withdraw(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Sent twice, it is withdrawn once."""
    rows = Suggestion.objects.filter(uid=uid, coach=request.user).select_related("athlete")
    suggestion = get_object_or_404(rows)
    current = actions.withdraw(suggestion, by=request.user)
    if not access.open_link(request.user, suggestion.athlete_id).shared.guidance:
        say(request, messages.SUCCESS, f"{NOTICES}is-closed")  # what became of it is not shared
    elif current.withdrawn_at is None:
        say(request, messages.WARNING, f"{NOTICES}is-answered", athlete=suggestion.athlete)
    else:
        say(request, messages.SUCCESS, f"{NOTICES}withdrawn")
    return redirect("guidance:suggest", suggestion.athlete_id)


# The athlete


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # the back button shows what may be taken on now
@consent_required
def suggestion_accept(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Take it on, with all that guidance asks and leaves out. 422 where that stops it."""
    suggested = own_suggestion(request, uid)
    if not is_open(suggested.row):
        return gone(request, suggested)
    runner = request.user
    advice = advise(runner, runner.local_day())
    plans = plans_of(runner, runner.local_day())
    page = answer_page(suggested, advice, plans)
    if request.method != "POST":
        return show_accept(request, suggested, page)
    try:
        return take_on(request, suggested, page, advice)
    except NoLongerOpen:
        return gone(request, suggested)


def take_on(
    request: AuthedRequest, suggested: Suggested, page: AnswerPage, advice: OwnAdvice
) -> HttpResponse:
    runner = request.user
    if page.in_plan or page.url:
        actions.answer(suggested.row, accepted=True, by=runner)
        return redirect(page.url or "guidance:plan")
    if page.offer is None:
        return show_accept(request, suggested, page, status=422)
    form = AddForm(page.offer, request.POST, week_start=runner.week_start)
    if not form.is_valid():
        return show_accept(request, suggested, page, form=form, status=422)
    try:
        answered = actions.accept_remedy(
            suggested.row,
            form.to_item(),
            cause=advice.assessment.top_cause,
            knowledge_version=advice.assessment.version,
            by=runner,
        )
    except PlanFull:  # since a moment ago
        return show_accept(request, suggested, AnswerPage(is_full=True), status=422)
    if not answered.accepted:  # declined on another page, a moment ago
        say(request, messages.INFO, f"{NOTICES}is-put-away")
        return redirect("guidance:today")
    in_plan = "guidance/plan/notices.html#item-is-in"
    say(request, messages.SUCCESS, in_plan, name=suggested.thing.name)
    return redirect("guidance:plan")


def show_accept(
    request: AuthedRequest,
    suggested: Suggested,
    page: AnswerPage,
    *,
    form: AddForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if form is None and page.offer is not None:
        form = AddForm(page.offer, week_start=request.user.week_start)
    context = {
        "suggested": suggested,
        "page": page,
        "offer": form,
        "words": current_knowledge().words,
    }
    return render(
        request, "guidance/coaching/suggestions/suggestion_accept.html", context, status=status
    )


@require_POST
def suggestion_decline(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Not now. htmx takes the card away with the empty answer."""
    suggested = own_suggestion(request, uid)
    try:
        actions.answer(suggested.row, accepted=False, by=request.user)
    except NoLongerOpen:
        return HttpResponse() if request.htmx else gone(request, suggested)
    if request.htmx:
        return HttpResponse()
    say(request, messages.SUCCESS, f"{NOTICES}declined", coach=suggested.row.coach)
    return redirect("guidance:today")


def gone(request: AuthedRequest, suggested: Suggested) -> HttpResponse:
    """Answered already, where a double tap leads on; or withdrawn, or of a former coach."""
    if suggested.row.accepted:
        return redirect(check_url(suggested.thing.id) if suggested.is_check else "guidance:plan")
    say(request, messages.WARNING, f"{NOTICES}gone")
    return redirect("guidance:today")


def own_suggestion(request: AuthedRequest, uid: uuid.UUID) -> Suggested:
    rows = Suggestion.objects.filter(athlete=request.user).select_related("coach", "athlete")
    found = shown([get_object_or_404(rows, uid=uid)])
    if not found:
        raise Http404
    return found[0]
