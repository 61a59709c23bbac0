"""What the two weekly mails have in common: how one is put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from runners.digests.unsubscribing import stop_address
from runners.mail import outbox
from runners.models import CoachLink, User
from runners.models.digests import DigestKind
from runners.web.notices import Phrase
from runners.weeks import Week


@dataclass(frozen=True, slots=True)
class Mail:
    """A weekly mail, ready to be sent. `named` are the links of the athletes it names."""

    reader: User
    kind: DigestKind
    week: Week
    subject: Phrase  # no word about health: subjects show on locked screens
    context: Mapping[str, Any]
    named: tuple[CoachLink, ...] = ()

    def message(self) -> EmailMultiAlternatives:
        """Text first, and the same as HTML. With the header by which mail programs stop it."""
        subject = str(self.subject)
        stop = stop_address(self.reader, self.kind)
        context = {
            "reader": self.reader,
            "subject": subject,
            "week": self.week,
            "stop": stop,
            **self.context,
        }
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"runners/digests/mail/{self.kind}_digest.txt", context),
            to=[self.reader.email],
            headers=outbox.stopped_at(stop),
        )
        page = render_to_string(f"runners/digests/mail/{self.kind}_digest.html", context)
        message.attach_alternative(page, "text/html")
        return message


def said(name: str, **fields: Any) -> Phrase:
    return Phrase(f"runners/digests/mail/_said.html#{name}", fields)
