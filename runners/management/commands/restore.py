"""`manage.py restore FILE`: brings a backup back, and lets nothing come back that has ended."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from runners.formats import count
from runners.hosting import Refused, restoring
from runners.hosting.pool import go_past_the_pool
from runners.hosting.what_ended import Applied


class Command(BaseCommand):
    help = (
        "Replaces the database by that of a backup, once all of it has been found whole, and then"
        " ends what the journal beside the backups says has ended since. Limber must not run. What"
        " was there before is kept for a week."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE")
        parser.add_argument("--check", action="store_true", help="look at it, and change nothing")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the private key of age")
        parser.add_argument(
            "--anyway", action="store_true", help="also where the journal does not reach back to it"
        )
        parser.add_argument(
            "--only-journal",
            action="store_true",
            help="restore nothing: apply the journal to a database that came back in another way",
        )

    def handle(
        self,
        *args: Any,
        file: Path | None,
        check: bool,
        identity: Path | None,
        anyway: bool,
        only_journal: bool,
        **options: Any,
    ) -> None:
        if (file is None) != only_journal:
            raise CommandError("Name one backup, or --only-journal.")
        go_past_the_pool()
        try:
            if file is None:
                said = ended(restoring.apply_journal())
            elif check:
                made_at = restoring.look_at(file, identity=identity).made_at
                said = f"Whole, of {made_at:%d %B %Y %H:%M} UTC."
            else:
                done = restoring.restore(file, now=timezone.now(), identity=identity, anyway=anyway)
                said = f"Restored to {done.made_at:%d %B %Y %H:%M} UTC. {ended(done.applied)}"
                if done.aside:
                    said += f" What was there before is kept for a week: {done.aside}"
        except (Refused, OSError) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(said)


def ended(applied: Applied) -> str:
    counts = {
        "erased account": applied.accounts,
        "closed account": applied.left,
        "consent": applied.consents,
        "link to a coach": applied.links,
        "narrowed link": applied.switches,
    }
    found = [count(number, noun) for noun, number in counts.items() if number]
    said = f"Ended again by the journal: {', '.join(found) or 'nothing'}. Everybody signs in anew."
    if applied.back:
        said += f" Came back since: {count(applied.back, 'account')}."
    if applied.unreadable:
        said += f" {count(applied.unreadable, 'line')} of the journal could not be read."
    return said
