"""`manage.py doctor`: says in one line each what is right and what is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from runners.hosting import Refused, telling
from runners.hosting.checkup import Finding, all_findings


class Command(BaseCommand):
    help = (
        "Says in one line each what is right and what is not; ends with 1 where something is not."
    )
    requires_system_checks = ()  # it is for finding out what is wrong

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mail", action="store_true", help="mail HOST_CONTACT what is not right"
        )

    def handle(self, *args: Any, mail: bool, **options: Any) -> None:
        wrong: list[str] = []
        for finding in all_findings(timezone.now()):
            line = line_of(finding)
            self.stdout.write(line)
            if not finding.is_right:
                wrong.append(line)
        if not wrong:
            return
        if mail:
            try:
                telling.not_well(wrong)
            except Refused as problem:
                raise CommandError(str(problem)) from None
        raise CommandError(f"Not right: {len(wrong)}")


def line_of(finding: Finding) -> str:
    return f"{'ok' if finding.is_right else 'WRONG':<6} {finding.what:<12} {finding.said}"
