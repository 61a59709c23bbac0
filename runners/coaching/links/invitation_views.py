"""Inviting athletes and coaches, and what an invited person sees."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from runners import access
from runners.coaching.links import actions, invitation_mail
from runners.coaching.links import sharing_views as sharing
from runners.coaching.links.invitation_forms import (
    KNOWN_COACH,
    TOO_MANY_WAITING,
    InviteAthletesForm,
    InviteCoachForm,
    InvitesForm,
    OneLinkForm,
    TeamLinkForm,
)
from runners.coaching.links.invitation_mail import MOST_A_DAY, send_waiting
from runners.coaching.links.sharing_forms import SwitchesForm
from runners.coaching.links.switch_words import shared_rows
from runners.models import CoachApproval, CoachLink, Invitation, InvitationKind, Team, User
from runners.web import absolute_urls as site
from runners.web import going_on
from runners.web.http import AuthedRequest, PublicRequest, form_on
from runners.web.notices import say, words
from runners.web.password import password_was_given
from runners.web.rate_limits import rate_limited

NOTICES = "runners/coaching/links/notices.html#"

PAGE = 50  # open invitations on one page
CLOSED = 20  # those that were answered or ran out, newest first


# The coach's page


@require_safe
@never_cache  # it holds addresses that work for whoever has them
def invitations(request: AuthedRequest) -> HttpResponse:
    """10 queries: 2 for who asks, 8 for the page."""
    return _coach_page(request)


def _coach_page(
    request: AuthedRequest,
    sent: InvitesForm | None = None,
    *,
    wrong: Iterable[str] = (),
    known: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    """A form that was sent stands in the place of its empty one."""
    coach = request.user
    teams = list(Team.objects.of(coach))
    forms: dict[str, InvitesForm] = {
        form.called: form(coach=coach, teams=teams)
        for form in (InviteAthletesForm, OneLinkForm, TeamLinkForm)
    }
    if sent is not None:
        forms[sent.called] = sent
    of_coach = Invitation.objects.of(coach).exclude(kind=InvitationKind.COACH)
    still_open = Paginator(of_coach.open().select_related("team"), PAGE)
    page = still_open.get_page(request.GET.get("page"))
    closed = of_coach.exclude(pk__in=of_coach.open().values("pk"))
    waiting = invitation_mail.waiting_of(coach)
    context = {
        **forms,
        "page": page,
        "open_ones": [(one, actions.last_day(one, coach)) for one in page],
        "site": site.address(request),
        "sends_mail": settings.SENDS_MAIL,
        "closed_ones": [
            (invitation, how_it_ended(invitation))
            for invitation in closed.prefetch_related("links__athlete")[:CLOSED]
        ],
        "waiting": waiting,
        "left_today": invitation_mail.left_today(coach) if waiting else None,
        "most_a_day": MOST_A_DAY,
        "valid_weeks": actions.VALID_WEEKS,
        "wrong": wrong,
        "known": known,
        **asking(coach),
    }
    return render(request, "runners/coaching/links/invitations.html", context, status=status)


def how_it_ended(invitation: Invitation) -> str:
    """The name of who accepted is known only while they share."""
    names = [link.athlete.name for link in invitation.links.all() if link.is_open]
    return words(
        f"runners/coaching/links/_how_it_ended.html#{ending(invitation)}",
        used=invitation.used,
        person=names[0] if names else "",
    )


def ending(invitation: Invitation) -> str:
    if invitation.kind == InvitationKind.TEAM:
        return "team-withdrawn" if invitation.withdrawn_at else "team-over"
    if invitation.used:
        return "accepted"
    if invitation.withdrawn_at:
        return "withdrawn"
    if invitation.refused_at:
        # Nobody can refuse what was never sent: it was the mail server.
        unsent = invitation.email and invitation.sent_at is None
        return "refused-by-server" if unsent else "refused"
    return "ran-out"


@form_on("runners:invitations")
@rate_limited("send_invitation")
def invite_athletes(request: AuthedRequest) -> HttpResponse:
    """Right addresses go although others are wrong; those stay in the box, and are named."""
    coach = request.user
    teams = list(Team.objects.of(coach))
    form = InviteAthletesForm(request.POST, coach=coach, teams=teams)
    known = None
    if form.is_valid():
        try:
            known = actions.invite(
                form.cleaned_data["addresses"], team=form.cleaned_data["team"], by=coach
            )
        except actions.TooManyWaiting:
            form.add_error("addresses", TOO_MANY_WAITING)
        except actions.NotApproved:  # the page is from before
            return _coach_page(request, status=403)
    if known is None:
        return _coach_page(request, form, status=422)
    _send(request)
    if not form.wrong and not known:
        return redirect("runners:invitations")
    left = {"addresses": "\n".join(form.wrong), "team": form.cleaned_data["team"]}
    again = InviteAthletesForm(coach=coach, teams=teams, initial=left)
    return _coach_page(request, again, wrong=form.named(), known=known)


@form_on("runners:invitations")
@rate_limited("send_invitation")
def invite_link(request: AuthedRequest) -> HttpResponse:
    coach = request.user
    teams = list(Team.objects.of(coach))
    sort = TeamLinkForm if "max_uses" in request.POST else OneLinkForm
    form = sort(request.POST, coach=coach, teams=teams)
    if not form.is_valid():
        return _coach_page(request, form, status=422)
    wanted = {"uid": form.cleaned_data["uid"], "team": form.cleaned_data["team"]}
    if isinstance(form, TeamLinkForm):
        wanted |= {"max_uses": form.cleaned_data["max_uses"], "expires_at": form.expires_at()}
    try:
        actions.make_link(**wanted, by=coach)
    except actions.NotApproved:
        return _coach_page(request, status=403)
    say(request, messages.SUCCESS, f"{NOTICES}link-ready")
    return redirect("runners:invitations")


@form_on("runners:invitations")
@rate_limited("send_invitation")
def invitations_send(request: AuthedRequest) -> HttpResponse:
    """Send those that wait, of either kind."""
    _send(request)
    from_athlete = request.POST.get("from") == "sharing"
    return redirect("runners:sharing" if from_athlete else "runners:invitations")


@form_on("runners:invitations")
def invitation_withdraw(request: AuthedRequest, uid: uuid.UUID) -> HttpResponse:
    """Of either side's page."""
    row = access.own_invitation(request.user, uid)
    try:
        actions.withdraw_invitation(row, by=request.user)
        say(request, messages.SUCCESS, f"{NOTICES}withdrawn")
    except access.NoLongerOpen:
        say(request, messages.WARNING, f"{NOTICES}not-withdrawn")
    to_coach = row.kind == InvitationKind.COACH
    return redirect("runners:sharing" if to_coach else "runners:invitations")


def asking(coach: User) -> dict[str, Any]:
    """For `_ask.html`. At most 2 queries."""
    if access.may_coach(coach):
        return {"may_coach": True}
    return {"may_coach": False, "approval": CoachApproval.objects.filter(person=coach).first()}


# Sending


def _send(request: AuthedRequest) -> None:
    """Send what may go now, and say what became of it."""
    sent = send_waiting(request.user, request)
    waiting = invitation_mail.waiting_of(request.user)
    if sent and not settings.SENDS_MAIL:
        say(request, messages.SUCCESS, f"{NOTICES}no-mail")
    elif sent:
        say(request, messages.SUCCESS, f"{NOTICES}sent", sent=sent)
    elif waiting:
        say(request, messages.INFO, f"{NOTICES}waiting", waiting=waiting)
    else:
        say(request, messages.INFO, f"{NOTICES}nothing-waits")


# The athlete invites a coach


@form_on("runners:sharing")
@rate_limited("send_invitation")
def invite_coach(request: AuthedRequest) -> HttpResponse:
    form = InviteCoachForm(request.POST, athlete=request.user)
    if form.is_valid():
        try:
            known = actions.invite(
                [form.cleaned_data["email"]],
                kind=InvitationKind.COACH,
                switches=form.switched(),
                by=request.user,
                password_given=password_was_given(request),
            )
        except actions.TooManyWaiting:
            form.add_error("email", TOO_MANY_WAITING)
        else:
            if not known:
                _send(request)
                return redirect("runners:sharing")
            form.add_error("email", KNOWN_COACH)
    return sharing.sharing_page(request, form, status=422)


# The invited person's page


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation that somebody opened, and what they are to it."""

    invitation: Invitation
    is_own: bool
    link: CoachLink | None  # that the two have already

    @property
    def to_coach(self) -> bool:
        return self.invitation.kind == InvitationKind.COACH


def _open(user: User | None, token: str) -> Opened | None:
    """None where it leads nowhere, or not this person. Who is linked already learns that.

    At most 2 queries; 3 for an invitation to a coach, or where the host approves coaches.
    """
    row = Invitation.objects.filter(token=token, sender__is_active=True)
    invitation = row.select_related("sender", "team").first()
    if invitation is None:
        return None
    is_own = user is not None and user.pk == invitation.sender_id
    link = None
    if user is not None and not is_own:
        link = access.link_between(*actions.pair(invitation, user))
    if link is None and not invitation.is_open:
        return None
    opened = Opened(invitation, is_own, link)
    if link is None and not is_own:
        if not access.may_answer(invitation, user):
            return None
        if not opened.to_coach and not access.may_coach(invitation.sender):
            return None
    return opened


@login_not_required
@require_safe
@never_cache
@rate_limited("open_invitation", looks_too=True)
def invitation(request: PublicRequest, token: str) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    opened = _open(user, token)
    if user is not None:
        going_on.arrived(request)
    else:  # one that leads nowhere too: else what is remembered would tell the two apart
        going_on.remember(request)
    if opened is None:
        return _leads_nowhere(request)
    form = None
    if user is not None and not opened.is_own and not opened.to_coach:
        form = SwitchesForm(athlete=user)
    return _show(request, opened, form)


def _show(
    request: AuthedRequest | PublicRequest,
    opened: Opened,
    form: SwitchesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = opened.invitation
    rows = shared_rows(row, row.sender.local_day()) if opened.to_coach else []
    context = {"opened": opened, "invitation": row, "form": form, "rows": rows}
    if opened.to_coach and request.user.is_authenticated:
        context |= asking(request.user)
    return render(request, "runners/coaching/links/invitation.html", context, status=status)


def _leads_nowhere(request: AuthedRequest | PublicRequest) -> HttpResponse:
    """The same words whatever the reason is, and whether or not it works for somebody else."""
    context = {"opened": None, "invitation": None}
    return render(request, "runners/coaching/links/invitation.html", context, status=404)


@require_http_methods(["GET", "POST"])
@rate_limited("open_invitation")
def invitation_accept(request: AuthedRequest, token: str) -> HttpResponse:
    """A GET comes from a sign-in that was asked for in between: it shows the invitation."""
    if request.method == "GET":
        return redirect("runners:invitation", token)
    opened = _open(request.user, token)
    if opened is None:
        return _leads_nowhere(request)
    if opened.is_own:
        return _show(request, opened, status=403)
    form = None
    if not opened.to_coach:
        form = SwitchesForm(request.POST, athlete=request.user)
        if not form.is_valid():
            return _show(request, opened, form, status=422)
    try:
        link = actions.accept_invitation(
            opened.invitation,
            form.switched() if form else None,
            by=request.user,
            password_given=password_was_given(request),
        )
    except (actions.AlreadyLinked, actions.NotApproved):
        return redirect("runners:invitation", token)
    except access.NoLongerOpen:
        return _leads_nowhere(request)
    going_on.arrived(request)
    person = opened.invitation.sender.name
    if opened.to_coach:
        said = "athlete-shares" if link.is_open else "athlete-asked"
        say(request, messages.SUCCESS, f"{NOTICES}{said}", person=person)
        return redirect("runners:athletes")
    say(request, messages.SUCCESS, f"{NOTICES}coach-accepted", person=person)
    return redirect("runners:sharing")


@require_http_methods(["GET", "POST"])
@rate_limited("open_invitation")
def invitation_refuse(request: AuthedRequest, token: str) -> HttpResponse:
    if request.method == "GET":
        return redirect("runners:invitation", token)
    opened = _open(request.user, token)
    if opened is None:
        return _leads_nowhere(request)
    try:
        actions.refuse_invitation(opened.invitation, by=request.user)
    except access.NoLongerOpen:
        return _leads_nowhere(request)
    except actions.OwnInvitation:
        return _show(request, opened, status=403)
    say(request, messages.SUCCESS, f"{NOTICES}refused")
    return redirect("guidance:today")
