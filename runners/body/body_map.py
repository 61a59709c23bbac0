"""The body map: two views of the legs, and the region of every place that can be marked.

Only the half that stands on the left of the picture is drawn; the other one mirrors it. Seen from
behind that half is the runner's own left, seen from the front it is the runner's right.
Coordinates are whole units of the view box, lengths too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from runners.body.areas import PLACES, Area, Side, level, place_name

MIDDLE = 100  # the x of the mirror
GROIN_REACH = 14  # from the middle outwards; the shape itself ends at 8

BACK, FRONT = "back", "front"
LEFT_OF_PICTURE = {BACK: Side.LEFT, FRONT: Side.RIGHT}
MIRRORED = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT, Side.CENTRE: Side.CENTRE}

SILHOUETTE = (
    "M 100 6 C 80 6 70 12 70 26 C 70 44 66 54 62 66 C 54 88 52 104 54 128"
    " C 56 160 62 184 66 206 C 60 224 60 246 66 268 C 69 282 71 294 71 304"
    " C 66 314 58 320 56 328 C 56 334 64 336 74 335 C 84 334 88 330 88 322"
    " C 87 312 87 300 88 286 C 92 262 94 244 92 226 C 91 216 91 208 92 198"
    " C 96 172 98 150 100 132 Z"
)

# The low back lies across the middle; of all others this is the half left in the picture.
SHAPES: dict[str, dict[Area, str]] = {
    BACK: {
        Area.LOW_BACK: (
            "M 78 16 C 78 10 122 10 122 16 C 122 34 126 46 130 56 C 118 64 82 64 70 56"
            " C 74 46 78 34 78 16 Z"
        ),
        Area.GLUTE: "M 97 68 C 84 64 70 62 66 72 C 60 88 60 104 64 114 C 74 122 90 120 97 114 Z",
        Area.HAMSTRING: (
            "M 62 122 C 74 128 88 126 95 122 C 95 146 92 172 88 196 C 82 202 74 202 70 196"
            " C 64 172 60 146 62 122 Z"
        ),
        Area.CALF: (
            "M 70 212 C 76 206 84 206 88 212 C 91 232 90 252 85 268 C 80 272 74 272 72 268"
            " C 66 250 66 228 70 212 Z"
        ),
        Area.ACHILLES: (
            "M 75 276 C 78 274 82 274 84 276 C 83 288 83 296 84 304 C 80 307 77 307 75 304"
            " C 76 296 76 288 75 276 Z"
        ),
        Area.FOOT: (
            "M 72 310 C 78 308 84 310 85 316 C 86 326 80 331 72 331 C 66 331 62 328 64 324"
            " C 68 318 69 314 72 310 Z"
        ),
    },
    FRONT: {
        Area.HIP_FLEXOR: ("M 96 62 C 86 56 74 54 69 64 C 66 72 64 78 63 84 C 74 92 88 96 97 104 Z"),
        Area.QUAD: (
            "M 63 94 C 72 98 84 104 90 114 C 92 140 90 164 86 184 C 81 189 77 189 74 184"
            " C 66 158 62 124 63 94 Z"
        ),
        Area.GROIN: (
            "M 95 110 C 96 112 97 116 97 122 C 96 138 95 150 93 160 C 93 144 93 126 92 114"
            " C 93 111 94 109 95 110 Z"
        ),
        Area.OUTER_THIGH: (
            "M 58 96 C 60 120 64 152 69 182 C 66 182 64 178 62 172 C 58 150 55 124 56 100 Z"
        ),
        Area.KNEE: (
            "M 71 193 C 76 190 84 190 88 193 C 90 199 90 205 88 210 C 82 214 76 214 71 210"
            " C 69 204 69 198 71 193 Z"
        ),
        Area.SHIN: (
            "M 70 218 C 76 215 84 215 88 218 C 90 240 88 262 85 284 C 81 287 77 287 75 284"
            " C 69 262 67 240 70 218 Z"
        ),
        Area.FOOT: (
            "M 73 294 C 77 291 83 291 86 294 C 87 308 87 318 85 326 C 80 332 66 332 61 328"
            " C 64 318 71 308 73 294 Z"
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    def __str__(self) -> str:
        """As the `viewBox` of an svg element."""
        return f"{self.x} {self.y} {self.width} {self.height}"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a check-in says of a place: nothing, a spot still without a number, or its highest."""

    spots: int = 0
    intensity: int | None = None

    @property
    def state(self) -> str:
        """As `_mark.html` has it."""
        if self.intensity is not None:
            return "given"
        return "open" if self.spots else "none"

    @property
    def css(self) -> str:
        if self.intensity is not None:
            return f"s{level(self.intensity)}"
        return "here" if self.spots else "rest"


@dataclass(frozen=True, slots=True)
class Region:
    """One shape of one view, with the mark that is to be shown on it."""

    view: str
    area: Area
    side: Side
    path: str
    mark: Mark = Mark()

    @property
    def place(self) -> str:
        return place_id(self.area, self.side)

    @property
    def name(self) -> str:
        return place_name(self.area, self.side)

    @property
    def css(self) -> str:
        """The rule of `body-map.css` with the box, and where in the picture it is mirrored to."""
        if self.side is Side.CENTRE:
            return f"{self.view}-{self.area}"
        half = "west" if self.side is LEFT_OF_PICTURE[self.view] else "east"
        return f"{self.view}-{self.area} {half}"

    @property
    def box(self) -> Box:
        """Around the control points of the path, and so around its curves."""
        points = list(_points(self.path))
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        return Box(left, top, right - left, bottom - top)

    @property
    def reach(self) -> Box | None:
        """Where a tap counts beyond the shape: the groin is thinner than any finger."""
        if self.area is not Area.GROIN:
            return None
        x = MIDDLE - GROIN_REACH if self.box.x < MIDDLE else MIDDLE
        return Box(x, self.box.y, GROIN_REACH, self.box.height)


@dataclass(frozen=True, slots=True)
class View:
    """One of the two pictures. `halves` are the outlines, `letters` stand left and right."""

    name: str
    regions: tuple[Region, ...]
    letters: tuple[str, str]
    halves: tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListedArea:
    """A line of the plain list: an area and the places it has."""

    name: str
    places: tuple[Region, ...]


def place_id(area: str, side: str) -> str:
    """`hamstring-left`; `low_back`, which has no side."""
    return area if side == Side.CENTRE else f"{area}-{side}"


PLACE_BY_ID: dict[str, tuple[Area, Side]] = {place_id(*place): place for place in PLACES}


def name_of(place: str) -> str:
    """`left hamstring` for `hamstring-left`. Raises KeyError for a place that is not on the map."""
    return place_name(*PLACE_BY_ID[place])


def mirrored(path: str) -> str:
    return re.sub(r"(\d+) (\d+)", lambda point: f"{2 * MIDDLE - int(point[1])} {point[2]}", path)


def views(marks: Mapping[str, Mark]) -> list[View]:
    """Back and front, with the marks by place."""
    return [
        View(
            name,
            tuple(_with_mark(region, marks) for region in _regions(name)),
            ("L", "R") if side is Side.LEFT else ("R", "L"),
            (SILHOUETTE, mirrored(SILHOUETTE)),
        )
        for name, side in LEFT_OF_PICTURE.items()
    ]


def listed(marks: Mapping[str, Mark]) -> list[ListedArea]:
    """Every place once, by area, left before right."""
    regions = {region.place: region for view in SHAPES for region in _regions(view)}
    return [
        ListedArea(
            str(area.label),
            tuple(
                _with_mark(regions[place], marks)
                for place, (of, _) in PLACE_BY_ID.items()
                if of is area
            ),
        )
        for area in Area
    ]


def marks_of(spots: Iterable[tuple[str, int | None]]) -> dict[str, Mark]:
    """The mark of each place, from its spots: the highest number counts."""
    marks: dict[str, Mark] = {}
    for place, intensity in spots:
        before = marks.get(place, Mark())
        known = [n for n in (before.intensity, intensity) if n is not None]
        marks[place] = Mark(before.spots + 1, max(known, default=None))
    return marks


def _with_mark(region: Region, marks: Mapping[str, Mark]) -> Region:
    return replace(region, mark=marks.get(region.place, Mark()))


def _regions(view: str) -> Iterator[Region]:
    side = LEFT_OF_PICTURE[view]
    for area, path in SHAPES[view].items():
        if area is Area.LOW_BACK:
            yield Region(view, area, Side.CENTRE, path)
        else:
            yield Region(view, area, side, path)
            yield Region(view, area, MIRRORED[side], mirrored(path))


def _points(path: str) -> Iterator[tuple[int, int]]:
    for x, y in re.findall(r"(\d+) (\d+)", path):
        yield int(x), int(y)
