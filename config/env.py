"""Reads the environment, and refuses what is not clear.

A value that might be read two ways (`DEBUG=yes`, an empty `SECRET_KEY`) stops the start with one
line that names the variable.
"""

import os
import re
from collections.abc import Mapping
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Env:
    """Variables of one environment; `required` ones may be missing only while `DEBUG` is on."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables
        self.debug = self.flag("DEBUG", default=False)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.variables.get(name)
        if value is None:
            return default
        if value not in {"True", "False"}:
            raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
        return value == "True"

    def text(self, name: str, *, default: str = "") -> str:
        return self.variables.get(name, default).strip()

    def required(self, name: str, *, in_debug: str) -> str:
        """The variable, or `in_debug` on a machine that only tries things out."""
        value = self.text(name)
        if value:
            return value
        if self.debug and name not in self.variables:
            return in_debug
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it holds.")

    def names(self, name: str, *, in_debug: list[str]) -> list[str]:
        """A list written with commas."""
        text = self.required(name, in_debug=",".join(in_debug))
        names = [part.strip() for part in text.split(",") if part.strip()]
        if not names:
            raise ImproperlyConfigured(f"{name} must hold a name, not {text!r}.")
        return names

    def choice(self, name: str, *choices: str) -> str:
        """One of some words; the first of them where it is not set."""
        value = self.text(name, default=choices[0])
        if value not in choices:
            raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
        return value

    def some_of(self, name: str, *choices: str) -> list[str]:
        """Some of a few words, with commas between them; none where it is not set."""
        words = [part.strip() for part in self.text(name).split(",") if part.strip()]
        if not set(words) <= set(choices):
            raise ImproperlyConfigured(f"{name} holds {' and '.join(choices)}, or one of them.")
        return words

    def mail_domains(self, name: str, *, unless: tuple[str, ...]) -> list[str]:
        """What stands after the @ of addresses, with commas between; none for one of some words."""
        text = self.text(name, default=unless[0])
        if text in unless:
            return []
        domains = [part.strip().removeprefix("@") for part in text.lower().split(",")]
        if any(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) is None for domain in domains):
            words = ", ".join(unless)
            raise ImproperlyConfigured(f"{name} must be {words} or domains such as example.org.")
        return domains

    def number(self, name: str, *, default: int) -> int:
        value = self.text(name, default=str(default))
        if not value.isdecimal():
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
        return int(value)

    def address(self, name: str, *, in_debug: str) -> str:
        """Where a site lies, such as `https://limber.example.org`; nothing where it is not set.

        Production answers over TLS alone, so there the address says so too.
        """
        text = self.text(name, default=in_debug if self.debug else "")
        schemes = ("https", "http") if self.debug else ("https",)
        # A scheme, a host, perhaps a port, and nothing after it.
        if text and not re.fullmatch(rf"(?:{'|'.join(schemes)})://[\w.\-\[\]:]+/?", text):
            raise ImproperlyConfigured(f"{name} must look like https://limber.example.org.")
        return text.rstrip("/")

    def age_keys(self, name: str) -> list[str]:
        """Public keys of age, with commas between them; none where it is not set."""
        keys = [part.strip() for part in self.text(name).split(",") if part.strip()]
        if any(re.fullmatch(r"age1[0-9a-z]{50,}", key) is None for key in keys):
            raise ImproperlyConfigured(f"{name} must hold public keys that begin with age1.")
        return keys

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """Django's settings for an address such as `postgres://limber:secret@db/limber`."""
        address = self.text(name, default=default)
        if not address.startswith(("sqlite:", "postgres:", "postgresql:")):
            raise ImproperlyConfigured(f"{name} must start with sqlite: or postgres:.")
        return dict(environ.Env.db_url_config(address))

    def email(self, name: str) -> dict[str, Any]:
        """Django's settings for an address such as `smtp+tls://user:secret@mail:587`."""
        address = self.text(name, default="consolemail://")
        if "://" not in address:
            raise ImproperlyConfigured(f"{name} must look like smtp+tls://user:secret@host:587.")
        return dict(environ.Env.email_url_config(address))
