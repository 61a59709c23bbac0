"""Mails to an athlete about who sees their log, each stored with what it tells of."""

from collections.abc import Iterable

from django.conf import settings

from runners.coaching.links.switch_words import SharedRow, rows_on
from runners.formats import name_for_a_mail
from runners.mail.by_itself import by_itself
from runners.models import CoachLink, Invitation, User
from runners.web import absolute_urls as site

PAGES = {"sharing": "runners:sharing", "new_password": "account_reset_password"}


def coach_invited(made: Iterable[Invitation]) -> None:
    for row in made:
        shared = rows_on(row, row.sender.local_day())
        _tell(row.sender, "coach_invited", coach=row.email, shared=shared)


def who_sees(link: CoachLink) -> None:
    """Also where the athlete did it: it tells that somebody used their password for it."""
    coach = f"{name_for_a_mail(link.coach.name)} ({link.coach.email})"
    shared = rows_on(link, link.athlete.local_day())
    template = "coach_sees" if link.is_open else "coach_asks"
    _tell(link.athlete, template, coach=coach, shared=shared)


def password_was_reset(athlete: User, *, asks: bool) -> None:
    """`asks`: coaches could see the log, and see nothing until the athlete has answered."""
    _tell(athlete, "password_was_reset", asks=asks)


def _tell(athlete: User, template: str, **context: str | bool | list[SharedRow]) -> None:
    for name, page in PAGES.items():
        context[name] = site.absolute(page) if settings.SITE_URL else ""
    mail = by_itself("runners/coaching/links/mail", template, athlete.email, **context)
    mail.send()  # into the outbox, with the change that it tells of
