"""Brings the spots of a list into the diary, as partial check-ins: what its runner wrote stands."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from runners.imports.facts import SPOT
from runners.imports.reading import Item
from runners.models import Became, CheckIn, Import, ImportRow, SorenessEntry, User

AT_ONCE = 500  # spots that one query takes out


class MarkedDays:
    """What the diary has on some days. Inside a transaction that holds the runner's lock."""

    def __init__(self, runner: User, days: Collection[dt.date]) -> None:
        """2 queries."""
        self.runner = runner
        found = CheckIn.objects.of(runner).filter(day__in=days).with_spots(runner)
        self.check_ins = {check_in.day: check_in for check_in in found}
        self.marked = {
            (check_in.day, entry.area, entry.side)
            for check_in in self.check_ins.values()
            for entry in check_in.entries.all()
        }

    def decided(self, item: Item) -> Item:
        """A place that is marked stays as it is, and so does a day with a whole check-in."""
        spot = item.spot
        if spot is None or item.status != Became.NEW:
            return item
        check_in = self.check_ins.get(spot.day)
        if (spot.day, spot.area, spot.side) in self.marked:
            return replace(item, status=Became.KNOWN, reason="marked-already")
        if check_in is not None and not check_in.partial:
            return replace(item, status=Became.LEFT_OUT, reason="day-checked-in")
        self.marked.add((spot.day, spot.area, spot.side))
        return item

    def store(self, items: Iterable[Item]) -> bool:
        """Those that are new; says whether there were any. 2 queries."""
        spots = [item.spot for item in items if item.spot and item.status == Became.NEW]
        lacking = {spot.day for spot in spots} - self.check_ins.keys()
        made = CheckIn.objects.bulk_create(
            CheckIn(runner=self.runner, day=day, partial=True) for day in sorted(lacking)
        )
        self.check_ins |= {check_in.day: check_in for check_in in made}
        for spot in spots:
            spot.check_in = self.check_ins[spot.day]
        SorenessEntry.objects.bulk_create(spots)
        return bool(spots)


# The way back


def untouched(brought: Import) -> list[int]:
    """Keys of the spots of an import that are as it brought them. 2 queries, for runs alone none.

    A day that its runner saved since is a whole check-in: what it has is the runner's own.
    """
    if brought.matching is None:
        return []
    rows = ImportRow.objects.of(brought).filter(became=Became.NEW, run=None)
    facts = rows.exclude(facts=None).values_list("facts", flat=True)
    mine = {tuple(str(spot[name]) for name in ("day", *SPOT)) for spot in facts if spot}
    entries = SorenessEntry.objects.of(brought.runner).filter(check_in__partial=True)
    found = entries.values_list("pk", "day", *SPOT).iterator(chunk_size=2_000)
    return [key for key, *said in found if tuple(map(str, said)) in mine]


def take_out(keys: Sequence[int], runner: User) -> None:
    """Spots, and the partial check-ins that have none left. Inside a transaction."""
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        days = list(SorenessEntry.objects.filter(pk__in=some).values_list("check_in", flat=True))
        SorenessEntry.objects.of(runner).filter(pk__in=some).delete()
        emptied = CheckIn.objects.of(runner).filter(pk__in=days, partial=True, note="")
        emptied.filter(entries=None).delete()
