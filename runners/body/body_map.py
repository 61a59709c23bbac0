"""The body map: two views of the legs, and the region of every place that can be marked.

Only the half that stands on the left of the picture is drawn; the other one mirrors it. Seen from
behind that half is the runner's own left, seen from the front it is the runner's right.
Coordinates are whole units of the view box, lengths too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from runners.body.areas import MARKED_PLACES, SIT_BONE, Area, Place, Side, level, place_name

MIDDLE = 100  # the x of the mirror
LEFT_EDGE, WIDTH, HEIGHT = 44, 112, 340  # of the view box
PORTRAIT_HEIGHT = 120
GROIN_REACH = 14  # from the middle outwards; the shape itself ends at 8
# Width and height about the middle, where shapes of other areas stand all around.
REACHES: dict[str, tuple[int, int]] = {SIT_BONE: (30, 38), Area.ANKLE: (30, 22)}

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
SHAPES: dict[str, dict[str, str]] = {
    BACK: {
        Area.LOW_BACK: (
            "M 78 16 C 78 10 122 10 122 16 C 122 34 126 46 130 56 C 118 64 82 64 70 56"
            " C 74 46 78 34 78 16 Z"
        ),
        Area.GLUTE: "M 97 68 C 86 64 74 62 71 72 C 67 88 67 104 70 115 C 78 122 90 120 97 114 Z",
        Area.HAMSTRING: (
            "M 62 122 C 74 128 88 126 95 122 C 95 144 93 166 90 184 C 84 190 74 190 68 184"
            " C 63 164 60 144 62 122 Z"
        ),
        SIT_BONE: (
            "M 84 109 C 90 109 94 113 94 118 C 94 123 90 127 84 127 C 78 127 74 123 74 118"
            " C 74 113 78 109 84 109 Z"
        ),
        Area.CALF: (
            "M 70 218 C 76 212 84 212 88 218 C 91 236 90 254 85 268 C 80 272 74 272 72 268"
            " C 66 252 66 234 70 218 Z"
        ),
        Area.ACHILLES: (
            "M 75 276 C 78 274 82 274 84 276 C 83 284 83 290 84 296 C 81 299 78 299 75 296"
            " C 76 290 76 284 75 276 Z"
        ),
        Area.FOOT: (
            "M 72 314 C 78 311 84 314 86 318 C 86 326 80 331 72 331 C 66 331 62 328 64 324"
            " C 68 320 69 317 72 314 Z"
        ),
        Area.ANKLE: (
            "M 72 300 C 76 303 82 303 87 300 C 88 304 88 307 88 310 C 83 307 77 307 69 310"
            " C 71 307 72 303 72 300 Z"
        ),
        Area.BACK_OF_KNEE: (
            "M 68 191 C 76 195 84 195 90 191 C 90 199 89 206 88 212 C 83 208 76 208 69 212"
            " C 67 206 67 198 68 191 Z"
        ),
        Area.OUTER_HIP: (
            "M 62 74 C 65 71 68 72 67 76 C 63 90 63 104 66 116 C 62 119 57 118 55 114"
            " C 54 100 57 86 62 74 Z"
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
            "M 58 104 C 60 124 64 154 69 184 C 66 184 64 180 62 174 C 58 152 55 130 56 108 Z"
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
            "M 71 309 C 77 306 83 306 87 309 C 87 316 87 321 85 326 C 80 332 66 332 61 328"
            " C 63 320 67 314 71 309 Z"
        ),
        Area.ANKLE: (
            "M 74 290 C 78 293 82 293 86 290 C 87 295 87 299 87 304 C 82 301 77 301 72 304"
            " C 73 299 74 295 74 290 Z"
        ),
        Area.OUTER_HIP: (
            "M 63 66 C 65 63 68 64 67 68 C 63 78 61 86 60 97 C 58 101 55 100 55 96"
            " C 55 86 58 76 63 66 Z"
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
    at: Place
    path: str
    mark: Mark = Mark()

    @property
    def place(self) -> str:
        return self.at.id

    @property
    def name(self) -> str:
        return self.at.name

    @property
    def side(self) -> Side:
        return self.at.side

    @property
    def css(self) -> str:
        """The rule of `body-map.css` with the box, and where in the picture it is mirrored to."""
        if self.side is Side.CENTRE:
            return f"{self.view}-{self.at.shape}"
        half = "west" if self.side is LEFT_OF_PICTURE[self.view] else "east"
        return f"{self.view}-{self.at.shape} {half}"

    @property
    def box(self) -> Box:
        """Around the control points of the path, and so around its curves."""
        points = list(_points(self.path))
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        return Box(left, top, right - left, bottom - top)

    @property
    def reach(self) -> Box | None:
        """Where a tap counts beyond the shape, where that is smaller than any finger."""
        box = self.box
        if self.at.shape in REACHES:
            width, height = REACHES[self.at.shape]
            x, y = box.x - (width - box.width) // 2, box.y - (height - box.height) // 2
            return Box(x, y, width, height)
        if self.at.area is not Area.GROIN:
            return None
        x = MIDDLE - GROIN_REACH if box.x < MIDDLE else MIDDLE
        return Box(x, box.y, GROIN_REACH, box.height)


@dataclass(frozen=True, slots=True)
class View:
    """One of the two pictures. `halves` are the outlines, `letters` stand left and right."""

    name: str
    regions: tuple[Region, ...]
    letters: tuple[str, str]
    halves: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Portrait:
    """The part of a view around what is marked, small enough to stand beside a line."""

    view: View
    box: Box


@dataclass(frozen=True, slots=True)
class ListedArea:
    """A line of the plain list: an area and the places it has."""

    name: str
    places: tuple[Region, ...]


PLACE_BY_ID: dict[str, Place] = {place.id: place for place in MARKED_PLACES}


def name_of(place: str) -> str:
    """`left hamstring` for `hamstring-left`. Raises KeyError for a place that is not on the map."""
    return PLACE_BY_ID[place].name


@cache
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


def portrait(marks: Mapping[str, Mark]) -> Portrait | None:
    """Around the strongest mark, in the first view that shows it; None without any."""
    marked = [
        (region.mark.intensity or 0, -number, view, region)
        for number, view in enumerate(views(marks))
        for region in view.regions
        if region.mark.spots
    ]
    if not marked:
        return None
    *_, view, region = max(marked, key=lambda one: one[:2])
    middle = region.box.y + region.box.height // 2
    top = max(0, min(middle - PORTRAIT_HEIGHT // 2, HEIGHT - PORTRAIT_HEIGHT))
    return Portrait(view, Box(LEFT_EDGE, top, WIDTH, PORTRAIT_HEIGHT))


def listed(marks: Mapping[str, Mark]) -> list[ListedArea]:
    """Every place once, by area, left before right."""
    regions = {region.place: region for view in SHAPES for region in _regions(view)}
    lines: dict[str, list[Region]] = {}
    for place in MARKED_PLACES:
        name = place_name(place.area, Side.CENTRE, sit_bone=place.sit_bone)
        lines.setdefault(name, []).append(_with_mark(regions[place.id], marks))
    return [ListedArea(name, tuple(places)) for name, places in lines.items()]


def marks_of(spots: Iterable[tuple[str, int | None]]) -> dict[str, Mark]:
    """The mark of each place, from its spots: the highest number counts."""
    marks: dict[str, Mark] = {}
    for place, intensity in spots:
        before = marks.get(place, Mark())
        known = [n for n in (before.intensity, intensity) if n is not None]
        marks[place] = Mark(before.spots + 1, max(known, default=None))
    return marks


def _with_mark(region: Region, marks: Mapping[str, Mark]) -> Region:
    mark = marks.get(region.place)
    return region if mark is None else replace(region, mark=mark)


@cache
def _regions(view: str) -> tuple[Region, ...]:
    return tuple(_drawn(view))


def _drawn(view: str) -> Iterator[Region]:
    side = LEFT_OF_PICTURE[view]
    for shape, path in SHAPES[view].items():
        if shape == Area.LOW_BACK:
            yield Region(view, Place(Area.LOW_BACK, Side.CENTRE), path)
            continue
        sit_bone = shape == SIT_BONE
        area = Area.HAMSTRING if sit_bone else Area(shape)
        yield Region(view, Place(area, side, sit_bone), path)
        yield Region(view, Place(area, MIRRORED[side], sit_bone), mirrored(path))


def _points(path: str) -> Iterator[tuple[int, int]]:
    for x, y in re.findall(r"(\d+) (\d+)", path):
        yield int(x), int(y)
