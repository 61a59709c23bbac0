"""The plan as a calendar: all-day events that come back weekly, one for each item."""

import datetime as dt
from collections.abc import Iterable

from icalendar import Event

from guidance.models import Plan
from guidance.plan.queries import Item
from guidance.rules.said import Said
from guidance.saying import say
from runners.web.calendar_feeds import new_calendar

# In the order of ISO weekdays.
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = 7
LOOK_AGAIN = dt.timedelta(hours=12)  # how often a calendar is asked to fetch it anew


def calendar_of(plan: Plan, items: Iterable[Item], *, now: dt.datetime) -> bytes:
    """Empty while the plan is paused. What guidance holds is left out."""
    calendar = new_calendar("plan")
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")  # the same, for Outlook
    if plan.paused_on is None:
        for item in items:
            event = None if item.blocked else event_of(plan, item, now)
            if event is not None:
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def event_of(plan: Plan, item: Item, now: dt.datetime) -> Event | None:
    """None where none of its days lies between its start and its end."""
    first = first_day(plan, item)
    last = last_day(plan, item)
    if last is not None and last < first:
        return None
    event = Event()
    # A row with other days of the week is an event of its own: the old one ends where it begins.
    event.add("uid", f"{plan.uid}-{item.row.pk}@limber")
    event.add("dtstamp", now)
    event.add("summary", item.remedy.name)
    event.add("description", description(item))
    event.add("dtstart", first)
    event.add("dtend", first + dt.timedelta(days=1))
    rule: dict[str, object] = {
        "freq": "weekly",
        "byday": [BYDAY[int(digit) - 1] for digit in item.row.weekdays],
    }
    if last is not None:
        rule["until"] = last
    event.add("rrule", rule)
    event.add("transp", "TRANSPARENT")  # it does not make the day a busy one
    event.add("class", "PRIVATE")
    return event


def first_day(plan: Plan, item: Item) -> dt.date:
    """Its first day of the week from when it began. The end is looked at elsewhere."""
    began = max(item.row.added_on or plan.started_on, plan.started_on)
    week = (began + dt.timedelta(days=later) for later in range(WEEK))
    return next(day for day in week if str(day.isoweekday()) in item.row.weekdays)


def last_day(plan: Plan, item: Item) -> dt.date | None:
    """The day before it was taken out or the plan was stopped; None while it goes on."""
    over = [day for day in (item.row.removed_on, plan.ended_on) if day is not None]
    return min(over) - dt.timedelta(days=1) if over else None


def description(item: Item) -> str:
    swap = {"form": item.swap_name, "swap": item.swap}
    key = "plan.event_in_form" if item.swap else "plan.event"
    return say(Said(key, dose=item.remedy.dose, **swap))
