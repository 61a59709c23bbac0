"""What browsers refused because of the policy of a page: a line of the log each.

Either somebody tried to bring something into a page, or a page asks for what it must not. Anybody
can send a report, so nothing of it is believed or kept but two words of a known list.
"""

import json
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from runners.web.rate_limits import rate_limited
from runners.web.welcome import open_before_welcome

LARGEST = 16_000  # bytes; a page with many of them sends several
KINDS = {"inline", "eval", "data", "blob"}

logger = logging.getLogger(__name__)


@open_before_welcome
@login_not_required
@csrf_exempt  # browsers post here on their own
@require_POST
@rate_limited("csp_report")
def csp_reports(request: HttpRequest) -> HttpResponse:
    """Takes what `report-uri` and `report-to` send, and answers the same whatever it was."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= LARGEST:
        for directive, kind in refused(request.body):
            logger.warning("A browser refused by the policy: %s, %s", directive, kind)
    return HttpResponse(status=204)


def refused(body: bytes) -> list[tuple[str, str]]:
    """Directives with the kind of what was refused, each once; none where it cannot be read."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return []
    reports = sent if isinstance(sent, list) else [sent]
    found = [_read(report) for report in reports if isinstance(report, dict)]
    return list(dict.fromkeys(each for each in found if each[0]))


def _read(report: dict[str, Any]) -> tuple[str, str]:
    said = report.get("csp-report") or report.get("body")
    if not isinstance(said, dict):
        return "", ""
    named = str(said.get("effective-directive") or said.get("effectiveDirective") or "")
    directive = next((each for each in settings.SECURE_CSP if named.startswith(each)), "")
    blocked = str(said.get("blocked-uri") or said.get("blockedURL"))
    return directive, blocked if blocked in KINDS else "an address"
