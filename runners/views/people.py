"""Pages about oneself: the first questions, settings, consent, deleting the account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from runners import actions
from runners.auth import password_asked_again
from runners.forms import SettingsForm, WelcomeForm
from runners.http import AuthedRequest, posted
from runners.models import Consent


@require_http_methods(["GET", "POST"])
def welcome(request: AuthedRequest) -> HttpResponse:
    if request.user.welcomed_at:
        return redirect("guidance:today")
    form = WelcomeForm(posted(request), instance=request.user)
    if form.is_valid():
        form.save()
        return redirect("guidance:care-first")
    request.user.refresh_from_db()
    status = 422 if form.errors else 200
    return render(request, "runners/welcome.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def settings(request: AuthedRequest) -> HttpResponse:
    form = SettingsForm(posted(request), instance=request.user)
    if form.is_valid():
        actions.save_settings(form.save(commit=False), by=request.user)
        messages.success(request, "Saved.")
        return redirect("runners:settings")
    status = 422 if form.errors else 200
    if form.errors:
        request.user.refresh_from_db()
    context = {"form": form, "consent": Consent.objects.of(request.user).in_force().first()}
    return render(request, "runners/settings.html", context, status=status)


@require_http_methods(["GET", "POST"])
def consent(request: AuthedRequest) -> HttpResponse:
    """See, give and take back the consent to keep health data."""
    if request.method == "POST":
        if request.POST.get("agree") == "yes":
            actions.give_consent(by=request.user)
            messages.success(request, "Thank you. You can log again.")
        else:
            actions.withdraw_consent(by=request.user)
            messages.success(request, "Taken back. Nothing more is stored from now on.")
        return redirect("runners:consent")
    context = {"consents": Consent.objects.of(request.user)}
    return render(request, "runners/consent.html", context)


@require_http_methods(["GET", "POST"])
@password_asked_again
def delete_account(request: AuthedRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "runners/delete_account.html")
    actions.delete_account(by=request.user)
    logout(request)
    messages.success(request, "Your account and everything in it is gone. Run well.")
    return redirect("runners:landing")
