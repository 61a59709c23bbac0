"""`manage.py export EMAIL FILE`: everything that Limber has of a person, as one archive."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from runners import security_log
from runners.exports.archive import write
from runners.management.commands._people import person_with
from runners.models import SecurityEventKind


class Command(BaseCommand):
    help = "Writes everything that is stored of a person into one archive, readable by its owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, email: str, file: Path, **options: Any) -> None:
        person = person_with(email)
        try:
            opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise CommandError(f"{file} is there already.") from None
        except OSError as problem:
            raise CommandError(f"{file} cannot be written: {problem.strerror}.") from None
        with os.fdopen(opened, "wb") as to:
            write(person, to)
        security_log.note(SecurityEventKind.EXPORTED, person)
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")
