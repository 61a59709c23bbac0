"""Registers for templates how figures, days and strengths read; what they do stands elsewhere.

And who looks after this Limber, for every page and mail that names them.
"""

from django import template
from django.conf import settings

from runners import formats
from runners.accounts.registration import Registration
from runners.body import areas

register = template.Library()

for reads in (
    formats.distance,
    formats.distance_figure,
    formats.total,
    formats.about,
    formats.up_to,
    formats.percent,
    formats.unbroken,
    formats.duration,
    formats.hours,
    formats.pace,
    formats.thousands,
    formats.file_size,
    formats.spelled,
    formats.long_day,
    formats.short_day,
    formats.span_of_days,
    formats.first_to_last,
    formats.capital,
    formats.folded_on,
    formats.marked,
    formats.paragraphs,
    formats.printed_day,
    formats.printed_days,
    areas.level,
    areas.intensity_word,
):
    register.filter(reads)


@register.simple_tag
def registration() -> Registration:
    """Who may make an account."""
    return Registration.of_this_limber()


@register.simple_tag
def host_name() -> str:
    return str(settings.HOST_NAME)


@register.simple_tag
def host_contact() -> str:
    return str(settings.HOST_CONTACT)
