"""Changing the address that one signs in with."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from runners.accounts import addresses
from runners.accounts.forms import EmailForm
from runners.models import EmailChange
from runners.web.http import AuthedRequest, posted
from runners.web.notices import say
from runners.web.password import password_asked_again_to_change
from runners.web.rate_limits import rate_limited

NOTICES = "runners/accounts/notices.html#"


@require_http_methods(["GET", "POST"])
@never_cache
@password_asked_again_to_change
@rate_limited("change_email")
def email(request: AuthedRequest) -> HttpResponse:
    form = EmailForm(posted(request), user=request.user)
    if form.is_valid():
        try:
            change = addresses.change_address(
                form.cleaned_data["email"], by=request.user, request=request
            )
        except addresses.Taken:
            form.add_error("email", form.TAKEN)
        else:
            return _changed(request, change)
    asked = EmailChange.objects.filter(user=request.user).first()
    waits = asked is not None and asked.is_open and asked.email != request.user.email
    context = {"form": form, "change": asked if waits else None}
    status = 422 if form.errors else 200
    return render(request, "account/email_change.html", context, status=status)


def _changed(request: AuthedRequest, change: EmailChange) -> HttpResponse:
    if change.is_in_force:
        say(request, messages.SUCCESS, f"{NOTICES}email-changed", email=change.email)
        return redirect("runners:settings")
    say(request, messages.SUCCESS, f"{NOTICES}email-asked", email=change.email)
    return redirect("account_email")


@require_http_methods(["GET", "POST"])
@never_cache
def email_confirm(request: AuthedRequest, token: str) -> HttpResponse:
    """Only for the account that asked: whoever holds the mail of a mistyped address gets nothing.

    It asks first, because mail programs open links on their own.
    """
    if request.method == "POST":
        try:
            change = addresses.confirm_address(token, by=request.user, request=request)
        except (addresses.NoLongerOpen, addresses.Taken):
            return _leads_nowhere(request)
        return _changed(request, change)
    asked = EmailChange.objects.filter(user=request.user, token=token).first()
    if asked is None or not asked.is_open:
        return _leads_nowhere(request)
    return render(request, "account/email_change_confirm.html", {"change": asked})


def _leads_nowhere(request: AuthedRequest) -> HttpResponse:
    request.user.refresh_from_db(fields=["email"])
    return render(request, "account/email_change_confirm.html", {"change": None}, status=404)
