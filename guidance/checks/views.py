"""The self-checks: all of them, how to do one, and its newest result."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guidance.advice.advice import OwnAdvice, advise
from guidance.advice.history import plain_result
from guidance.checks import actions as checks_actions
from guidance.checks.chart import draw
from guidance.checks.forms import CheckResultForm
from guidance.checks.page import (
    asked_first,
    check_lines,
    first_side,
    not_allowed,
    reason_for_all,
    result_page,
    result_said,
)
from guidance.knowledge import current_knowledge
from guidance.library.entries import CHECKS, Entry, drawing_of, entry_at
from guidance.models import CheckResult
from guidance.rules.catalogue import Check
from guidance.rules.plan.not_now import NotNow
from guidance.rules.said import Said
from guidance.rules.self_checks import hard_run_lately, still_counts
from runners.web.http import AuthedRequest, consent_required, sent_uid

EARLIER_SHOWN = 12  # results on the result page: a quarter of a year, once a week
NONE, ASK = "none", "ask"  # nothing speaks against doing it; not answered yet


@require_safe
@never_cache  # the back button shows what may be done now
def checks(request: AuthedRequest) -> HttpResponse:
    lines = check_lines(advise(request.user, request.user.local_day()))
    context = {"lines": lines, "reasons": reason_for_all(lines), "words": current_knowledge().words}
    return render(request, "guidance/checks/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache  # an old page has the uid of a result that is stored already
@consent_required
def check(request: AuthedRequest, slug: str) -> HttpResponse:
    """First what speaks against it (`?first=none` or `some` is the answer), then the check.

    `?correct=` opens a result of today again.
    """
    entry, found = check_or_404(slug)
    today = request.user.local_day()
    advice = advise(request.user, today)
    not_now = not_allowed(advice).get(found.id)
    if request.method == "POST":
        if not_now is not None and stored_result(request, found, request.POST.get("uid", "")):
            not_now = None  # sent again or corrected: it is no second check
        return save(request, entry, found, advice, not_now)
    correct = stored_result(request, found, request.GET.get("correct", ""))
    if correct is not None and correct.day == today:
        form = CheckResultForm(check=found, first=first_side(advice), correct=correct)
        return check_page(request, entry, advice, form=form)
    if not_now is not None:
        return check_page(request, entry, advice, not_now=not_now)
    if found.blocks and request.GET.get("first") != NONE:
        return check_page(request, entry, advice, first=request.GET.get("first", ASK))
    form = CheckResultForm(check=found, first=first_side(advice))
    return check_page(request, entry, advice, form=form)


def save(
    request: AuthedRequest, entry: Entry, check: Check, advice: OwnAdvice, not_now: NotNow | None
) -> HttpResponse:
    """Store the result, unless something stands against it: then 422, and nothing is stored."""
    if not_now is not None:
        return check_page(request, entry, advice, not_now=not_now, status=422)
    if check.blocks and request.POST.get("asked") != NONE:
        return check_page(request, entry, advice, first=ASK, status=422)
    form = CheckResultForm(request.POST, check=check, first=first_side(advice))
    if not form.is_valid():
        return check_page(request, entry, advice, form=form, status=422)
    try:
        checks_actions.save_check_result(form.to_result(), by=request.user)
    except checks_actions.CheckedThisWeek:
        done = NotNow((Said("not_now.done"),))
        return check_page(request, entry, advice, not_now=done, status=422)
    return redirect("guidance:check-result", slug=entry.slug)


def check_page(
    request: AuthedRequest,
    entry: Entry,
    advice: OwnAdvice,
    *,
    form: CheckResultForm | None = None,
    not_now: NotNow | None = None,
    first: str = "",
    status: int = 200,
) -> HttpResponse:
    """One of: why not now, what speaks against it (`first`), or the check with its form."""
    context = {
        "entry": entry,
        "check": entry.thing,
        "form": form,
        "not_now": not_now,
        "first": first,
        "against": asked_first(entry),
        "has_result": any(result.check == entry.id for result in advice.history.checks),
        "hard_run": hard_run_lately(advice.history),
        "drawing": drawing_of(entry),
        "words": current_knowledge().words,
    }
    response = render(request, "guidance/checks/check.html", context, status=status)
    if form is not None and form.check.phone:
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY_OF_A_LEVEL
    return response


def stored_result(request: AuthedRequest, check: Check, uid: str) -> CheckResult | None:
    """A result of this check that is stored already: sent again, or opened to be corrected."""
    named = sent_uid(uid)
    if named is None:
        return None
    return CheckResult.objects.of(request.user).filter(check_id=check.id, uid=named).first()


@require_safe
@never_cache
def check_result(request: AuthedRequest, slug: str) -> HttpResponse:
    """The newest result beside the usual ranges and the earlier ones."""
    entry, found = check_or_404(slug)
    today = request.user.local_day()
    rows = CheckResult.objects.of(request.user).filter(check_id=found.id).newest_first()
    stored = list(rows[:EARLIER_SHOWN])
    if not stored:
        return redirect("guidance:check", slug=slug)
    advice = advise(request.user, today)
    results = [plain_result(row) for row in stored]
    context = {
        "entry": entry,
        "check": found,
        "page": result_page(found, results[0], advice),
        "correct": stored[0].uid if stored[0].day == today else None,
        "earlier": [
            (result.day, result_said(found, result), still_counts(result.day, today))
            for result in results[1:]
        ],
        "picture": draw(found, results[::-1], today),
        "may_again": found.id not in not_allowed(advice),
        "words": current_knowledge().words,
    }
    return render(request, "guidance/checks/check_result.html", context)


def check_or_404(slug: str) -> tuple[Entry, Check]:
    entry = entry_at(CHECKS.slug, slug)
    if entry is None or not isinstance(entry.thing, Check):
        raise Http404
    return entry, entry.thing
