"""The words of the body map: areas, sides, kinds and timing, with what stands on screen."""

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


# Every place that can be marked, back of the body first, left before right.
PLACES: tuple[tuple[Area, Side], ...] = tuple(
    (area, side)
    for area in Area
    for side in ((Side.CENTRE,) if area is Area.LOW_BACK else (Side.LEFT, Side.RIGHT))
)

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


def place_name(area: str, side: str) -> str:
    """`left hamstring`, or `low back`, which has no side."""
    name = str(Area(area).label)
    return name if side == Side.CENTRE else f"{side} {name}"


def level(intensity: float) -> int:
    """The step 0-5 of the colour ramp for an intensity 0-10: 0 | 1-2 | 3-4 | 5-6 | 7-8 | 9-10."""
    return (round(intensity) + 1) // 2


def intensity_word(intensity: int) -> str:
    return INTENSITY_WORDS[intensity]
