"""One athlete in one page, for a coach: what each part of the app has to say, as far as shared."""

import datetime as dt
from dataclasses import dataclass

from guidance.coaching.page import SharedPage, shared_page
from guidance.rules.said import Said
from runners import standing
from runners.access import AthleteView
from runners.coaching.links.switch_words import SharedRow, shared_rows
from runners.coaching.notes.page import Thread, newest_threads_about
from runners.diary import queries as diary
from runners.diary.queries import Day, News, Viewpoint
from runners.models import SharedStanding, User
from runners.models.standing import StandingLevel

DAYS_SHOWN = 7  # logged days
DAYS_BY_NAME = 6  # so long ago a weekday alone says which day is meant


@dataclass(frozen=True, slots=True)
class Overview:
    """`guidance` is None where it is not shared. `since` is None at a coach's first look.

    `shares` are the switches of the link, each with whether it is shared.
    """

    standing: SharedStanding | None
    since: Said | None
    news: News
    guidance: SharedPage | None
    days: list[Day]
    notes: tuple[Thread, ...]
    shares: tuple[tuple[SharedRow, Said], ...]
    coached_since: Said

    @property
    def plan_started(self) -> dt.date | None:
        """When the plan in force began; None where guidance is not shared."""
        return self.standing.plan_started_on if self.standing and self.guidance else None

    @property
    def css(self) -> str:
        """How loud the level is; "" where it is not shared, or nobody has to look."""
        if self.standing is None or self.standing.level is None:
            return ""
        if self.standing.level >= StandingLevel.SEE_CLINICIAN:
            return "warn"
        return "alert" if self.standing.level >= StandingLevel.LOAD_JUMP else ""


def overview_of(reading: AthleteView) -> Overview:
    """At most 6 queries, and those that renew the line of the roster where it is stale."""
    athlete, shared = reading.athlete, reading.shared
    today = athlete.local_day()
    look = Viewpoint(shared, reading.since)
    return Overview(
        standing=standing.current_shared(reading.link),
        since=since_day(reading.since, athlete, today) if reading.since else None,
        news=diary.count_news(athlete, look),
        guidance=shared_page(reading),
        days=diary.newest_days(athlete, DAYS_SHOWN, today=today, look=look),
        notes=newest_threads_about(reading.link, since=reading.since),
        shares=tuple((row, is_shared(row, today)) for row in shared_rows(reading.link, today)),
        coached_since=dated(athlete.local_day(reading.link.started_at), today),
    )


def since_day(since: dt.datetime, athlete: User, today: dt.date) -> Said:
    """The day of an instant as it stands in a sentence, by the athlete's calendar."""
    day = athlete.local_day(since)
    ago = (today - day).days
    if ago <= 1:
        return Said("day.today" if ago <= 0 else "day.yesterday")
    return Said("day.weekday", day=day) if ago <= DAYS_BY_NAME else dated(day, today)


def is_shared(row: SharedRow, today: dt.date) -> Said:
    """`shared`, `until 29 November`, `not shared`."""
    if row.is_on and row.until:
        return Said("sharing.until", day=dated(row.until, today))
    return Said("sharing.on" if row.is_on else "sharing.off")


def dated(day: dt.date, today: dt.date) -> Said:
    """With the year where it is another one."""
    return Said("day.this_year" if day.year == today.year else "day.other_year", day=day)
