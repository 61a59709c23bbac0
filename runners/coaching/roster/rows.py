"""An athlete's line in the roster, as it is shown: from the stored standing, within what is shared.

Fifty of them stand on a page, with a dozen values each. Put together here they take a fifth of
the time that a template needs for it, and the page a fifth less. Their words stand in a template
all the same: each is rendered once.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from runners import formats, standing
from runners.body import areas
from runners.formats import MINUS, NO_BREAK, in_units
from runners.models import CoachLink, Shared, SharedStanding
from runners.models.standing import StandingLevel
from runners.web.notices import words

UNKNOWN = "—"
WHOLE_FROM = 10  # kilometres or miles; below, a digit more

SEPARATOR = " · "
ROOM = 70  # characters of a reason: two lines on a phone

# Colours of the ramp, by need. What is on track is as pale as what was felt lately.
COLOURS = {
    StandingLevel.UNKNOWN: "open",
    StandingLevel.QUIET: "sx",
    StandingLevel.LOAD_JUMP: "s2",
    StandingLevel.RECURRING: "s3",
    StandingLevel.WORSENING: "s3",
    StandingLevel.EASE_OFF: "s4",
    StandingLevel.SEE_CLINICIAN: "s4",
    StandingLevel.URGENT: "s5",
}
LATELY = 2  # weeks
GROUP = '<tr class="group"><th scope="rowgroup" colspan="6">{}</th></tr>'


def said(name: str, **fields: Any) -> str:
    return words(f"runners/coaching/roster/_row.html#{name}", **fields)


class Words(NamedTuple):
    """`css` is of the pill and of the dot before the name."""

    css: str
    level: str
    why: str


@dataclass(slots=True)
class AthleteRow:
    """What a line says. `group` is the team above the first of its athletes, else empty."""

    athlete_id: int
    url: str
    name: str
    team: str
    words: Words
    weeks: str
    distance: str
    change: str
    last_log: str
    group: str = ""

    def html(self) -> str:
        """What people and guidance wrote is escaped; the rest is made of numbers, below."""
        team = f'<span class="team">{escape(self.team)}</span>' if self.team else ""
        css, level, why = self.words
        above = GROUP.format(escape(self.group)) if self.group else ""
        return (
            f'{above}<tr><th scope="row"><span class="dot {css}"></span><span class="name">'
            f'<a id="athlete-{self.athlete_id}" href="{self.url}">{escape(self.name)}</a>'
            f"{team}</span></th>"
            f'<td class="why"><span class="pill {css}">{escape(level)}</span>'
            f'<span class="words">{escape(why)}</span></td>'
            f'<td class="picture">{self.weeks}</td><td class="week">{self.distance}</td>'
            f'<td class="change">{self.change}</td><td class="log">{self.last_log}</td></tr>'
        )


def joined(rows: Iterable[AthleteRow]) -> SafeString:
    return mark_safe("".join(row.html() for row in rows))  # noqa: S308  # escaped in each


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be shown of an athlete now. `line` is None where nothing is known, or may be."""

    link: CoachLink
    today: dt.date
    shared: Shared
    line: SharedStanding | None


def seen_of(link: CoachLink, now: dt.datetime) -> Seen:
    today = link.athlete.local_day(now)
    shared = link.shared_on(today)
    return Seen(link, today, shared, line_of(link, shared, now))


def line_of(link: CoachLink, shared: Shared, now: dt.datetime) -> SharedStanding | None:
    """The stored line, unless it may tell what is shared no longer.

    One since which a change came is renewed before it is read. Should that fail, it is shown only
    where nothing of it can have been switched off since; and one of an earlier day where the same
    was shared on that day.
    """
    line: SharedStanding | None = getattr(link, "standing", None)
    if line is None or not shared:
        return None
    shares_all = shared.runs and shared.soreness and shared.guidance
    if shares_all or not standing.is_line_stale(line, now):
        return line
    is_of_before = line.fresh_until is not None and link.shared_on(line.as_of) == shared
    return line if is_of_before else None


def url_by_id() -> str:
    """A pattern of the address of an athlete's page: to ask for each of fifty takes its time."""
    return reverse("guidance:athlete", args=[0]).replace("0", "%d")


def row_of(seen: Seen, team: str, units: str, url: str) -> AthleteRow:
    athlete, shared = seen.link.athlete, seen.shared
    known = seen.line or SharedStanding()
    has_logs = shared.runs or shared.soreness
    return AthleteRow(
        athlete_id=athlete.pk,
        url=url % athlete.pk,
        name=athlete.name or said("nameless"),
        team=team,
        words=level_words(seen.line, shared, units),
        weeks=picture(tuple(known.peaks or NO_WEEKS)) if shared.soreness else not_shared(),
        distance=distance(known.distance_m, units) if shared.runs else not_shared(),
        change=change(known.change) if shared.runs else UNKNOWN,
        last_log=last_log(known.last_log, seen.today) if has_logs else not_shared(),
    )


def not_shared() -> str:
    return f'<span class="off">{escape(said("not-shared"))}</span>'


def level_words(line: SharedStanding | None, shared: Shared, units: str) -> Words:
    if not shared:
        return Words("none", said("level-not-shared"), said("nothing-shared"))
    if line is None:
        return Words("open", said("level-not-known"), said("not-known"))
    if line.level is None:
        return Words("none", said("level-not-shared"), said("no-logs-shared"))
    level = StandingLevel(line.level)
    return Words(colour(level, line.peaks), level.label, why(line, units))


def why(line: SharedStanding, units: str) -> str:
    """The headline, and the reason where both fit; the whole of it is a tap away."""
    both_said = (line.headline, line.reason)
    headline, reason = (standing.say(said, units=units, about=True) for said in both_said)
    both = SEPARATOR.join(part for part in (headline, reason) if part)
    return both if len(both) <= ROOM else headline


def colour(level: StandingLevel, peaks: Sequence[int | None] | None) -> str:
    if level is StandingLevel.ON_TRACK:
        return "s1" if any((peaks or ())[-LATELY:]) else "s0"
    return COLOURS[level]


# Twelve weeks as a small picture

WEEKS = 12
NO_WEEKS = (None,) * WEEKS
STEP, BAR, HEIGHT = 11, 9, 26  # width of a week and of its bar, and height of a 10
LOWEST = 2  # height of a clear week: to be seen, and told from an unknown one
WIDTH = WEEKS * STEP - (STEP - BAR)
HIGHEST = 10


@lru_cache(maxsize=2000)  # a page that updates itself shows the same ones again and again
def picture(peaks: tuple[int | None, ...]) -> str:
    """A bar for each week, as high as its highest spot; a thin line where nothing is known."""
    shapes: dict[str, str] = {}
    for place, peak in enumerate(peaks):
        css = "gap" if peak is None else f"s{areas.level(peak)}"
        shapes[css] = shapes.get(css, "") + _bar(place * STEP, peak)
    paths = "".join(f'<path class="{css}" d="{shape}"/>' for css, shape in shapes.items())
    name = "no-weeks" if all(peak is None for peak in peaks) else "weeks"
    told = escape(words(f"runners/coaching/roster/_row.html#{name}", peaks=peaks))
    return (
        f'<svg class="weeks" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{told}">{paths}</svg>'
    )


def _bar(left: int, peak: int | None) -> str:
    height = 1 if peak is None else max(LOWEST, HEIGHT * peak // HIGHEST)
    return f"M{left} {HEIGHT}v-{height}h{BAR}v{height}z"


# Figures


def distance(metres: int | None, units: str) -> str:
    """`38 km`, `7.4 km`: as much as it takes to compare weeks."""
    if metres is None:
        return UNKNOWN
    value = in_units(metres, units)
    figure = f"{value:.1f}" if 0 < value < WHOLE_FROM else f"{value:.0f}"
    return f"{figure}{NO_BREAK}{units}"


def change(percent: int | None) -> str:
    """`+18 %`, `−12 %`."""
    if percent is None:
        return UNKNOWN
    sign = MINUS if percent < 0 else "+" if percent else ""
    return f"{sign}{formats.percent(abs(percent))}"


def last_log(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return UNKNOWN
    ago = (today - day).days
    if ago <= 0:
        return said("today")
    return said("yesterday") if ago == 1 else said("days-ago", days=ago)
