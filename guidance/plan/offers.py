"""What is offered for a plan, and on which days of the week each remedy starts out."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from guidance.advice.advice import Advice
from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Remedy, Source
from guidance.rules.ids import REMEDY_PHYSICAL_THERAPY
from guidance.rules.log.log import WINDOW_DAYS
from guidance.rules.said import Said
from guidance.rules.types import History

# ISO weekdays for so many days a week, as far apart as they go; five are working days, because
# what is meant for five (breaks from sitting) is meant for those.
SPREAD = {1: "3", 2: "25", 3: "135", 4: "1246", 5: "12345", 6: "123456", 7: "1234567"}
AS_NEEDED = 0
FEW_DAYS = 3  # a week, for what is needed now and then, where no habit of running is known
USUAL_RUNS = 2  # in four weeks, on the same day of the week


@dataclass(frozen=True, slots=True)
class OfferShown:
    """A remedy that can be taken on. `weekdays` is what its days are set to at first, `note` why.

    `not_if` has to be asked line by line before it starts.
    """

    remedy: Remedy
    not_if: tuple[Said, ...]
    weekdays: str
    note: Said | None

    @property
    def slug(self) -> str:
        return self.remedy.id.partition(":")[2]

    @property
    def sources(self) -> tuple[Source, ...]:
        return current_knowledge().sources_of(self.remedy)


def offers(advice: Advice, *, without: Collection[str] = ()) -> tuple[OfferShown, ...]:
    """What guidance suggests, in its order, except what is in the plan already."""
    remedies = current_knowledge().remedies
    usual = usual_run_days(advice.history)
    shown = []
    for offer in advice.assessment.recommend:
        if offer.remedy in without:
            continue
        remedy = remedies[offer.remedy]
        weekdays, note = first_days(remedy, usual)
        shown.append(OfferShown(remedy, offer.not_if, weekdays, note))
    return tuple(shown)


def first_days(remedy: Remedy, usual: str) -> tuple[str, Said | None]:
    """Days of the week, and why those."""
    if remedy.id == REMEDY_PHYSICAL_THERAPY:
        return SPREAD[1], Said("plan.once_a_week")
    if remedy.per_week != AS_NEEDED:
        return SPREAD[remedy.per_week], None
    if usual:
        return usual, Said("plan.when_you_run")
    return SPREAD[FEW_DAYS], Said("plan.three_days")


def usual_run_days(history: History) -> str:
    """ISO weekdays with two runs or more in the last four weeks."""
    since = history.today - dt.timedelta(days=WINDOW_DAYS - 1)
    days = Counter(
        day.isoweekday() for day in {run.day for run in history.runs if run.day >= since}
    )
    return "".join(str(day) for day in sorted(days) if days[day] >= USUAL_RUNS)
