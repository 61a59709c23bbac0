from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils import timezone

from runners import access, standing
from runners.models import User

BATCH = 200  # runners whose history is in memory at a time


class Command(BaseCommand):
    help = "Renews standings since which a day has passed, or the rules have changed."

    def handle(self, *args: Any, **options: Any) -> None:
        # A day may have begun east of here that UTC has not seen; `renew` takes each one's own.
        today = timezone.localdate(timezone=timezone.get_fixed_timezone(14 * 60))
        shared = access.open_links().filter(
            standing.is_shared_stale(timezone.now(), standing.made_with())
        )
        stale = (
            User.objects.filter(
                Q(standing__valid_until__isnull=True)
                | Q(standing__valid_until__lte=today)
                | ~Q(standing__made_with=standing.made_with())
                | Q(pk__in=shared.values("athlete"))
            )
            .filter(welcomed_at__isnull=False)
            .order_by("pk")
        )
        keys = list(stale.values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            standing.renew(User.objects.filter(pk__in=keys[start : start + BATCH]))
        self.stdout.write(f"Renewed {len(keys)}.")
