"""Pages about oneself: the first questions, settings, consent, leaving and coming back."""

from allauth.account.forms import ReauthenticateForm
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from runners.accounts import actions, leaving
from runners.accounts.forms import SettingsForm, TimeZoneForm, WelcomeForm
from runners.models import Consent
from runners.web.carried import Edit, shown
from runners.web.going_on import first_page
from runners.web.http import AuthedRequest, posted
from runners.web.merging import Clashed
from runners.web.notices import say
from runners.web.welcome import open_before_welcome, open_while_leaving

NOTICES = "runners/accounts/notices.html#"


@open_before_welcome
@require_http_methods(["GET", "POST"])
def welcome(request: AuthedRequest) -> HttpResponse:
    if request.user.welcomed_at:
        return redirect("guidance:today")
    languages = request.headers.get("Accept-Language", "")
    form = WelcomeForm(posted(request), person=request.user, languages=languages)
    if form.is_valid():
        agrees = form.cleaned_data.pop("consent", False)
        actions.answer_welcome(form.cleaned_data, agrees=agrees, by=request.user)
        return redirect(f"{reverse('guidance:care-first')}?step=2")
    status = 422 if form.errors else 200
    return render(request, "runners/accounts/welcome.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache  # the back button must not bring back what has been changed since
def settings(request: AuthedRequest) -> HttpResponse:
    form = SettingsForm(posted(request), person=request.user)
    edit = Edit(request, "settings", form.initial)
    if form.is_valid():
        try:
            actions.save_settings(form.cleaned_data, by=request.user, base=edit.base)
        except Clashed as clashed:
            form = SettingsForm(person=request.user, initial=dict(clashed.merged))
            edit.ask(clashed, shown(form, clashed.clashes, edit.base))
        else:
            say(request, messages.SUCCESS, f"{NOTICES}saved")
            return redirect("runners:settings")
    consent = Consent.objects.of(request.user).in_force().first()
    return edit.page("runners/accounts/settings.html", form, consent=consent)


@require_POST
def time_zone(request: AuthedRequest) -> HttpResponse:
    """One tap on Today, away from home. A zone nobody knows changes nothing."""
    form = TimeZoneForm(request.POST)
    if form.is_valid():
        zone = form.cleaned_data["time_zone"]
        actions.save_settings({"time_zone": zone}, by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}time-zone", zone=zone)
        return redirect("guidance:today")
    return redirect("runners:settings")


@require_http_methods(["GET", "POST"])
def consent(request: AuthedRequest) -> HttpResponse:
    """See, give and take back the consent to keep health data."""
    if request.method == "POST":
        if request.POST.get("agree") == "yes":
            actions.give_consent(by=request.user)
            say(request, messages.SUCCESS, f"{NOTICES}consent-given")
        else:
            actions.withdraw_consent(by=request.user)
            say(request, messages.SUCCESS, f"{NOTICES}consent-withdrawn")
        return redirect("runners:consent")
    context = {"consents": Consent.objects.of(request.user)}
    return render(request, "runners/accounts/consent.html", context)


@open_before_welcome
@require_http_methods(["GET", "POST"])
@never_cache
def delete_account(request: AuthedRequest) -> HttpResponse:
    """Asks twice: it says what becomes of everything, and then wants the password.

    What is sent without one is the button of the first page, however long that was open.
    """
    form = None
    if request.method == "POST":
        sent = request.POST if "password" in request.POST else None
        form = ReauthenticateForm(sent, user=request.user)
        if form.is_valid():
            last_day = leaving.leave(by=request.user, request=request)
            logout(request)
            say(request, messages.SUCCESS, f"{NOTICES}left", last_day=last_day)
            return redirect("runners:landing")
    context = {"form": form, "days": leaving.DAYS, "last_day": leaving.last_day(request.user)}
    status = 422 if form and form.errors else 200
    return render(request, "runners/accounts/delete_account.html", context, status=status)


@open_while_leaving
@require_http_methods(["GET", "POST"])
@never_cache
def come_back(request: AuthedRequest) -> HttpResponse:
    """All that somebody who has left is shown. For everybody else it leads on."""
    person = request.user
    if request.method == "POST":
        leaving.come_back(by=person, request=request)
        say(request, messages.SUCCESS, f"{NOTICES}came-back")
    elif person.leaves_at is not None:
        is_over = person.leaves_at <= timezone.now()
        context = {"last_day": leaving.last_day(person), "is_over": is_over}
        return render(request, "runners/accounts/come_back.html", context)
    return redirect(first_page(person))
