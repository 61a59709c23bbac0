"""Today: check in, log a run, what coaches write, and what guidance says in one sentence."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guidance.coaching.suggestions.queries import Suggested, open_suggestions
from guidance.plan.queries import plan_of_day
from runners import access, standing
from runners.coaching.links.switch_words import SharedRow, rows_on
from runners.coaching.notes.page import ON_TODAY, SHOWN_ON_TODAY, UnreadNote, unread_notes
from runners.models import CoachLink, Run, SorenessEntry, User
from runners.models.standing import StandingLevel
from runners.web.http import AuthedRequest
from runners.weeks import last_days, week_summary

AFTERNOON_FROM, EVENING_FROM = 12, 18  # hours of the runner's local day


@require_safe
@never_cache  # an old page has the uid of an answer that is stored already
def today(request: AuthedRequest) -> HttpResponse:
    """10 queries, 12 with a coach; 19 and 25 in the one request that renews a stale standing."""
    runner = request.user
    day = runner.local_day()
    stands = standing.current(runner)
    days = last_days(runner, today=day)
    context = {
        "today": day,
        "part_of_day": part_of_day(timezone.localtime(timezone=runner.tz).hour),
        "standing": stands,
        "standing_css": "warn" if stands.level >= StandingLevel.SEE_CLINICIAN else "alert",
        "plan_day": None if stands.is_urgent else plan_of_day(runner, day),
        "has_checked_in": days[-1].peak is not None,
        "spots": SorenessEntry.objects.of(runner).filter(check_in__day=day).order_by("pk"),
        "runs": Run.objects.of(runner).filter(day=day).newest_first(),
        "days": days,
        "week": week_summary(runner, day),
        "coaching": coaching(runner, is_urgent=stands.is_urgent),
        "shown": SHOWN_ON_TODAY,
    }
    return render(request, "guidance/today/today.html", context)


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
    links = list(access.links_of_athlete(runner).select_related("coach"))
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


def part_of_day(hour: int) -> str:
    if hour < AFTERNOON_FROM:
        return "morning"
    return "afternoon" if hour < EVENING_FROM else "evening"
