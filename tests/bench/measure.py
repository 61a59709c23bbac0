"""Fills the database of DATABASE_URL (or the SQLite file in LOCAL_DIR) and asks a server of it."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests import serving
from tests.bench.timing import ROUNDS, median_ms, not_answering
from tests.serving import Answer, Visitor

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from runners.models import User

YEARS = (1, 10)
EMPTY_PAGE = ("Empty page", "/privacy/")  # signed in: session, person, frame, and text
PAGES = (
    EMPTY_PAGE,
    ("Today", "/today/"),
    ("Diary", "/diary/"),
    ("Trends", "/trends/"),
    ("Guidance", "/guidance/"),
)
WEIGHED = (("Today", "/today/"), ("Trends", "/trends/"))

COACHED = (10, 100, 1000)  # athletes of a coach
FEW, MANY = COACHED[0], COACHED[-1]
ROSTER = "/athletes/"


def main() -> int:
    django.setup()
    serving.prepare(os.environ)
    with serving.serving(os.environ) as served:
        failed = measure_runners(served.port) or measure_coaches(served.port)
    if failed:
        print(f"These pages do not answer with 200: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def visitor_of(port: int, cookie: str) -> Visitor:
    return Visitor(port, {"sessionid": cookie}, dict(serving.SAID_BY_PROXY))


# Runners


def measure_runners(port: int) -> list[str]:
    """Pages that did not answer, else what they cost is printed."""
    visitors = {years: visitor_of(port, session_with(years)) for years in YEARS}
    asked = {
        (years, path): (visitor, path) for _, path in PAGES for years, visitor in visitors.items()
    }
    if failed := not_answering(asked):
        return failed
    medians = median_ms(asked)
    print(f"\n{database()}: median of {ROUNDS} requests, in milliseconds")
    print_row("", [f"{years} year{'s' if years > 1 else ' '}" for years in YEARS])
    for title, path in PAGES:
        print_row(title, [f"{medians[years, path]:.1f}" for years in YEARS])
    if not os.environ.get("DATABASE_URL"):
        print_weights(visitors[YEARS[0]])
    return []


def session_with(years: int) -> str:
    """The session of a runner who logged that many years of days."""
    from django.utils import timezone

    from tests.bench.history import make_runner

    today = timezone.localdate()
    return session_of(make_runner(f"runner{years}", days=years * 365, until=today))


# Coaches


def measure_coaches(port: int) -> list[str]:
    """As for runners: the list of athletes, and one athlete's page."""
    from tests.bench.coaches import BATCH, DAYS, make_coaches, renew_all

    coaches = make_coaches(COACHED)
    renewing_s = renew_all()
    visitors = {size: visitor_of(port, session_of(coach)) for size, coach in coaches.items()}
    asked = {("Athletes", size): (visitor, ROSTER) for size, visitor in visitors.items()}
    for size in (FEW, MANY):
        athlete = coaches[size].athlete_links.earliest("pk").athlete_id
        asked["An athlete", size] = (visitors[size], f"{ROSTER}{athlete}/")
    if failed := not_answering(asked):
        return failed
    medians = median_ms(asked)
    print(f"\n{database()}: athletes of a coach, with {DAYS} days each, in milliseconds")
    print_row("", [*map(str, COACHED), f"{FEW} to {MANY}"])
    for title in ("Athletes", "An athlete"):
        figures = [medians.get((title, size)) for size in COACHED]
        more = round((medians[title, MANY] / medians[title, FEW] - 1) * 100)
        shown = ["" if figure is None else f"{figure:.1f}" for figure in figures]
        print_row(title, [*shown, f"{more:+} %"])
    print(f"Renewing after midnight: {renewing_s:.1f} s for {BATCH} athletes")
    return []


# Both


def session_of(person: "User") -> str:
    from django.test import Client

    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def database() -> str:
    from django.db import connection

    connection.ensure_connection()
    version = ".".join(str(part) for part in connection.get_database_version())
    return f"{connection.display_name} {version}"


def print_row(title: str, figures: list[str]) -> None:
    print(f"{title:12}" + "".join(f"{figure:>14}" for figure in figures))


def print_weights(visitor: Visitor) -> None:
    print("\nA first visit over the wire, with gzip, in kilobytes")
    print(f"{'':12}{'all':>7}  of which")
    for title, path in WEIGHED:
        answers = visitor.first_visit(path)
        total = sum(answer.on_the_wire for answer in answers.values()) / 1000
        parts = ", ".join(f"{kind} {size:.1f}" for kind, size in by_kind(path, answers).items())
        print(f"{title:12}{total:>7.1f}  {parts}")


def by_kind(path: str, answers: dict[str, Answer]) -> dict[str, float]:
    """Kilobytes by the ending of the address; the page itself is `html`."""
    sizes: dict[str, float] = {}
    for address, answer in answers.items():
        kind = "html" if address == path else Path(address).suffix[1:]
        sizes[kind] = sizes.get(kind, 0) + answer.on_the_wire / 1000
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


if __name__ == "__main__":
    sys.exit(main())
