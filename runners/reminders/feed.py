"""The reminder as a calendar: one short event that comes back every day."""

import datetime as dt

from icalendar import Alarm, Event

from runners.models import Reminder
from runners.reminders.sending import NAME
from runners.web.calendar_feeds import new_calendar
from runners.web.notices import words

LASTS = dt.timedelta(minutes=5)


def calendar_of(reminder: Reminder, *, link: str, now: dt.datetime) -> bytes:
    """`link` is where the event leads. Its hour is that of wherever the calendar is looked at."""
    first_day = reminder.runner.local_day(reminder.created_at)
    event = Event()
    event.add("uid", f"reminder-{reminder.pk}@limber")
    event.add("dtstamp", now)
    event.add("summary", words(NAME))
    event.add("url", link)
    event.add("description", link)
    event.add("dtstart", dt.datetime.combine(first_day, reminder.at))  # without a zone on purpose
    event.add("duration", LASTS)
    event.add("rrule", {"freq": "daily"})
    event.add("transp", "TRANSPARENT")  # it does not make the day a busy one
    event.add("class", "PRIVATE")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words(NAME))
    alarm.add("trigger", dt.timedelta(0))
    event.add_component(alarm)
    calendar = new_calendar("reminder")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
