"""The words of the body map: areas, sides, kinds and timing, with what stands on screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.db import models


class Area(models.TextChoices):
    """In the order of the body map, back first; ties between areas are broken by it."""

    LOW_BACK = "low_back", "low back"
    GLUTE = "glute", "glute"
    HAMSTRING = "hamstring", "hamstring"
    CALF = "calf", "calf"
    ACHILLES = "achilles", "Achilles"
    FOOT = "foot", "foot"
    HIP_FLEXOR = "hip_flexor", "hip flexor"
    QUAD = "quad", "quad"
    GROIN = "groin", "groin"
    OUTER_THIGH = "outer_thigh", "outer thigh"
    KNEE = "knee", "knee"
    SHIN = "shin", "shin"
    ANKLE = "ankle", "ankle"
    BACK_OF_KNEE = "back_of_knee", "back of the knee"
    OUTER_HIP = "outer_hip", "outer hip"


class Side(models.TextChoices):
    """The runner's own left and right; `centre` is for the low back alone."""

    LEFT = "left", "left"
    RIGHT = "right", "right"
    CENTRE = "centre", "centre"


class SorenessKind(models.TextChoices):
    TIGHTNESS = "tightness", "tight"
    SORENESS = "soreness", "sore"
    PAIN = "pain", "painful"


class Timing(models.TextChoices):
    BEFORE = "before", "before run"
    DURING = "during", "during"
    AFTER = "after", "after"
    NEXT_MORNING = "next_morning", "next morning"


# Every area with its sides, in the order of the map, left before right.
PLACES: tuple[tuple[Area, Side], ...] = tuple(
    (area, side)
    for area in Area
    for side in ((Side.CENTRE,) if area is Area.LOW_BACK else (Side.LEFT, Side.RIGHT))
)

SIT_BONE = "sit_bone"


class Placed(Protocol):
    """What has a place, such as a spot."""

    area: str
    side: str
    sit_bone: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What can be marked: an area on a side, or in the hamstring the sit bone.

    The sit bone is no area of its own: it counts as the hamstring everywhere, and is remembered.
    """

    area: Area
    side: Side
    sit_bone: bool = False

    @classmethod
    def of(cls, spot: Placed) -> Place:
        return cls(Area(spot.area), Side(spot.side), spot.sit_bone)

    @property
    def shape(self) -> str:
        """What is drawn of it on the map: its area, or the sit bone."""
        return SIT_BONE if self.sit_bone else str(self.area)

    @property
    def id(self) -> str:
        """`hamstring-left`; `low_back`, which has no side."""
        return self.shape if self.side == Side.CENTRE else f"{self.shape}-{self.side}"

    @property
    def name(self) -> str:
        return place_name(self.area, self.side, sit_bone=self.sit_bone)


def _marked_places() -> tuple[Place, ...]:
    """In the order of the map: the sit bone follows the hamstring it counts as."""
    areas = [Place(area, side) for area, side in PLACES]
    after = max(n for n, place in enumerate(areas, 1) if place.area is Area.HAMSTRING)
    sit_bones = [Place(Area.HAMSTRING, side, sit_bone=True) for side in (Side.LEFT, Side.RIGHT)]
    return (*areas[:after], *sit_bones, *areas[after:])


MARKED_PLACES = _marked_places()

# Anchors of the 0-10 scale (knowledge base, section 6), by the number.
INTENSITY_WORDS = (
    "none",
    "barely there",
    "barely there",
    "noticeable",
    "noticeable",
    "strong",
    "strong",
    "severe",
    "severe",
    "worst",
    "worst",
)


def place_name(area: str, side: str, *, sit_bone: bool = False) -> str:
    """`left hamstring`, or `low back`, which has no side."""
    name = "sit bone" if sit_bone else str(Area(area).label)
    return name if side == Side.CENTRE else f"{side} {name}"


def level(intensity: float) -> int:
    """The step 0-5 of the colour ramp for an intensity 0-10: 0 | 1-2 | 3-4 | 5-6 | 7-8 | 9-10."""
    return (round(intensity) + 1) // 2


def intensity_word(intensity: int) -> str:
    return INTENSITY_WORDS[intensity]
