"""Calendars at an address of their own, which apps fetch without signing in."""

from django.http import HttpResponse
from icalendar import Calendar


def new_calendar(product: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Limber//{product}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "Limber")
    return calendar


def calendar_answer(calendar: bytes, filename: str) -> HttpResponse:
    return HttpResponse(
        calendar,
        headers={
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": f'inline; filename="{filename}"',
            "X-Robots-Tag": "noindex",
        },
    )


def webcal(address: str) -> str:
    """The same address as calendar apps subscribe to it."""
    return f"webcal:{address.partition(':')[2]}"
