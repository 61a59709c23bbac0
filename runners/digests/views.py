"""Stopping a weekly mail with one click."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from runners.digests import unsubscribing as stopping
from runners.web.http import PublicRequest
from runners.web.welcome import open_before_welcome


@login_not_required
@open_before_welcome
@csrf_exempt  # mail programs post here on their own (RFC 8058); the signed link is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def digest_stop(request: PublicRequest, token: str) -> HttpResponse:
    """Ask before stopping, because programs that look for malware open every link of a mail."""
    asked = stopping.read_token(token)
    if asked is None:
        return render(request, "runners/digests/digest_stop.html", {"is_unknown": True}, status=404)
    user_id, kind = asked
    is_stopped = request.method == "POST"
    if is_stopped:
        stopping.stop(user_id, kind)
    context = {"kind": kind, "is_stopped": is_stopped, "is_unknown": False}
    return render(request, "runners/digests/digest_stop.html", context)
