"""The soreness ramp in the light and in the dark: its steps, and the figures that stand on them."""

import re

import pytest

from tests.serving import ROOT

TOKENS = re.findall(
    r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (ROOT / "static/css/limber.css").read_text()
)
LIGHT = {name: light for name, light, _ in TOKENS}
DARK = {name: dark for name, _, dark in TOKENS}
LOOKS = {"light": LIGHT, "dark": DARK}
RAMP = ["s0", "s1", "s2", "s3", "s4", "s5"]
ON = ["on-pale", "on-pale", "on-pale", "on-mid", "on-mid", "on-deep"]
# The low neighbours of the ramp: with less, 1, 3 and 5 of 10 look the same in the dark. From s3 on
# the hue helps too.
APART = 1.4
LEGIBLE = 4.5  # WCAG 1.4.3


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", LOOKS)
def test_figures_are_legible_on_each_step(look: str) -> None:
    colours = LOOKS[look]
    faint = [
        step
        for step, ink in zip(RAMP, ON, strict=True)
        if contrast(colours[step], colours[ink]) < LEGIBLE
    ]
    assert faint == []


def test_steps_grow_lighter_in_the_dark() -> None:
    assert sorted(RAMP, key=lambda step: luminance(DARK[step])) == RAMP


@pytest.mark.parametrize(("low", "next_one"), [("s0", "s1"), ("s1", "s2"), ("s2", "s3")])
def test_low_steps_can_be_told_apart_in_the_dark(low: str, next_one: str) -> None:
    assert contrast(DARK[low], DARK[next_one]) >= APART


@pytest.mark.parametrize("look", LOOKS)
def test_a_selected_segment_is_lighter_than_its_track(look: str) -> None:
    colours = LOOKS[look]
    assert luminance(colours["raised"]) > luminance(colours["sunk"])
