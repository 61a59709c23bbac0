"""`manage.py backup`: all of Limber in one file, while it is used."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from runners.hosting import Refused, backing_up, shelf, telling
from runners.hosting.pool import go_past_the_pool


class Command(BaseCommand):
    help = (
        "Puts the database and the files that wait to be read into one file in BACKUP_DIR, also"
        " while Limber is used, encrypted for BACKUP_KEYS. Keeps the last of 7 days and of 4"
        " weeks. To be run every night by a scheduler."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mail", action="store_true", help="mail HOST_CONTACT if it fails")

    def handle(self, *args: Any, mail: bool, **options: Any) -> None:
        go_past_the_pool()
        try:
            made = backing_up.make(timezone.now())
        except Exception as problem:
            is_foreseen = isinstance(problem, Refused)
            said = str(problem) if is_foreseen else f"{type(problem).__name__}: {problem}"
            raise CommandError(f"No backup was made. {said}{told(said) if mail else ''}") from (
                None if is_foreseen else problem
            )
        size = made.path.stat().st_size
        is_encrypted = made.path.name.endswith(shelf.ENCRYPTED)
        self.stdout.write(
            f"{made.path}: {size / 1e6:.1f} MB, {'encrypted' if is_encrypted else 'not encrypted'}"
        )


def told(said: str) -> str:
    """What became of the mail, where it did not go."""
    try:
        telling.backup_failed(said)
    except Refused as problem:
        return f" {problem}"
    return ""
