"""The daily reminder: setting it, its calendar, and stopping it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from runners.models import Reminder
from runners.models.reminders import Way
from runners.reminders import actions
from runners.reminders.feed import calendar_of
from runners.reminders.forms import ReminderForm
from runners.web import absolute_urls as site
from runners.web.calendar_feeds import calendar_answer, webcal
from runners.web.http import AuthedRequest, PublicRequest, posted
from runners.web.notices import say
from runners.web.welcome import open_before_welcome

NOTICES = "runners/reminders/notices.html#"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # an old page would show an address that finds nothing any more
def reminder(request: AuthedRequest) -> HttpResponse:
    row = Reminder.objects.filter(runner=request.user).first()
    initial = {"at": row.at, "way": row.way} if row else None
    form = ReminderForm(posted(request), initial=initial)
    if form.is_valid():
        actions.save_reminder(form.cleaned_data["at"], form.to_way(), by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}saved", by_mail=form.to_way() is Way.MAIL)
        return redirect("runners:reminder")
    feed = site.absolute("runners:reminder-feed", row.token, request=request) if row else ""
    context = {
        "form": form,
        "reminder": row,
        "feed": feed,
        "webcal": webcal(feed),
        "in_calendar": row is not None and row.way == Way.CALENDAR,
    }
    status = 422 if form.errors else 200
    return render(request, "runners/reminders/reminder.html", context, status=status)


@require_POST
def reminder_renew(request: AuthedRequest) -> HttpResponse:
    actions.renew_address(by=request.user)
    say(request, messages.SUCCESS, f"{NOTICES}new-address")
    return redirect("runners:reminder")


@require_POST
def reminder_end(request: AuthedRequest) -> HttpResponse:
    actions.stop_reminder(by=request.user)
    say(request, messages.SUCCESS, f"{NOTICES}stopped")
    return redirect("runners:reminder")


@login_not_required
@require_safe
@never_cache
def reminder_feed(request: PublicRequest, token: str) -> HttpResponse:
    """For calendar apps, which cannot sign in. Stopped, or with a new address: 404. 1 query."""
    rows = Reminder.objects.filter(runner__is_active=True).select_related("runner")
    row = get_object_or_404(rows, token=token)
    link = site.absolute("runners:check-in", request=request)
    calendar = calendar_of(row, link=link, now=timezone.now())
    return calendar_answer(calendar, "limber-reminder.ics")


@login_not_required
@open_before_welcome
@csrf_exempt  # mail programs post here on their own (RFC 8058); the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_stop(request: PublicRequest, token: str) -> HttpResponse:
    """Ask before stopping, because programs that look for malware open every link of a mail.

    One that was stopped already, or never was, answers as one that is stopped now.
    """
    is_stopped = request.method == "POST"
    if is_stopped and (
        row := Reminder.objects.filter(token=token).select_related("runner").first()
    ):
        actions.stop_reminder(by=row.runner)
    return render(request, "runners/reminders/reminder_stop.html", {"is_stopped": is_stopped})
