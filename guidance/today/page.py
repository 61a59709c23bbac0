"""What Today says of the check-in, and the picture that goes with a place."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from guidance.findings.page import Cell
from guidance.rules.ids import ASK_WARNING_SCREEN
from guidance.rules.log.log import SYMPTOM
from guidance.rules.patterns.find import MORNING_TIMINGS, SPARSE_CHECK_INS
from guidance.rules.said import Said
from runners.body.areas import SIT_BONE, Place
from runners.body.body_map import Mark, Portrait, marks_of, portrait
from runners.models import SorenessEntry, Standing, User
from runners.models.standing import StandingLevel
from runners.prepared import prepared
from runners.weeks.recent import DayGlance

STRIP_DAYS = 7
NOTED = "checked.noted"
# Up to here running on is fine if it settles (the pain rule, knowledge base 4.3).
FINE_UP_TO = 5


@dataclass(frozen=True)
class Checked:
    """Today's check-in beside the six days before. `spots` are today's, in their order."""

    spots: tuple[SorenessEntry, ...]
    week: tuple[SorenessEntry, ...]
    days: tuple[DayGlance, ...]

    @property
    def today(self) -> dt.date:
        return self.days[-1].day

    @cached_property
    def sorest(self) -> SorenessEntry | None:
        return max(self.spots, key=lambda spot: spot.intensity, default=None)

    @cached_property
    def strip(self) -> tuple[Cell, ...]:
        """Of the sorest place; nothing where all is clear, or today is all that is known."""
        if self.sorest is None:
            return ()
        cells = tuple(Cell(day.day, self._peak_on(day)) for day in self.days[-STRIP_DAYS:])
        return cells if sum(cell.peak is not None for cell in cells) > 1 else ()

    @property
    def headline(self) -> Said:
        """`5th sore morning in 7`, `3rd clear day in a row`; or what is there."""
        if self.sorest is None:
            clear = self._clear_in_a_row()
            return Said("checked.clear_days", count=clear) if clear > 1 else Said("checked.clear")
        sore = [cell.day for cell in self.strip if (cell.peak or 0) >= SYMPTOM]
        if len(sore) < 2 or self.today not in sore:
            return self._noted(self.sorest)
        known = sum(cell.peak is not None for cell in self.strip)
        what = "mornings" if self._were_mornings(sore) else "days"
        if known == STRIP_DAYS:
            return Said(f"checked.{what}", count=len(sore))
        return Said(f"checked.{what}_known", count=len(sore), known=known)

    @property
    def listed(self) -> tuple[SorenessEntry, ...]:
        """What the headline leaves to be told."""
        return self.spots if self.headline.key != NOTED or len(self.spots) > 1 else ()

    @property
    def before(self) -> Said | None:
        """How it was yesterday, where that is known."""
        if not self.strip or self.strip[-2].peak is None:
            return None
        peak = self.strip[-2].peak
        return Said("checked.yesterday", level=peak) if peak else Said("checked.yesterday_clear")

    @property
    def portrait(self) -> Portrait | None:
        return portrait(marks_of((Place.of(s).id, s.intensity) for s in self.spots))

    def may_run(self, standing: Standing) -> bool:
        """Is the pain rule all there is to say? Not where a sign, a flag or a question stands."""
        calm = standing.level < StandingLevel.EASE_OFF and not standing.warning
        asked = standing.ask_next == ASK_WARNING_SCREEN
        low = self.sorest is not None and 1 <= self.sorest.intensity <= FINE_UP_TO
        return calm and low and not asked and not standing.first_days

    def _noted(self, spot: SorenessEntry) -> Said:
        area = SIT_BONE if spot.sit_bone else spot.area
        kind = str(spot.get_kind_display())
        return Said(NOTED, area=area, side=spot.side, level=spot.intensity, kind=kind)

    def _peak_on(self, day: DayGlance) -> int | None:
        """On a partial day the place is known once it is named."""
        if day.peak is None:
            return None
        of_day = [spot for spot in self.week if spot.day == day.day]
        here = [spot.intensity for spot in of_day if self._is_sorest_place(spot)]
        if here:
            return max(here)
        return None if any(spot.check_in.partial for spot in of_day) else 0

    def _were_mornings(self, days: Iterable[dt.date]) -> bool:
        of = set(days)
        return all(
            spot.timing in MORNING_TIMINGS
            for spot in self.week
            if spot.day in of and self._is_sorest_place(spot) and spot.intensity >= SYMPTOM
        )

    def _is_sorest_place(self, spot: SorenessEntry) -> bool:
        """The sit bone counts as the hamstring."""
        place = self.sorest
        return place is not None and (spot.area, spot.side) == (place.area, place.side)

    def _clear_in_a_row(self) -> int:
        count = 0
        for day in reversed(self.days):
            if day.peak != 0:
                break
            count += 1
        return count


def week_of_spots(runner: User, today: dt.date) -> list[SorenessEntry]:
    """The spots of seven days. 1 query."""
    since = today - dt.timedelta(days=STRIP_DAYS - 1)
    return _spots(runner, since, today)


@prepared
def _spots(runner: User, first: dt.date, last: dt.date) -> QuerySet[SorenessEntry]:
    spots = SorenessEntry.objects.of(runner).since(first).until(last)
    return spots.select_related("check_in").order_by("pk")


def checked(spots: Sequence[SorenessEntry], days: Sequence[DayGlance]) -> Checked | None:
    """None where nothing is known of today."""
    if days[-1].peak is None:
        return None
    todays = tuple(spot for spot in spots if spot.day == days[-1].day)
    return Checked(todays, tuple(spots), tuple(days))


def yesterdays(spots: Iterable[SorenessEntry], today: dt.date) -> SorenessEntry | None:
    """The sorest spot of yesterday."""
    before = today - dt.timedelta(days=1)
    of_day = [spot for spot in spots if spot.day == before and spot.intensity]
    return max(of_day, key=lambda spot: spot.intensity, default=None)


def check_ins_left(days: Iterable[DayGlance]) -> tuple[int, int]:
    """How many check-ins of two weeks there are, and how many the first pattern takes."""
    return min(sum(day.peak is not None for day in days), SPARSE_CHECK_INS), SPARSE_CHECK_INS


def portrait_of(standing: Standing) -> Portrait | None:
    """Of the place that the headline is about, as sore as the headline does not say."""
    area, side = standing.headline.get("area"), standing.headline.get("side")
    if not area:
        return None
    sides = [side] if side else ["left", "right"]
    return portrait({f"{area}-{one}" if one != "centre" else area: Mark(1, 4) for one in sides})
