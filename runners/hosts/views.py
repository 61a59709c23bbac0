"""What a host looks at. Nobody's diary is among it."""

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from runners.hosting.checkup import all_findings
from runners.hosts import page, queries
from runners.hosts.forms import AccountsForm, EventsForm, FindForm
from runners.models import AccessRecord
from runners.web.http import AuthedRequest
from runners.web.welcome import for_hosts


@for_hosts
@require_safe
@never_cache
def host(request: AuthedRequest) -> HttpResponse:
    """Asks the mail server and the clock as well, as the doctor does."""
    context = {
        "here": "host",
        "numbers": queries.read_numbers(request.user),
        "findings": list(all_findings(timezone.now())),
        "waiting": page.waiting(),
        "disks": list(page.disks()),
        "backups": page.backups(),
        "events": queries.latest_events(),
    }
    return render(request, "runners/hosts/host.html", context)


@for_hosts
@require_safe
@never_cache
def accounts(request: AuthedRequest) -> HttpResponse:
    """4 queries: 2 for who asks, and 2 of the list."""
    form = AccountsForm(request.GET, auto_id="ask-%s")
    asked = _asked(form)
    shown = queries.read_accounts(
        request.user, words=asked["q"], state=asked["state"], page=asked["page"]
    )
    return _list(request, "accounts", form, shown)


@for_hosts
@require_safe
@never_cache
def account(request: AuthedRequest, account_id: int) -> HttpResponse:
    """At most 9 queries: 2 for who asks."""
    one = queries.read_account(request.user, account_id)
    context = {
        "here": "",
        "one": one,
        "person": one.account.person,
        "is_own": one.account.person == request.user,
        "sends_mail": settings.SENDS_MAIL,
        "approves_coaches": settings.COACHES_ARE_APPROVED,
    }
    return render(request, "runners/hosts/account.html", context)


@for_hosts
@require_safe
@never_cache
def coaching(request: AuthedRequest) -> HttpResponse:
    """4 queries, as the accounts."""
    form = FindForm(request.GET, auto_id="ask-%s")
    asked = _asked(form)
    shown = queries.read_links(request.user, words=asked["q"], page=asked["page"])
    return _list(request, "coaching", form, shown)


@for_hosts
@require_safe
@never_cache
def security(request: AuthedRequest) -> HttpResponse:
    """4 queries."""
    form = EventsForm(request.GET, auto_id="ask-%s")
    asked = _asked(form)
    shown = queries.read_events(kind=asked["kind"], page=asked["page"])
    return _list(request, "security", form, shown, kept_months=AccessRecord.KEPT_MONTHS)


def _asked(form: Form) -> dict[str, str]:
    """What of it can be asked for; of the rest the form says what is wrong."""
    form.is_valid()
    return {name: form.cleaned_data.get(name, "") for name in form.fields}


def _list(
    request: AuthedRequest, name: str, form: Form, shown: Any, **more: object
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"here": name, "form": form, "shown": shown, **more}
    return render(request, f"runners/hosts/{name}.html", context, status=status)
