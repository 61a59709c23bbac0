"""Taking everything out: asked for, watched while it is made, saved."""

import uuid

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from runners.exports import actions
from runners.models import Export
from runners.models.exports import export_storage
from runners.web.http import AuthedRequest, attachment, page_or_fragment, sent_uid
from runners.web.notices import words
from runners.web.rate_limits import TooOften, rate_limited

NOTICES = "runners/exports/notices.html#"


def page(request: AuthedRequest, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "uid": uuid.uuid4(),
        "export": Export.objects.of(request.user).first(),
        "there": Export.objects.of(request.user).there(timezone.now()).first(),
        "problem": problem,
    }
    template = page_or_fragment(request, "runners/exports/export.html", "export")
    return render(request, template, context, status=status)


def too_often(request: AuthedRequest, problem: TooOften) -> HttpResponse:
    return page(request, words(f"{NOTICES}too-often", wait=problem.wait), 429)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def export(request: AuthedRequest) -> HttpResponse:
    """How far it is, asked for again and again while it is made."""
    return ask(request) if request.method == "POST" else page(request)


@rate_limited("take_out", instead=too_often)
def ask(request: AuthedRequest) -> HttpResponse:
    uid = sent_uid(request.POST.get("uid", ""))
    if uid is not None:
        actions.ask(uid, by=request.user)
    return redirect("runners:export")


@require_safe
@never_cache
def export_file(request: AuthedRequest, uid: uuid.UUID) -> FileResponse:
    there = Export.objects.of(request.user).there(timezone.now())
    made = get_object_or_404(there, uid=uid)
    name = f"limber-{made.created_at:%Y-%m-%d}.zip"
    return attachment(lambda: export_storage().open(made.stored), name, "application/zip")
