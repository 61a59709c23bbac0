"""Mails to an athlete about who sees their log, each stored with what it tells of."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from runners.coaching.links.names import name_for_a_mail
from runners.coaching.links.switch_words import in_words, shared_rows
from runners.models import CoachLink, Invitation, User
from runners.models.coaching import Switches
from runners.web import absolute_urls as site


def coach_invited(made: Iterable[Invitation]) -> None:
    for row in made:
        words = _shared(row, row.sender)
        _tell(row.sender, "You invited a coach", "coach_invited", coach=row.email, shared=words)


def coach_accepted(link: CoachLink) -> None:
    """Or the athlete did: then it tells that somebody used their password for it."""
    if link.is_open:
        coach_sees(link)
    else:
        _tell_of(link, "Is this your coach?", "coach_asks")


def coach_sees(link: CoachLink) -> None:
    _tell_of(link, "What your coach sees in Limber", "coach_sees")


def password_was_reset(athlete: User, *, asks: bool) -> None:
    """`asks`: coaches could see the log, and see nothing until the athlete has answered."""
    _tell(athlete, "Your password is a new one", "password_was_reset", asks=asks)


def _tell_of(link: CoachLink, subject: str, template: str) -> None:
    coach = f"{name_for_a_mail(link.coach.name)} ({link.coach.email})"
    _tell(link.athlete, subject, template, coach=coach, shared=_shared(link, link.athlete))


def _shared(switches: Switches, athlete: User) -> str:
    """As a sentence; empty for nothing."""
    rows = shared_rows(switches, athlete.local_day())
    return in_words(rows) if any(row.is_on for row in rows) else ""


def _tell(athlete: User, subject: str, template: str, **context: str | bool) -> None:
    """`subject` has no name in it and no health: it shows on locked screens."""
    if settings.SITE_URL:
        context["sharing"] = site.absolute("runners:sharing")
        context["new_password"] = site.absolute("account_reset_password")
    mail = EmailMessage(
        subject=subject,
        body=render_to_string(f"runners/coaching/links/mail/{template}.txt", context),
        to=[athlete.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.send()  # into the outbox, with the change that it tells of
