"""Log a run by hand or from a file, see it, change it, delete it and bring it back."""

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from runners import access
from runners.activity_files import Activity, ActivityError, read_activities
from runners.check_ins.offers import marked_in, offers_of
from runners.models import CheckIn, Run
from runners.runs import actions, queries, run_state, same_run_page
from runners.runs.actions import merge_run
from runners.runs.file_facts import FileFacts, local_day
from runners.runs.filling import LONGEST_NOTE, NoteTooLong
from runners.runs.forms import RunForm
from runners.runs.page import room_of, run_shown
from runners.runs.several import Offered
from runners.runs.several_views import runs_offered
from runners.runs.uploads import CappedUpload
from runners.web import really
from runners.web.carried import ClashShown, Edit, shown
from runners.web.http import (
    AuthedRequest,
    consent_required,
    page_or_fragment,
    posted,
    redirect_or_refresh,
)
from runners.web.merging import Base, Clash, Clashed
from runners.web.notices import say, words
from runners.web.rate_limits import TooOften, rate_limited
from runners.weeks import week_of
from runners.weeks.so_far import week_so_far

NOTICES = "runners/runs/notices.html#"

# What a runner may have typed before choosing a file: it stays.
TYPED = (
    *("uid", "from_file", "units", "day", "distance", "duration"),
    *("effort", "kind", "onset_min", "note"),
)


@require_http_methods(["GET", "POST"])
@never_cache  # an old page has the uid of a run that is stored already
@consent_required
def run_add(request: AuthedRequest) -> HttpResponse:
    if request.method == "GET":
        return form_page(request, RunForm(runner=request.user))
    if same_run_page.GO_BACK in request.POST:
        form = RunForm(runner=request.user, initial=typed_in(request))
        form.answers = same_run_page.answers_but_which_run(request.POST)
        return form_page(request, form)
    form = RunForm(request.POST, runner=request.user)
    if request.POST.get("file"):
        # Without JavaScript, Save sends the name of a file that was chosen and not read.
        return form_page(request, form, file_error=words(f"{NOTICES}read-first"))
    if not form.is_valid():
        unreadable = form.errors.get("from_file")
        return form_page(request, form, file_error=str(unreadable[0]) if unreadable else "")
    return save_run(request, form)


def save_run(request: AuthedRequest, form: RunForm) -> HttpResponse:
    """Store what the form says, or ask about it. 422 for as long as nothing is stored."""
    same_as: uuid.UUID | None = form.cleaned_data["same_as"]
    try:
        if same_as:
            run = merge_run(form.to_run(), into=same_as, by=request.user)
        else:
            run = actions.add_run(
                form.to_run(), by=request.user, other_than=same_run_page.denied(request.POST)
            )
    except actions.RunKnown as known:
        return form_page(request, form, known=known.run)
    except actions.PerhapsKnown as perhaps:
        if perhaps.runs:
            return same_run_page.question(request, form.to_run(), perhaps.runs)
        form.add_error(None, words(f"{NOTICES}gone"))
        form.answers = same_run_page.answers_but_which_run(request.POST)
        return form_page(request, form)
    except NoteTooLong as notes:
        problem = words(f"{NOTICES}note-too-long", longest=LONGEST_NOTE)
        return same_run_page.question(request, form.to_run(), [notes.run], problem=problem)
    return saved(request, run, same_as)


def saved(request: AuthedRequest, run: Run, same_as: uuid.UUID | None) -> HttpResponse:
    if run.deleted_at:
        say(request, messages.WARNING, f"{NOTICES}was-deleted", undo=restore_url(run))
        return redirect_or_refresh(request, "runners:diary")
    if same_as is None:
        say(request, messages.SUCCESS, f"{NOTICES}saved")
    elif same_as == run.uid:
        say(request, messages.SUCCESS, f"{NOTICES}merged")
    else:
        say(request, messages.WARNING, f"{NOTICES}merged-another")
    return redirect_or_refresh(request, "runners:run", uid=run.uid)


def typed_in(request: AuthedRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in TYPED if name in request.POST}


def form_page(
    request: AuthedRequest,
    form: RunForm,
    *,
    file_error: str = "",
    known: Run | None = None,
    activity: Activity | None = None,
) -> HttpResponse:
    """The form to add a run; 422 if something is wrong with it or with the file, or is asked."""
    wrong = bool(file_error or known or form.errors or form.questions)
    context = {
        "form": form,
        "file_error": file_error,
        "known": known,
        "activity": activity,
        "today": request.user.local_day(),
    }
    template = page_or_fragment(request, "runners/runs/run_add.html", "form")
    return render(request, template, context, status=422 if wrong else 200)


@csrf_exempt  # the check reads the upload, so the cap has to be there first: see read_file
@require_POST
@consent_required
def run_file(request: AuthedRequest) -> HttpResponse:
    cap = CappedUpload(request)
    request.upload_handlers.insert(0, cap)
    return read_file(request, cap)


def too_many_files(request: AuthedRequest, problem: TooOften) -> HttpResponse:
    form = RunForm(runner=request.user, initial=typed_in(request))
    said = words(f"{NOTICES}many-files", wait=problem.wait)
    return form_page(request, form, file_error=said)


@csrf_protect
@rate_limited("read_file", instead=too_many_files)
def read_file(request: AuthedRequest, cap: CappedUpload) -> HttpResponse:
    """The form again, filled from the file, or its runs to choose from; nothing is stored."""
    typed = typed_in(request)
    try:
        activities = uploaded_activities(request, cap)
    except ActivityError as error:
        form = RunForm(runner=request.user, initial=typed)
        return form_page(request, form, file_error=why_no_run(error))
    if len(activities) > 1:
        return runs_offered(request, activities)
    (activity,) = activities
    offered = Offered.of(activity, runner=request.user)
    matches = queries.matches(request.user, offered.to_run(request.user))
    if matches and matches[0].decision.is_sure:
        known = matches[0].run
        return form_page(request, RunForm(runner=request.user, initial=typed), known=known)
    form = RunForm(runner=request.user, initial={**typed, **read_from(activity, request)})
    return form_page(request, form, activity=activity)


def why_no_run(error: ActivityError) -> str:
    return words(f"runners/runs/_no_run.html#{error.code}", **error.fields)


def uploaded_activities(request: AuthedRequest, cap: CappedUpload) -> list[Activity]:
    """Raises ActivityError, also where there is no file or a day has not come yet."""
    upload = request.FILES.get("file")
    if cap.too_large:
        raise ActivityError("too_large")
    if upload is None:
        raise ActivityError("no_file")
    activities = read_activities(upload, name=upload.name or "")
    for activity in activities:
        day = local_day(activity, runner=request.user)
        if day and day > request.user.local_day():
            raise ActivityError("not_yet", day=day)
    return activities


def read_from(activity: Activity, request: AuthedRequest) -> dict[str, object]:
    """What the file says, by field of the form."""
    facts = FileFacts.of(activity, runner=request.user)
    fields: dict[str, object] = {
        "from_file": facts.sealed(runner=request.user),
        "day": facts.day,
        "duration": activity.duration_s,
    }
    if activity.distance_m is not None:
        fields["distance"] = activity.distance_m
    if activity.effort is not None:
        fields["effort"] = activity.effort
    return fields


@require_safe
def run(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """6 queries, 7 of a run of this week, 8 with room left; more where the standing is stale."""
    runner = request.user
    run = access.own_run(runner, uid)
    today = runner.local_day()
    is_of_this_week = week_of(run.day, runner.week_start) == week_of(today, runner.week_start)
    check_in = CheckIn.objects.of(runner).filter(day=run.day).with_spots(runner).first()
    context = {
        **run_shown(run, runner.tz, units=runner.units),
        "check_in": check_in,
        "offers": offers_of(run.note, run.day, marked_in(check_in)),
        "today": today,
        "week": week_so_far(runner, today) if is_of_this_week else None,
        "room": room_of(run, runner, today) if is_of_this_week else None,
    }
    return render(request, "runners/runs/run.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache  # the back button must not bring back what has been changed since
@consent_required
def run_edit(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """A run that was deleted while its form was open can be brought back with the change."""
    run = access.own_run(request.user, uid, deleted=request.method == "POST")
    edit = Edit(request, f"run {run.uid}", run_state.state_of(run))
    form = RunForm(posted(request), runner=request.user, run=run, base=edit.base.state)
    if form.is_valid():
        try:
            changed = actions.change_run(run, form.to_state(), by=request.user, base=edit.base)
        except Clashed as clashed:
            form = RunForm(runner=request.user, run=run, base=clashed.merged)
            form.answers = really.answered(request.POST)
            edit.ask(clashed, clashes_of_run(form, clashed.clashes, edit.base))
        except actions.RunKnown as known:
            say(request, messages.WARNING, f"{NOTICES}in-the-diary")
            return redirect_or_refresh(request, "runners:run", uid=known.run.uid)
        else:
            return run_changed(request, changed)
    template = page_or_fragment(request, "runners/runs/run_edit.html", "form")
    return edit.page(template, form, run=run)


def run_changed(request: AuthedRequest, run: Run) -> HttpResponse:
    if run.deleted_at is not None:
        say(request, messages.WARNING, f"{NOTICES}stays-deleted", undo=restore_url(run))
        return redirect_or_refresh(request, "runners:diary")
    say(request, messages.SUCCESS, f"{NOTICES}changed")
    return redirect_or_refresh(request, "runners:run", uid=run.uid)


def clashes_of_run(form: RunForm, clashes: Collection[Clash], base: Base) -> list[ClashShown]:
    """In words. A deletion has no field of its own in the form."""
    if any(clash.field == run_state.DELETED for clash in clashes):
        label, again = words(f"{NOTICES}deleted-meanwhile"), run_state.DELETED in base.asked
        return [ClashShown(run_state.DELETED, label, None, None, again=again)]
    return shown(form, clashes, base)


@require_POST
def run_delete(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Sent twice, it is deleted once."""
    run = access.own_run(request.user, uid, deleted=True)
    if run.deleted_at is None:
        actions.delete_run(run, by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}deleted", undo=restore_url(run))
    return redirect_or_refresh(request, "runners:diary")


@require_POST
@consent_required
def run_restore(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo of a deletion."""
    run = access.own_run(request.user, uid, deleted=True)
    try:
        if run.deleted_at is not None:
            actions.restore_run(run, by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}is-back")
    except actions.RunKnown:
        say(request, messages.WARNING, f"{NOTICES}in-the-diary")
    return redirect_or_refresh(request, f"{reverse('runners:diary')}?day={run.day.isoformat()}")


def restore_url(run: Run) -> str:
    return reverse("runners:run-restore", args=[run.uid])
