"""Words for places and numbers, as they stand in evidence lines and patterns."""

from collections.abc import Mapping
from string import Formatter

NOT_KNOWN = "–"


def place(area: str, side: str = "") -> str:
    """`left hamstring`; the area alone where both sides are meant."""
    name = area.replace("_", " ")
    return f"{side} {name}" if side in ("left", "right") else name


def number(value: float | str | None) -> str:
    """A number without needless decimals; a dash where nothing is known."""
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, str):
        return value.replace("_", " ")
    return f"{round(value, 1):g}".replace("-", "−")


def fill(template: str, fields: Mapping[str, object]) -> str:
    """Fill in a template of the knowledge; a field without a value shows as a dash."""
    named = {name for _, name, _, _ in Formatter().parse(template) if name}
    return template.format(**{name: fields.get(name, NOT_KNOWN) for name in named})
