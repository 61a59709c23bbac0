"""`manage.py import PATH… --runner EMAIL`: years of runs from files, lists and archives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from runners.imports.actions import bring_in, look_through
from runners.imports.reading import Item, items
from runners.imports.report import said
from runners.management.commands._people import person_with
from runners.models import Consent, User


class Command(BaseCommand):
    help = "Brings runs into a diary, each once, and prints a line of JSON for each run or file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--runner", required=True, metavar="EMAIL")
        parser.add_argument("--check", action="store_true", help="read all and save nothing")

    def handle(self, *, paths: list[Path], runner: str, check: bool, **options: Any) -> None:
        person = person_with(runner)
        if not check and not Consent.objects.of(person).in_force().exists():
            raise CommandError(f"{runner} has not agreed that health data are stored.")
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"There is no {', '.join(missing)}.")
        for line in lines(paths, person, check=check):
            self.stdout.write(json.dumps(line, ensure_ascii=False))


def lines(paths: list[Path], runner: User, *, check: bool) -> Iterator[dict[str, Any]]:
    found = items(paths, runner)
    decided = look_through(found, runner=runner) if check else bring_in(found, by=runner)
    return map(line_of, decided)


def line_of(item: Item) -> dict[str, Any]:
    """`start` is in UTC, `duration_s` with the watch running where that is known."""
    run = item.run
    return {
        "file": item.file,
        "status": item.status,
        "reason": said(item.reason, item.fields),
        "sport": item.sport,
        "start": run and run.started_at and f"{run.started_at:%Y-%m-%dT%H:%M:%SZ}",
        "day": run and run.day and run.day.isoformat(),
        "duration_s": run and run.duration_s,
        "elapsed_s": run and run.elapsed_s,
        "distance_m": run and run.distance_m,
        "effort": run and run.effort,
    }
