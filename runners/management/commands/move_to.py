"""`manage.py move_to DATABASE_URL`: from SQLite to PostgreSQL, and back."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from runners.formats import count
from runners.hosting import Refused, moving
from runners.hosting.pool import go_past_the_pool


class Command(BaseCommand):
    help = (
        "Copies all of Limber into an empty database, compares counts and checksums of every table,"
        " and changes nothing in the database that Limber uses. Limber must not run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "address",
            metavar="DATABASE_URL",
            help="where to, as in the variable; - reads it from a line of standard input, where no"
            " list of processes shows its password",
        )
        parser.add_argument(
            "--while-running",
            action="store_true",
            help="a rehearsal: what is saved meanwhile is not moved",
        )

    def handle(self, *args: Any, address: str, while_running: bool, **options: Any) -> None:
        address = sys.stdin.readline().strip() if address == "-" else address
        go_past_the_pool()
        try:
            moved = moving.move(address, while_running=while_running, say=self.stdout.write)
        except (Refused, OSError) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"Moved: {count(moved.tables, 'table')}, {count(moved.rows, 'row')}, the same in both."
        )
        if moved.unknown:
            self.stdout.write(
                f"Not moved, as Limber knows no such tables: {', '.join(moved.unknown)}."
            )
        self.stdout.write(REHEARSED if while_running else NEXT)


NEXT = """\
Nothing uses the new database yet, and the old one is as it was. Before Limber starts again:
  1. set DATABASE_URL to the new database, and leave LOCAL_DIR and BACKUP_DIR as they are
  2. manage.py doctor
  3. manage.py backup, as backups of the old database cannot be restored into the new one"""
REHEARSED = """\
This was a rehearsal: what was saved since it began is in the old database alone. Do not use the new
one, but empty it, stop Limber, and move again without --while-running."""
