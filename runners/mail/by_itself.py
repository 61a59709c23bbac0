"""Mails that nobody has written just now, of a text in the `mail/` of a subject."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from runners.web.notices import words


def by_itself(folder: str, name: str, to: str, /, **context: Any) -> EmailMessage:
    """Of `<folder>/<name>.txt`. Both are templates of `context`."""
    return EmailMessage(
        subject=words(f"{folder}/subjects.txt#{name}", **context),
        body=render_to_string(f"{folder}/{name}.txt", context),
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
