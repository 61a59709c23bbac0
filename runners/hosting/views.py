"""What machines ask: whether all is well, what robots may read, whom to tell of a hole."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from runners.hosting.checkup import all_findings
from runners.web.absolute_urls import absolute
from runners.web.http import plain_text
from runners.web.welcome import open_before_welcome

OK, NOT_OK = 200, 503
CONTACT_COUNTS = dt.timedelta(days=180)
ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /\n"  # the first page, and nobody's diary


@login_not_required
@open_before_welcome
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """To strangers ok or not, by the database; to whoever has the host's token each finding."""
    if _is_of_host(request):
        findings = list(all_findings(timezone.now()))
        lines = (
            f"{finding.what}: {'ok' if finding.is_right else 'not ok'}, {finding.said}"
            for finding in findings
        )
        is_well = all(finding.is_right for finding in findings)
        return plain_text("\n".join(lines), OK if is_well else NOT_OK)
    is_well = _database_answers()
    return plain_text("ok" if is_well else "not ok", OK if is_well else NOT_OK)


@login_not_required
@open_before_welcome
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return plain_text(ROBOTS)


@login_not_required
@open_before_welcome
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    expires = (timezone.now() + CONTACT_COUNTS).replace(microsecond=0)
    lines = (
        f"Contact: mailto:{settings.HOST_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {absolute('runners:security-txt', request=request)}",
    )
    return plain_text("\n".join(lines) + "\n")


def _is_of_host(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "")
    return bool(settings.HEALTH_TOKEN) and constant_time_compare(
        sent, f"Bearer {settings.HEALTH_TOKEN}"
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
