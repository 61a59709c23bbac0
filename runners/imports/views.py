"""Bringing years of runs in: choosing files, watching them being read, the report, the way back."""

import csv
import uuid

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from runners.imports import actions, came, room
from runners.imports.parts import whole
from runners.imports.report import csv_rows, report_of
from runners.imports.room import Announced, NoRoom
from runners.imports.uploading import broken_off
from runners.models import Import, ImportState
from runners.web.database_trouble import is_passing
from runners.web.http import (
    AuthedRequest,
    attachment,
    consent_required,
    page_or_fragment,
    redirect_or_refresh,
    sent_uid,
)
from runners.web.notices import say, words
from runners.web.rate_limits import TooOften, rate_limited

NOTICES = "runners/imports/notices.html#"
SHOWN = 20  # imports before
KEEP = "keep"  # the box that asks for the files to stay


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # an old page has the uid of an import that began already
@consent_required
def imports(request: AuthedRequest) -> HttpResponse:
    if request.method == "POST":
        return begin(request)
    under_way = Import.objects.of(request.user).unfinished().first()
    if under_way is not None and under_way.state != ImportState.SENDING:
        return redirect("runners:import-one", under_way.uid)
    return files_page(request)


def files_page(request: AuthedRequest, error: str = "") -> HttpResponse:
    context = {
        "uid": uuid.uuid4(),
        "error": error,
        "most_files": settings.IMPORT_MOST_FILES,
        "broken_off": broken_off(request.user),
        "keeps": KEEP in request.POST,
        "before": Import.objects.of(request.user).of_note()[:SHOWN],
    }
    return render(request, "runners/imports/import.html", context, status=422 if error else 200)


def too_often(request: AuthedRequest, problem: TooOften) -> HttpResponse:
    return files_page(request, words(f"{NOTICES}too-often", wait=problem.wait))


@rate_limited("bring_in", instead=too_often)
def begin(request: AuthedRequest) -> HttpResponse:
    uid = sent_uid(request.POST.get("uid", ""))
    files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    if uid is None or not files:
        return files_page(request, words(f"{NOTICES}no-file"))
    try:
        room.check([Announced(file.name or "", file.size or 0) for file in files], of=request.user)
        keeps = KEEP in request.POST
        brought = actions.begin(files, uid=uid, by=request.user, keeps_files=keeps)
    except NoRoom as problem:
        return files_page(request, words(f"{NOTICES}{problem.reason}", **problem.fields))
    except actions.Unfinished as problem:
        brought = problem.brought
        if brought.state != ImportState.SENDING:
            say(request, messages.WARNING, f"{NOTICES}unfinished")
    if brought.state == ImportState.SENDING:
        return files_page(request, words(f"{NOTICES}other-files"))
    return redirect("runners:import-one", brought.uid)


def own_import(request: AuthedRequest, uid: uuid.UUID) -> Import:
    return get_object_or_404(Import.objects.of(request.user).select_related("runner"), uid=uid)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def import_one(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """How far it is, asked for again and again while it is read; then the report."""
    brought = own_import(request, uid)
    if brought.state == ImportState.SENDING:
        return redirect("runners:import")
    if brought.state == ImportState.TO_MATCH:
        return redirect_or_refresh(request, "runners:import-columns", uid)
    report = report_of(brought)
    seen(brought)
    if report.list_to_match:
        return redirect_or_refresh(request, "runners:import-columns", report.list_to_match)
    template = page_or_fragment(request, "runners/imports/import_one.html", "import")
    return render(request, template, {"report": report, "brought": report.brought})


def seen(brought: Import) -> None:
    """Today tells of a report until it was opened. Where that cannot be noted, it tells again."""
    if brought.is_unfinished or brought.seen_at is not None:
        return
    try:
        Import.objects.one(brought).filter(seen_at=None).update(seen_at=timezone.now())
    except DatabaseError as problem:
        if not is_passing(problem):
            raise


@require_POST
def import_stop(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    brought = own_import(request, uid)
    if actions.stop(brought):
        came.note(brought)
    return redirect("runners:import-one", uid)


@require_POST
@consent_required
def import_answer(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Yes to one thing (`row`), to all that are asked for one `reason`, or to all of a `sport`."""
    brought = own_import(request, uid)
    rows = actions.waiting(brought)
    row, sport = request.POST.get("row", ""), request.POST.get("sport", "")
    if sport:
        rows = actions.by_choice(brought, sport)
    elif row:
        rows = rows.filter(pk=int(row)) if row.isdecimal() and len(row) < 19 else rows.none()
    else:
        rows = rows.filter(reason=request.POST.get("reason", ""))
    if not brought.is_unfinished:
        is_same = request.POST.get("is") == "same"
        answered = actions.answer(rows, is_same=is_same, by=request.user)
        if answered:
            came.note(brought)
        say(request, messages.SUCCESS, f"{NOTICES}answered", count=answered, is_same=is_same)
    return redirect("runners:import-one", uid)


@require_POST
def import_undo(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    brought = own_import(request, uid)
    if not brought.is_unfinished:
        gone = actions.undo(brought, by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}undone", runs=gone)
    return redirect("runners:import-one", uid)


@require_safe
@never_cache
def import_file(request: AuthedRequest, uid: uuid.UUID, key: int) -> FileResponse:
    """A file that was kept."""
    brought = own_import(request, uid)
    file = get_object_or_404(actions.kept_files(brought), pk=key)
    name = "".join(letter for letter in file.name if letter.isprintable())
    return attachment(lambda: whole(brought, file), name, "application/octet-stream")


@require_POST
def import_files_delete(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    gone = actions.delete_files(own_import(request, uid))
    say(request, messages.SUCCESS, f"{NOTICES}files-deleted", files=gone)
    return redirect("runners:import-one", uid)


@require_safe
@never_cache
def import_report(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    brought = own_import(request, uid)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="limber-import.csv"'
    csv.writer(response).writerows(csv_rows(brought))
    return response
