"""Draws architecture.svg from the imports: `make picture`, or `python docs/architecture.py`.

A box is a room: a folder of `runners` or `guidance`, or one of the few files beside them. An arrow
leads from the room that imports to the one that is imported. One that follows from others is left
out, so that what is left can be followed with a finger.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
APPS = ("guidance", "runners")
# Tables of contents and what Django looks for: they know every room, or none.
NOT_ROOMS = {"apps", "management", "migrations", "templatetags", "urls"}

Graph: TypeAlias = dict[str, set[str]]
Place: TypeAlias = tuple[str, str]  # a room, or where an arrow passes a layer: its two ends

CHARACTER, BOX_HEIGHT, LAYER, SPACE, MARGIN = 8.2, 44, 100, 24, 24  # in pixels
PASSAGE = 10  # width of what an arrow needs where it passes a layer
SWEEPS = 40  # after some ten the order of the layers no longer gets better

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="The rooms of runners and guidance, and which imports which">
<style>
  svg {{ color-scheme: light dark; background: #fffdf9; font: 14px system-ui, sans-serif }}
  text {{ text-anchor: middle; fill: #1f2a2e }}
  .app {{ font-size: 10.5px; opacity: .75 }}
  path {{ fill: none; stroke: #5c6765; stroke-width: 1.3 }}
  .circle {{ stroke: #9c2f2f; stroke-dasharray: 5 4 }}
  marker path {{ fill: #5c6765; stroke: none }}
  rect {{ stroke-width: 1.5; fill: #efeade; stroke: #8b9391 }}
  .guidance {{ fill: #e3efe9; stroke: #0f5c4d }}
  @media (prefers-color-scheme: dark) {{
    svg {{ background: #14171a }}
    text {{ fill: #e9e6df }}
    path {{ stroke: #9aa5a3 }}
    .circle {{ stroke: #f08a80 }}
    marker path {{ fill: #9aa5a3 }}
    rect {{ fill: #252c31; stroke: #6d7876 }}
    .guidance {{ fill: #1c332d; stroke: #5cc9ae }}
  }}
</style>
<marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
"""  # noqa: E501  # an element stands on one line


def imports() -> Graph:
    """Which rooms each room imports."""
    found: Graph = defaultdict(set)
    for file in (file for app in APPS for file in sorted((ROOT / app).rglob("*.py"))):
        here = room(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for module in modules(ast.parse(file.read_text())):
            there = room(module)
            if here and there and here != there:
                found[here].add(there)
                found[there]  # also one that imports nothing is a room
    return dict(found)


def modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room(module: str) -> str:
    """`runners.weeks` of `runners.weeks.chart`; "" for what is no room."""
    app, _, inside = module.partition(".")
    name = inside.partition(".")[0]
    is_room = app in APPS and name and name not in NOT_ROOMS | {"__init__"}
    return f"{app}.{name}" if is_room else ""


def reachable(graph: Graph) -> Graph:
    """What each room imports, at first hand or through others."""
    reached = {room: set(there) for room, there in graph.items()}
    for through in graph:
        for there in reached.values():
            if through in there:
                there |= reached[through]
    return reached


def arrows(graph: Graph, reached: Graph) -> list[tuple[str, str]]:
    """Those that do not follow from others; circles are drawn in full."""

    def circle(room: str) -> set[str]:
        return {other for other in reached[room] if room in reached[other]}

    return sorted(
        (here, there)
        for here, others in graph.items()
        for there in others
        if here in reached[there]
        or not any(
            via not in (reached[there] | circle(here)) and there in reached[via] for via in others
        )
    )


def heights(graph: Graph, reached: Graph) -> dict[str, int]:
    """The layer of each room from the bottom, above all that it imports; a circle shares one."""
    height = dict.fromkeys(graph, 0)
    for _ in graph:
        for here, others in graph.items():
            below = [height[there] + 1 for there in others if here not in reached[there]]
            beside = [height[there] for there in others if here in reached[there]]
            height[here] = max([height[here], *below, *beside])
    return height


def route(here: str, there: str, height: dict[str, int]) -> list[Place]:
    """From box to box, with a place in each layer that the arrow passes."""
    passed = range(height[there] + 1, height[here])
    return [(here, ""), *((here, f"{there} {layer}") for layer in reversed(passed)), (there, "")]


def layers_of(height: dict[str, int], routes: Iterable[list[Place]]) -> list[list[Place]]:
    """The order of each layer, in which few arrows cross: each place near those it leads to."""
    layers: list[list[Place]] = [[] for _ in range(max(height.values()) + 1)]
    for name in sorted(height):
        layers[height[name]].append((name, ""))
    beside: dict[Place, list[Place]] = defaultdict(list)
    for places in routes:
        top = height[places[0][0]]
        for down, place in enumerate(places[1:-1], start=1):
            layers[top - down].append(place)
        for upper, lower in pairwise(places):
            beside[upper].append(lower)
            beside[lower].append(upper)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 else reversed(layers):
            at = {place: x for row in layers for place, x in centres(row).items()}

            def wanted(place: Place, at: dict[Place, float] = at) -> tuple[float, Place]:
                near = [at[other] for other in beside[place]]
                return (sum(near) / len(near) if near else at[place], place)

            layer.sort(key=wanted)
    return layers


def width(place: Place) -> float:
    name, passes = place
    return PASSAGE if passes else max(CHARACTER * len(name.partition(".")[2]) + 26, 72)


def centres(layer: list[Place]) -> dict[Place, float]:
    """Where the middle of each place is, from the middle of its layer."""
    x = -(sum(map(width, layer)) + SPACE * (len(layer) - 1)) / 2
    found = {}
    for place in layer:
        found[place] = x + width(place) / 2
        x += width(place) + SPACE
    return found


def picture() -> str:
    graph = imports()
    reached = reachable(graph)
    height = heights(graph, reached)
    routes = [route(*arrow, height) for arrow in arrows(graph, reached)]
    layers = layers_of(height, routes)
    at = {place: x for layer in layers for place, x in centres(layer).items()}
    half = max(abs(x) + width(place) / 2 for place, x in at.items()) + MARGIN
    y_of = {
        place: MARGIN + BOX_HEIGHT / 2 + LAYER * (len(layers) - 1 - number)
        for number, layer in enumerate(layers)
        for place in layer
    }
    drawn = [HEAD.format(width=round(2 * half), height=LAYER * len(layers) - 10)]
    for places in routes:
        is_circle = places[0][0] in reached[places[-1][0]]
        points = [(at[place] + half, y_of[place]) for place in places]
        css = "circle" if is_circle else "arrow"
        drawn.append(f'<path class="{css}" d="{line(points)}" marker-end="url(#end)"/>\n')
    for name in sorted(height):
        x, y, wide = at[name, ""] + half, y_of[name, ""], width((name, ""))
        app, _, label = name.partition(".")
        drawn.append(
            f'<rect class="{app}" x="{x - wide / 2:.0f}" y="{y - BOX_HEIGHT / 2:.0f}"'
            f' width="{wide:.0f}" height="{BOX_HEIGHT}" rx="8"/>'
            f'<text class="app" x="{x:.0f}" y="{y - 7:.0f}">{app}</text>'
            f'<text x="{x:.0f}" y="{y + 11:.0f}">{label}</text>\n'
        )
    return "".join([*drawn, "</svg>\n"])


def line(points: list[tuple[float, float]]) -> str:
    """From the lower edge of the first box to the upper edge of the last one, in soft bends."""
    half_box = BOX_HEIGHT / 2
    (x, y), *between, (end_x, end_y) = points
    if y == end_y:  # in one layer: a bow above it
        top = y - half_box
        bow = f"{x:.0f} {top - 26:.0f} {end_x:.0f} {top - 26:.0f}"
        return f"M{x:.0f} {top:.0f}C{bow} {end_x:.0f} {top:.0f}"
    d, y = f"M{x:.0f} {y + half_box:.0f}", y + half_box
    stops = [(px, py - half_box, py + half_box) for px, py in between]
    for to_x, to_y, leaves_y in [*stops, (end_x, end_y - half_box, end_y)]:
        bend = (to_y - y) / 2
        d += f"C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"
        if (to_x, leaves_y) != (end_x, end_y):
            d += f"V{leaves_y:.0f}"
        x, y = to_x, leaves_y
    return d


if __name__ == "__main__":
    PICTURE.write_text(picture())
