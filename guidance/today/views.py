"""Today: check in, log a run, what coaches write, and what guidance says in one sentence."""

import datetime as dt
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.coaching.suggestions.queries import Suggested, open_suggestions
from guidance.models import Suggestion
from guidance.plan.queries import plan_of_day
from guidance.rules.said import Said
from guidance.today.page import (
    check_ins_left,
    checked,
    portrait_of,
    week_of_spots,
    yesterdays,
)
from runners import access, standing
from runners.body import body_map
from runners.coaching.links.switch_words import SharedRow, rows_on
from runners.coaching.notes.page import ON_TODAY, SHOWN_ON_TODAY, UnreadNote, unread_notes
from runners.imports.came import news_of
from runners.models import CoachLink, Note, Reminder, Run, User
from runners.models.standing import StandingLevel
from runners.prepared import prepared
from runners.web.database_trouble import is_passing
from runners.web.http import AuthedRequest
from runners.weeks import last_days, run_this_week

AFTERNOON_FROM, EVENING_FROM = 12, 18  # hours of the runner's local day


@require_safe
@never_cache  # an old page has the uid of an answer that is stored already
def today(request: AuthedRequest) -> HttpResponse:
    """9 queries, 10 in the first days, 12 with a coach; some more where a standing is renewed."""
    runner = request.user
    day = runner.local_day()
    stands = standing.current(runner)
    days = last_days(runner, today=day)
    spots = week_of_spots(runner, day)
    is_new = stands.headline["say"] == "standing.nothing_yet"
    have, needed = check_ins_left(days)
    counts = have < needed and stands.level < StandingLevel.EASE_OFF
    in_first_days = is_new or counts
    context = {
        "today": day,
        "part_of_day": part_of_day(timezone.localtime(timezone=runner.tz).hour),
        "standing": stands,
        "standing_css": css_of(stands.level),
        "first_days": tuple(map(Said.from_json, stands.first_days or ())),
        "portrait": portrait_of(stands),
        "checked": (seen := checked(spots, days)),
        "may_run": seen is not None and seen.may_run(stands),
        "yesterday": yesterdays(spots, day),
        "views": body_map.views({}) if is_new else None,
        "have": have,
        "until_pattern": range(needed) if counts else (),
        "news": news_of(runner),
        "offers_reminder": in_first_days and not Reminder.objects.filter(runner=runner).exists(),
        "plan_day": None if stands.is_urgent else plan_of_day(runner, day),
        "runs": runs_of_day(runner, day) if days[-1].runs else (),
        "days": days,
        "has_days": sum(glance.peak is not None or glance.runs > 0 for glance in days) > 1,
        "week_m": run_this_week(days, runner.week_start),
        "coaching": (cards := coaching(runner, is_urgent=stands.is_urgent)),
        "shown": SHOWN_ON_TODAY,
    }
    if cards is not None:
        shown(cards, runner, day)
    return render(request, "guidance/today/today.html", context)


def css_of(level: int) -> str:
    """How loud the card of guidance is: emptiness is not."""
    if level >= StandingLevel.SEE_CLINICIAN:
        return "warn"
    return "alert" if level >= StandingLevel.LOAD_JUMP else ""


@dataclass(frozen=True, slots=True)
class FromCoaches:
    """Who is or wants to be a coach, what they wrote that is not put away, and what they suggest.

    `in_question` are links by which nothing is shown until the runner has said yes, with what
    they would show; `news` those of coaches who accepted.
    """

    in_question: tuple[tuple[CoachLink, list[SharedRow]], ...]
    news: tuple[CoachLink, ...]
    notes: tuple[UnreadNote, ...]
    has_more_notes: bool
    suggestions: tuple[Suggested, ...]
    more_suggestions: int


def coaching(runner: User, *, is_urgent: bool) -> FromCoaches | None:
    """None for whoever never had a coach, which takes 1 query; else 3 at most.

    Under a sign that calls for help now nothing is suggested, by nobody.
    """
    links = links_with_coach(runner)
    if not links:
        return None
    today = runner.local_day()
    not_ended = [link for link in links if link.ended_at is None]
    coaches = {link.coach_id for link in not_ended if link.is_open}
    notes = unread_notes(runner, coaches=coaches)
    suggestions = open_suggestions(runner) if coaches and not is_urgent else []
    return FromCoaches(
        in_question=tuple((link, rows_on(link, today)) for link in not_ended if not link.is_open),
        news=tuple(link for link in not_ended if link.is_open and link.is_news),
        notes=notes[:ON_TODAY],
        has_more_notes=len(notes) > ON_TODAY,
        suggestions=tuple(suggestions[:ON_TODAY]),
        more_suggestions=len(suggestions[ON_TODAY:]),
    )


@prepared
def runs_of_day(runner: User, day: dt.date) -> QuerySet[Run]:
    return Run.objects.of(runner).filter(day=day).newest_first()


@prepared
def links_with_coach(athlete: User) -> QuerySet[CoachLink]:
    return access.links_of_athlete(athlete).select_related("coach")


def shown(cards: FromCoaches, runner: User, today: dt.date) -> None:
    """A card is whole on the first day that Today shows it, and a line after. 2 queries, once.

    Where the database cannot write just now, it is as new the next time.
    """
    rows: list[Note | Suggestion] = [unread.note for unread in cards.notes]
    rows += [suggested.row for suggested in cards.suggestions]
    try:
        for model in (Note, Suggestion):
            new = [row.pk for row in rows if isinstance(row, model) and row.shown_on is None]
            if new:
                told = model.objects.filter(athlete=runner, pk__in=new, shown_on__isnull=True)
                told.update(shown_on=today)
    except DatabaseError as problem:
        if not is_passing(problem):
            raise


def part_of_day(hour: int) -> str:
    if hour < AFTERNOON_FROM:
        return "morning"
    return "afternoon" if hour < EVENING_FROM else "evening"
