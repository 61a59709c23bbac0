from django.core.management.base import CommandError

from runners.web import absolute_urls as site


def require_address() -> None:
    if not site.address():
        raise CommandError(
            "SITE_URL is not set, so the links in a mail would lead nowhere. Set it to where"
            " this Limber lies, such as https://limber.example.org."
        )
