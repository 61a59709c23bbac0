"""Fills the database of DATABASE_URL (or the SQLite file in LOCAL_DIR) and asks a server of it."""

import os
import statistics
import sys
import time
from pathlib import Path

import django

from tests import serving
from tests.serving import Answer, Visitor

ROUNDS = 40  # requests for each page and runner; the pages take turns, so that all share the noise
WARM_UP = 6  # rounds before, for both worker processes
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


def main() -> int:
    django.setup()
    serving.prepare(os.environ)
    cookies = {years: session_with(years) for years in YEARS}
    with serving.serving(os.environ) as served:
        visitors = {
            years: Visitor(served.port, {"sessionid": cookie}, dict(serving.SAID_BY_PROXY))
            for years, cookie in cookies.items()
        }
        failed = [path for _, path in PAGES if visitors[YEARS[0]].get(path).status != 200]
        if failed:
            print(f"These pages do not answer with 200: {', '.join(failed)}", file=sys.stderr)
            return 1
        print_times(measure_times(visitors))
        if not os.environ.get("DATABASE_URL"):
            print_weights(visitors[YEARS[0]])
    return 0


def session_with(years: int) -> str:
    """The session of a runner who logged that many years of days."""
    from django.test import Client
    from django.utils import timezone

    from tests.bench.history import make_runner

    today = timezone.localdate()
    runner = make_runner(f"runner{years}", days=years * 365, until=today)
    client = Client()
    client.force_login(runner)
    return client.cookies["sessionid"].value


def measure_times(visitors: dict[int, Visitor]) -> dict[tuple[int, str], float]:
    """Median milliseconds by years and path."""
    seen: dict[tuple[int, str], list[float]] = {}
    for round_number in range(WARM_UP + ROUNDS):
        for _, path in PAGES:
            for years, visitor in visitors.items():
                began = time.perf_counter()
                visitor.get(path)
                took_ms = (time.perf_counter() - began) * 1000
                if round_number >= WARM_UP:
                    seen.setdefault((years, path), []).append(took_ms)
    return {place: statistics.median(times) for place, times in seen.items()}


def print_times(medians: dict[tuple[int, str], float]) -> None:
    from django.db import connection

    connection.ensure_connection()
    version = ".".join(str(part) for part in connection.get_database_version())
    print(f"\n{connection.display_name} {version}: median of {ROUNDS} requests, in milliseconds")
    print(f"{'':12}" + "".join(f"{years:>8} year{'s' if years > 1 else ' '}" for years in YEARS))
    for title, path in PAGES:
        figures = "".join(f"{medians[years, path]:>14.1f}" for years in YEARS)
        print(f"{title:12}{figures}")


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
