"""The body map week by week: small pictures, each place in the colour of its highest mark.

Each shape that is needed stands once in the page, and the pictures refer to it. Back and front
lie side by side in one picture.
"""

from dataclasses import dataclass
from itertools import dropwhile

from django.utils.safestring import SafeString

from runners.body.areas import level
from runners.body.body_map import BACK, SILHOUETTE, mirrored, views
from runners.weeks.chart import joined
from runners.weeks.trends import PlaceTrend, Trends, WeekTrend

OUTLINES = (SILHOUETTE, mirrored(SILHOUETTE))


@dataclass(frozen=True, slots=True)
class Shape:
    """A place as it is drawn on the back or on the front."""

    id: str
    path: str
    is_front: bool


@dataclass(frozen=True, slots=True)
class Mark:
    place: PlaceTrend
    highest: int
    shapes: tuple[Shape, ...]

    @property
    def level(self) -> int:
        return level(self.highest)

    @property
    def svg(self) -> str:
        return "".join(f'<use class="s{self.level}" href="#{shape.id}"/>' for shape in self.shapes)


@dataclass(frozen=True, slots=True)
class Body:
    """One week. Not `is_known`: on no day is all of the body known, only what was marked."""

    week: WeekTrend
    marks: tuple[Mark, ...]  # sorest first
    is_known: bool
    starts_plan: bool

    @property
    def svg(self) -> SafeString:
        """Made of names alone: a template takes four times as long for the weeks of a year."""
        css = "rest" if self.is_known else "unknown"
        return joined([f'<use class="{css}" href="#body"/>', *(mark.svg for mark in self.marks)])

    @property
    def words(self) -> str:
        """`left hamstring 6, right calf 3`."""
        return ", ".join(f"{mark.place.name} {mark.highest}" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Bodies:
    shapes: tuple[Shape, ...]
    weeks: tuple[Body, ...]
    outlines: tuple[str, str] = OUTLINES

    @property
    def has_unknown(self) -> bool:
        return not all(body.is_known for body in self.weeks)


def draw(trends: Trends) -> Bodies | None:
    """From the first week with a check-in on. None where nothing was marked."""
    shapes = {place: _shapes(place) for place in trends.marked}
    if not shapes:
        return None
    weeks = [
        Body(
            week=week,
            marks=tuple(_marks(shapes, position)),
            is_known=all(place.weeks[position] for place in trends.places),
            starts_plan=position == trends.plan_week,
        )
        for position, week in enumerate(trends.weeks)
    ]
    return Bodies(
        shapes=tuple(shape for drawn in shapes.values() for shape in drawn),
        weeks=tuple(dropwhile(lambda body: not body.week.days_checked_in, weeks)),
    )


def _shapes(place: PlaceTrend) -> tuple[Shape, ...]:
    """Without the sit bone, which counts as the hamstring."""
    return tuple(
        Shape(f"{view.name}-{region.place}", region.path, is_front=view.name != BACK)
        for view in views({})
        for region in view.regions
        if (region.at.area, region.at.side) == (place.area, place.side) and not region.at.sit_bone
    )


def _marks(shapes: dict[PlaceTrend, tuple[Shape, ...]], position: int) -> list[Mark]:
    found = [
        Mark(place, week.highest, drawn)
        for place, drawn in shapes.items()
        if (week := place.weeks[position]) and week.days_marked
    ]
    return sorted(found, key=lambda mark: -mark.highest)
