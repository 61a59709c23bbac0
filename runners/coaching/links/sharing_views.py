"""What an athlete shares with whom, and who looked."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from runners import access
from runners.coaching.links import actions, confirming
from runners.coaching.links.invitation_forms import InviteCoachForm
from runners.coaching.links.seen_by import by_day
from runners.coaching.links.sharing_forms import SeenByForm, SwitchesForm, in_words
from runners.coaching.links.switch_words import label_of, rows_on
from runners.models import (
    AccessRecord,
    Invitation,
    InvitationKind,
    SharingChange,
)
from runners.web import absolute_urls as site
from runners.web.carried import Edit, worded
from runners.web.http import AuthedRequest, form_on, posted
from runners.web.merging import Clashed
from runners.web.notices import say
from runners.web.password import password_was_given

NOTICES = "runners/coaching/links/notices.html#"

PAGE_DAYS = 30  # days with a look on one page


@require_safe
@never_cache
def sharing(request: AuthedRequest) -> HttpResponse:
    return sharing_page(request, InviteCoachForm(athlete=request.user))


def sharing_page(request: AuthedRequest, form: InviteCoachForm, status: int = 200) -> HttpResponse:
    """4 queries: 2 for who asks, the coaches, the open invitations; 1 more for the warning."""
    athlete = request.user
    today = athlete.local_day()
    links = access.links_of_athlete(athlete).not_ended().select_related("coach")
    asked = Invitation.objects.of(athlete).open().filter(kind=InvitationKind.COACH)
    shown = [(link, rows_on(link, today)) for link in links.order_by("started_at")]
    context = {
        "form": form,
        "in_question": [(link, rows) for link, rows in shown if not link.is_open],
        "coaches": [(link, rows) for link, rows in shown if link.is_open],
        "asked": [(row, rows_on(row, today), actions.last_day(row, athlete)) for row in asked],
        # Without a mail server nobody but the athlete can hand the link over.
        "site": "" if settings.SENDS_MAIL else site.address(request),
        "valid_weeks": actions.VALID_WEEKS,
    }
    return render(request, "runners/coaching/links/sharing.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache  # the back button must not bring back switches that have been changed since
def sharing_edit(request: AuthedRequest, link_id: int) -> HttpResponse:
    athlete = request.user
    link = access.own_link(athlete, link_id)
    state = actions.switch_state(link, athlete.local_day())
    edit = Edit(request, f"link {link.pk}", state)
    form = SwitchesForm(posted(request), athlete=athlete, state=state)
    if form.is_valid():
        try:
            changed = actions.change_switches(
                link,
                form.to_state(),
                by=athlete,
                base=edit.base,
                password_given=password_was_given(request),
            )
        except Clashed as clashed:
            form = SwitchesForm(athlete=athlete, state=clashed.merged)
            asked = worded(clashed.clashes, edit.base, label=label_of, words=in_words)
            edit.ask(clashed, asked)
        else:
            shared = rows_on(changed, athlete.local_day())
            say(request, messages.SUCCESS, f"{NOTICES}switches-saved", link=changed, shared=shared)
            return redirect("runners:sharing")
    return edit.page("runners/coaching/links/sharing_edit.html", form, link=link)


@form_on("runners:sharing")
def sharing_end(request: AuthedRequest, link_id: int) -> HttpResponse:
    link = access.own_link(request.user, link_id)
    actions.end_link(link, by=request.user)
    say(request, messages.SUCCESS, f"{NOTICES}ended", link=link)
    return redirect("runners:sharing")


@form_on("runners:sharing")
def sharing_confirm(request: AuthedRequest, link_id: int) -> HttpResponse:
    link = access.own_link(request.user, link_id)
    confirming.confirm_coach(link, by=request.user, password_given=password_was_given(request))
    say(request, messages.SUCCESS, f"{NOTICES}confirmed", link=link)
    return redirect("runners:sharing")


@form_on("runners:sharing")
def sharing_noted(request: AuthedRequest, link_id: int) -> HttpResponse:
    """That a coach accepted has been read. A link that ended meanwhile is as good as noted."""
    link = get_object_or_404(access.links_of_athlete(request.user), pk=link_id)
    confirming.put_news_away(link, by=request.user)
    return redirect("guidance:today")


# Who looked


@require_safe
@never_cache
def seen_by(request: AuthedRequest) -> HttpResponse:
    """5 queries: 2 for who asks, the days, looks and changes; 1 more for the warning."""
    form = SeenByForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    looks = AccessRecord.objects.of(request.user)
    changes = SharingChange.objects.of(request.user)
    if before:
        looks, changes = looks.filter(day__lt=before), changes.filter(day__lt=before)
    # One day more than is shown tells whether there are older ones.
    either = looks.order_by().values_list("day").union(changes.order_by().values_list("day"))
    days = [day for (day,) in either.order_by("-day")[: PAGE_DAYS + 1]]
    shown = days[:PAGE_DAYS]
    if shown:
        looks = looks.filter(day__gte=shown[-1]).select_related("coach")
        changes = changes.filter(day__gte=shown[-1]).select_related("link__coach")
    context: dict[str, Any] = {
        "kept_months": AccessRecord.KEPT_MONTHS,
        "days": by_day(shown, looks, changes) if shown else [],
        "older": shown[-1] if len(days) > PAGE_DAYS else None,
        "before": before,
    }
    return render(request, "runners/coaching/links/seen_by.html", context)
