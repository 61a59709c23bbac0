"""Where the script of the page "Add files" sends them, part by part.

It is answered in lines of plain text: the page of the import, the size of a part, the number of the
first part that is lacking (empty where all is there), the bytes that are there. Where something is
refused the answer is a sentence.
"""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from runners.imports import uploading
from runners.imports.actions import Unfinished
from runners.imports.room import NoRoom
from runners.imports.views import KEEP, own_import
from runners.web.http import AuthedRequest, consent_required, plain_text
from runners.web.notices import say, words
from runners.web.rate_limits import TooOften, rate_limited

NOTICES = "runners/imports/notices.html#"


def too_often(request: AuthedRequest, problem: TooOften) -> HttpResponse:
    body_of(request)  # left on the wire it would look like a broken connection
    return plain_text(words(f"{NOTICES}too-often", wait=problem.wait), 429)


def told(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """How far it is now."""
    brought = own_import(request, uid)
    far = uploading.how_far(brought)
    lacking = "" if far.lacking is None else far.lacking
    lines = (reverse("runners:import-one", args=[uid]), brought.part_size, lacking, far.there)
    return plain_text("\n".join(map(str, lines)), 200)


def body_of(request: AuthedRequest) -> bytes:
    """As much as came: less than was said where the connection broke. `BodyLimit` bounds it."""
    chunks = []
    try:
        while chunk := request.read(settings.IMPORT_PART_BYTES):
            chunks.append(chunk)
    except UnreadablePostError:
        return b""
    return b"".join(chunks)


@require_POST
@consent_required
@rate_limited("bring_in", instead=too_often)
def import_begin(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """A list of files: `uploading.announced`. Its address says whether they stay."""
    try:
        files = uploading.announced(body_of(request))
    except ValueError:
        files = []
    if not files:
        return plain_text(words(f"{NOTICES}no-file"), 422)
    try:
        keeps = KEEP in request.GET
        brought = uploading.begin(files, uid=uid, by=request.user, keeps_files=keeps)
    except NoRoom as problem:
        return plain_text(words(f"{NOTICES}{problem.reason}", **problem.fields), 422)
    except uploading.OtherFiles:
        say(request, messages.WARNING, f"{NOTICES}other-files")
        return HttpResponseClientRedirect(reverse("runners:import"))
    except Unfinished as problem:
        say(request, messages.WARNING, f"{NOTICES}unfinished")
        return HttpResponseClientRedirect(reverse("runners:import-one", args=[problem.brought.uid]))
    return told(request, brought.uid)


@require_safe
def import_sent(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    return told(request, uid)


@require_POST
@consent_required
@rate_limited("bring_in_part", instead=too_often)
def import_part(request: AuthedRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    data = body_of(request)
    brought = own_import(request, uid)
    try:
        uploading.keep(brought, number, data, by=request.user)
    except uploading.NotAnnounced:
        return plain_text(words(f"{NOTICES}not-announced"), 422)
    except NoRoom:
        return plain_text(words(f"{NOTICES}disk-full-meanwhile"), 507)
    return told(request, uid)


@require_POST
def import_drop(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    uploading.drop(own_import(request, uid))
    return redirect("runners:import")
