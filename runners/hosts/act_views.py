"""What a host does to an account. Each asks for the host's own password, unless it was just given.

What waits for the password is done without its address being looked up anew, so it is the actions
that ask again whether the doer is a host.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from runners import access
from runners.accounts import leaving
from runners.hosts import actions
from runners.hosts.actions import OwnAccount, Resent
from runners.hosts.forms import EraseForm
from runners.models import User
from runners.web.http import AuthedRequest, form_on, posted
from runners.web.notices import say
from runners.web.password import password_asked_again_to_change
from runners.web.welcome import for_hosts

NOTICES = "runners/hosts/notices.html#"


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def deactivate(request: AuthedRequest, account_id: int) -> HttpResponse:
    return _do(request, account_id, actions.deactivate, "deactivated", "deactivated-before")


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def reactivate(request: AuthedRequest, account_id: int) -> HttpResponse:
    return _do(request, account_id, actions.reactivate, "reactivated", "reactivated-before")


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def end_sessions(request: AuthedRequest, account_id: int) -> HttpResponse:
    return _do(request, account_id, actions.end_sessions, "signed-out", "signed-out-before")


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def resend(request: AuthedRequest, account_id: int) -> HttpResponse:
    person = access.account_for(request.user, account_id)
    try:
        became = actions.send_link(person, by=request.user, request=request)
    except OwnAccount:
        return _said(request, person, messages.WARNING, "own-account")
    level = messages.SUCCESS if became is Resent.SENT else messages.WARNING
    return _said(request, person, level, became.value)


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def reset_second_step(request: AuthedRequest, account_id: int) -> HttpResponse:
    act = actions.reset_second_step
    return _do(request, account_id, act, "second-step-reset", "second-step-reset-before")


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def approve_coach(request: AuthedRequest, account_id: int) -> HttpResponse:
    return _do(request, account_id, actions.approve_coach, "may-coach", "may-coach-before")


@for_hosts
@form_on("runners:host-accounts")
@password_asked_again_to_change
def refuse_coach(request: AuthedRequest, account_id: int) -> HttpResponse:
    return _do(request, account_id, actions.refuse_coach, "coach-refused", "coach-refused-before")


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@password_asked_again_to_change
def erase(request: AuthedRequest, account_id: int) -> HttpResponse:
    """Asks twice: it says what becomes of the account, and wants its e-mail typed."""
    person = access.account_for(request.user, account_id)
    if person.pk == request.user.pk:
        return _said(request, person, messages.WARNING, "own-account")
    if person.is_leaving:
        return _said(request, person, messages.SUCCESS, "closed-before")
    form = EraseForm(posted(request), expected=person.email)
    if form.is_valid():
        return _do(request, account_id, actions.erase, "closed", "closed-before")
    last_day = leaving.last_day(person)
    context = {"here": "", "form": form, "person": person, "last_day": last_day}
    status = 422 if form.errors else 200
    return render(request, "runners/hosts/erase.html", context, status=status)


def _do(
    request: AuthedRequest, account_id: int, act: Callable[..., bool], done: str, before: str
) -> HttpResponse:
    """Whether it was done just now, or before, by a page sent twice or by another host."""
    person = access.account_for(request.user, account_id)
    try:
        is_new = act(person, by=request.user, request=request)
    except OwnAccount:
        return _said(request, person, messages.WARNING, "own-account")
    return _said(request, person, messages.SUCCESS, done if is_new else before)


def _said(request: AuthedRequest, person: User, level: int, notice: str) -> HttpResponse:
    say(request, level, f"{NOTICES}{notice}", name=str(person))
    return redirect("runners:host-account", person.pk)
