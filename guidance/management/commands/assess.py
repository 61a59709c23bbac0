from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guidance.cases import CaseError, assess_cases
from guidance.knowledge import current_knowledge


class Command(BaseCommand):
    help = "Prints, as JSON, what guidance says of each case in FILE, by the rules of the pages."
    requires_system_checks = ()  # it needs no database and no settings of a server

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a list of cases; see tests/data/vignettes.json"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """All or nothing: a case that cannot be read is named with its field, exit code 2."""
        try:
            answer = assess_cases(file.read_text(encoding="utf-8"), current_knowledge())
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{file}: {problem}", returncode=2) from None
        except CaseError as problem:
            raise CommandError(str(problem), returncode=2) from None
        self.stdout.write(answer)
