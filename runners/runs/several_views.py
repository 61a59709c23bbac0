"""The page to choose from where a file holds several runs."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from runners.activity_files import Activity
from runners.runs.actions import PerhapsKnown, add_runs
from runners.runs.several import Offered, RunsForm
from runners.web.http import (
    AuthedRequest,
    consent_required,
    form_on,
    page_or_fragment,
    redirect_or_refresh,
)
from runners.web.notices import say, words

NOTICES = "runners/runs/notices.html#"


def runs_offered(request: AuthedRequest, activities: Iterable[Activity]) -> HttpResponse:
    """The runs just read, to choose from; nothing is stored."""
    offered = [Offered.of(activity, runner=request.user) for activity in activities]
    return _page(request, RunsForm(runner=request.user, offered=offered), status=200)


@form_on("runners:run-add")
@never_cache
@consent_required
def runs_add(request: AuthedRequest) -> HttpResponse:
    form = RunsForm(request.POST, runner=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        added = add_runs(form.to_runs(), by=request.user, other_than=form.other_than())
    except PerhapsKnown:
        anew = RunsForm(runner=request.user, offered=form.offered)
        said = words(f"{NOTICES}diary-changed")
        return _page(request, anew, said=said, status=422)
    if added.saved:
        say(
            request,
            messages.SUCCESS,
            f"{NOTICES}added",
            saved=len(added.saved),
            known=len(added.known),
        )
    else:
        say(request, messages.WARNING, f"{NOTICES}known")
    newest = max(run.day for run in added.saved or added.known)
    return redirect_or_refresh(request, f"{reverse('runners:diary')}?day={newest.isoformat()}")


def _page(request: AuthedRequest, form: RunsForm, *, said: str = "", status: int) -> HttpResponse:
    template = page_or_fragment(request, "runners/runs/runs_add.html", "form")
    context = {"form": form, "said": said, "today": request.user.local_day()}
    return render(request, template, context, status=status)
