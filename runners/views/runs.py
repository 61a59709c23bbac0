"""Log a run by hand or from a file, see it, change it, delete it and bring it back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from runners import actions
from runners.activity_files import Activity, ActivityError, read_activity
from runners.activity_files.unpack import too_large
from runners.forms import RunForm
from runners.forms.run_file import FileFacts, local_day
from runners.forms.runs import EFFORT_WORDS
from runners.http import (
    AuthedRequest,
    consent_required,
    page_or_fragment,
    redirect_or_refresh,
)
from runners.models import CheckIn, Run
from runners.uploads import CappedUpload
from runners.web.rate_limits import TooOften, rate_limited

# What a runner may have typed before choosing a file: it stays.
TYPED = ("uid", "from_file", "day", "distance", "duration", "effort", "kind", "onset_min", "note")


@require_http_methods(["GET", "POST"])
@never_cache  # an old page has the uid of a run that is stored already
@consent_required
def run_add(request: AuthedRequest) -> HttpResponse:
    if request.method == "GET":
        return form_page(request, RunForm(runner=request.user))
    form = RunForm(request.POST, runner=request.user)
    if request.POST.get("file"):
        # Without JavaScript, Save sends the name of a file that was chosen and not read.
        return form_page(request, form, file_error="Press “Read the file” first, then save.")
    if not form.is_valid():
        unreadable = form.errors.get("from_file")
        return form_page(request, form, file_error=str(unreadable[0]) if unreadable else "")
    try:
        run = actions.add_run(form.to_run(), by=request.user)
    except actions.RunKnown as known:
        return form_page(request, form, known=known.run)
    if run.deleted_at:
        messages.warning(request, "You have deleted this run.", extra_tags=restore_address(run))
        return redirect_or_refresh(request, "runners:diary")
    messages.success(request, "Run saved.")
    return redirect_or_refresh(request, "runners:run", uid=run.uid)


def form_page(
    request: AuthedRequest, form: RunForm, *, file_error: str = "", known: Run | None = None
) -> HttpResponse:
    """The form to add a run; 422 if something is wrong with it or with the file."""
    wrong = bool(file_error or known or form.errors)
    context = {
        "form": form,
        "file_error": file_error,
        "known": known,
        "today": request.user.local_day(),
    }
    template = page_or_fragment(request, "runners/run_add.html", "form")
    return render(request, template, context, status=422 if wrong else 200)


@csrf_exempt  # the check reads the upload, so the cap has to be there first: see read_file
@require_POST
@consent_required
def run_file(request: AuthedRequest) -> HttpResponse:
    cap = CappedUpload(request)
    request.upload_handlers.insert(0, cap)
    return read_file(request, cap)


def typed_before(request: AuthedRequest) -> dict[str, object]:
    return {name: request.POST[name] for name in TYPED if name in request.POST}


def too_many_files(request: AuthedRequest, problem: TooOften) -> HttpResponse:
    form = RunForm(runner=request.user, initial=typed_before(request))
    words = f"Those were many files in a short time. {problem.wait}, or log the run by hand."
    return form_page(request, form, file_error=words)


@csrf_protect
@rate_limited("read_file", instead=too_many_files)
def read_file(request: AuthedRequest, cap: CappedUpload) -> HttpResponse:
    """The form again, filled from the file; nothing is stored."""
    typed = typed_before(request)
    try:
        activity = uploaded_activity(request, cap)
    except ActivityError as error:
        form = RunForm(runner=request.user, initial=typed)
        return form_page(request, form, file_error=error.sentence)
    known = actions.known_run(
        request.user, fingerprint=activity.fingerprint, started_at=activity.started_at
    )
    if known is not None:
        return form_page(request, RunForm(runner=request.user, initial=typed), known=known)
    form = RunForm(runner=request.user, initial={**typed, **read_from(activity, request)})
    template = page_or_fragment(request, "runners/run_add.html", "form")
    return render(request, template, {"form": form, "activity": activity})


def uploaded_activity(request: AuthedRequest, cap: CappedUpload) -> Activity:
    """Raises ActivityError, also where there is no file or its day has not come yet."""
    upload = request.FILES.get("file")
    if cap.too_large:
        raise too_large()
    if upload is None:
        raise ActivityError("empty", "Choose a FIT, GPX or TCX file first.")
    activity = read_activity(upload, name=upload.name or "")
    day = local_day(activity, runner=request.user)
    if day and day > request.user.local_day():
        raise ActivityError(
            "impossible",
            f"By this file the run is of {day.day} {day:%B %Y}, a day that has not come yet."
            " The clock of the watch might be wrong. You can still log the run by hand.",
        )
    return activity


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
    run = get_object_or_404(Run.objects.of(request.user), uid=uid)
    check_in = (
        CheckIn.objects.of(request.user).filter(day=run.day).prefetch_related("entries").first()
    )
    context = {
        "run": run,
        "effort_word": EFFORT_WORDS[run.effort - 1] if run.effort else "",
        "check_in": check_in,
        "today": request.user.local_day(),
    }
    return render(request, "runners/run.html", context)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@consent_required
def run_edit(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(Run.objects.of(request.user), uid=uid)
    form = RunForm(request.POST or None, runner=request.user, run=run)
    if request.method == "POST" and form.is_valid():
        actions.change_run(form.to_run(), by=request.user)
        messages.success(request, "Run changed.")
        return redirect_or_refresh(request, "runners:run", uid=run.uid)
    template = page_or_fragment(request, "runners/run_edit.html", "form")
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, "run": run}, status=status)


@require_POST
def run_delete(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Sent twice, it is deleted once."""
    run = get_object_or_404(Run.objects.filter(runner=request.user), uid=uid)
    if run.deleted_at is None:
        actions.delete_run(run, by=request.user)
        messages.success(request, "Run deleted.", extra_tags=restore_address(run))
    return redirect_or_refresh(request, "runners:diary")


@require_POST
@consent_required
def run_restore(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Undo of a deletion."""
    run = get_object_or_404(Run.objects.filter(runner=request.user), uid=uid)
    try:
        if run.deleted_at is not None:
            actions.restore_run(run, by=request.user)
        messages.success(request, "The run is back.")
    except actions.RunKnown:
        messages.warning(request, "The same run is in your diary already.")
    return redirect_or_refresh(request, f"{reverse('runners:diary')}?day={run.day.isoformat()}")


def restore_address(run: Run) -> str:
    return reverse("runners:run-restore", args=[run.uid])
