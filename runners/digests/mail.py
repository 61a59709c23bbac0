"""What the two weekly mails have in common: how one is put together."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from runners.digests.unsubscribing import stop_address
from runners.models import CoachLink, User
from runners.models.digests import DigestKind
from runners.weeks import Week


@dataclass(frozen=True, slots=True)
class Mail:
    """A weekly mail, ready to be sent. `named` are the links of the athletes it names."""

    reader: User
    kind: DigestKind
    week: Week
    subject: str  # no word about health: subjects show on locked screens
    context: Mapping[str, Any]
    named: tuple[CoachLink, ...] = ()

    def message(self) -> EmailMultiAlternatives:
        """Text first, and the same as HTML. With the header by which mail programs stop it."""
        stop = stop_address(self.reader, self.kind)
        context = {
            "reader": self.reader,
            "subject": self.subject,
            "week": self.week,
            "days": days_of(self.week),
            "stop": stop,
            **self.context,
        }
        message = EmailMultiAlternatives(
            subject=self.subject,
            body=render_to_string(f"runners/digests/mail/{self.kind}_digest.txt", context),
            to=[self.reader.email],
            headers={
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        page = render_to_string(f"runners/digests/mail/{self.kind}_digest.html", context)
        message.attach_alternative(page, "text/html")
        return message


def days_of(week: Week) -> str:
    """`Monday 16 to Sunday 22 November`."""
    first, last = week.first_day, week.last_day
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{_weekday(first)}{month} to {_weekday(last)} {last:%B}"


def _weekday(day: dt.date) -> str:
    return f"{day:%A} {day.day}"
