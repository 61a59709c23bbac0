"""Words for places."""

from runners.body.areas import place_name


def place_words(area: str, side: str) -> str:
    """`left hamstring`; the area alone where both sides are meant."""
    return place_name(area, side) if side in {"left", "right"} else area.replace("_", " ")
