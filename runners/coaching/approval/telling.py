"""Mails about who may coach, each stored with what it tells of."""

from django.conf import settings

from runners.formats import name_for_a_mail
from runners.hosting.telling import has_an_address
from runners.mail.by_itself import by_itself
from runners.models import User
from runners.web import absolute_urls as site


def asked(person: User) -> None:
    """The host, where there is an address to write to."""
    if has_an_address():
        name = name_for_a_mail(person.name)
        page = site.absolute("runners:host-account", person.pk) if settings.SITE_URL else ""
        _tell(settings.HOST_CONTACT, "asked", name=name, address=person.email, page=page)


def approved(person: User) -> None:
    invitations = site.absolute("runners:invitations") if settings.SITE_URL else ""
    _tell(person.email, "approved", invitations=invitations)


def refused(person: User) -> None:
    _tell(person.email, "refused")


def no_longer_coached(athlete: User, *, by: User) -> None:
    _tell(athlete.email, "no_longer_coached", coach=name_for_a_mail(by.name))


def _tell(to: str, template: str, **context: str) -> None:
    mail = by_itself("runners/coaching/approval/mail", template, to, **context)
    mail.send()  # into the outbox, with the change that it tells of
