"""The warning signs: one look of a minute, and how an open sign is settled."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.advice.history import flag_answers_of
from guidance.advice.open_flags import OpenFlag, answered_no_on, asked_flags, open_flags
from guidance.models import Answer, Screen, ScreenResult
from guidance.questions.actions import Value
from guidance.rules.ids import ASK_BONE_RISK, ASK_WARNING_SCREEN
from guidance.rules.log.current_answers import answer_counts
from guidance.rules.types import FlagAnswer
from guidance.warning_signs import actions
from guidance.warning_signs.forms import MISTAKE, GlanceForm, SettleForm, WarningSignsForm
from runners import standing
from runners.check_ins.views import page_after
from runners.models import User
from runners.web.http import AuthedRequest, consent_required, day_or_404, redirect_or_refresh
from runners.web.notices import say

NOTICES = "guidance/warning_signs/notices.html#"
FROM_CHECK_IN = "check-in"  # why the screen is asked, in its address


@dataclass(frozen=True, slots=True)
class SoFar:
    """What is known before the screen is gone through."""

    today: dt.date
    unnamed: Screen | None
    still_open: list[OpenFlag]
    answered_no: frozenset[str]
    bone_risk: Value


def so_far(runner: User) -> SoFar:
    """2 queries."""
    today = runner.local_day()
    unnamed, signs = flag_answers_of(runner, today)
    risk = Answer.objects.latest_of(runner, ASK_BONE_RISK)
    return SoFar(
        today=today,
        unnamed=unnamed,
        still_open=open_flags(signs),
        answered_no=answered_no_on(signs, today),
        bone_risk=risk.value if risk and answer_counts(risk.day, today) else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # the back button must not bring back a sign that has been settled since
@consent_required
def warning_signs(request: AuthedRequest) -> HttpResponse:
    known = so_far(request.user)
    if request.method != "POST":
        return show(request, known, first_look(known))
    form = WarningSignsForm(request.POST, today=known.today, still_open=known.still_open)
    if not form.is_valid():
        return show(request, known, form, status=422)
    given = form.to_given()
    actions.save_screen(given, bone_risk=form.to_bone_risk(), by=request.user)
    if any(sign.yes for sign in given):  # what to do about it stands first on that page
        return redirect_or_refresh(request, "guidance:guidance")
    if form.left_open:
        say(request, messages.SUCCESS, f"{NOTICES}left-open", groups=form.left_open)
        return redirect_or_refresh(request, "guidance:warning-signs")
    say(request, messages.SUCCESS, f"{NOTICES}saved")
    return redirect_or_refresh(request, "guidance:guidance")


def first_look(known: SoFar) -> WarningSignsForm:
    return WarningSignsForm(
        today=known.today,
        still_open=known.still_open,
        answered_no=known.answered_no,
        bone_risk=known.bone_risk,
    )


def show(
    request: AuthedRequest,
    known: SoFar,
    form: WarningSignsForm,
    *,
    settle: SettleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "known": known,
        "settle": settle,
        "today": known.today,
        "after_check_in": request.GET.get("why") == FROM_CHECK_IN,
    }
    return render(request, "guidance/warning_signs/warning_signs.html", context, status=status)


@require_POST
@consent_required
def warning_signs_at_a_glance(request: AuthedRequest) -> HttpResponse:
    """The two answers below the list that stands before a first plan: none, or one of these."""
    form = GlanceForm(request.POST)
    if not form.is_valid():
        return redirect_or_refresh(request, "guidance:warning-signs")
    if form.cleaned_data["result"] == ScreenResult.SOME:
        actions.note_unnamed(by=request.user)
        return redirect_or_refresh(request, "guidance:guidance")
    known = so_far(request.user)
    still_open = {sign.flag.id for sign in known.still_open}
    noes = [
        FlagAnswer(known.today, sign.id, yes=False)
        for sign in asked_flags()
        if sign.id not in still_open
    ]
    actions.save_screen(noes, by=request.user)
    return redirect_or_refresh(request, f"{reverse('guidance:guidance')}#plan")


@require_POST
def warning_signs_close(request: AuthedRequest) -> HttpResponse:
    """A clinician has seen a sign, or it was a mistake. Without a sign: the one never named."""
    form = SettleForm(request.POST, today=request.user.local_day())
    if not form.is_valid():
        known = so_far(request.user)
        return show(request, known, first_look(known), settle=form, status=422)
    sign, seen_on = form.cleaned_data["sign"], form.cleaned_data["seen_on"]
    if sign:
        actions.settle_flag(sign, seen_on=seen_on, by=request.user)
    else:
        actions.settle_unnamed(seen_on=seen_on, by=request.user)
    notice = "mistake" if form.cleaned_data["why"] == MISTAKE else "seen"
    say(request, messages.SUCCESS, NOTICES + notice)
    return redirect_or_refresh(request, "guidance:guidance")


@require_safe
def after_check_in(request: AuthedRequest, day: str) -> HttpResponse:
    """Where a saved check-in leads: to the warning signs if they cannot wait, else as usual."""
    saved = day_or_404(day)
    if standing.current(request.user).ask_next == ASK_WARNING_SCREEN:
        return redirect(f"{reverse('guidance:warning-signs')}?why={FROM_CHECK_IN}")
    return redirect(page_after(saved, request.user))
