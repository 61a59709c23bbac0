import re
from pathlib import Path

import pytest
from django.conf import settings

from runners.body import body_map
from runners.body.areas import MARKED_PLACES, PLACES, Area, Place, Side
from runners.body.body_map import BACK, FRONT, Box, Mark, Region
from runners.web import notices

VIEWS = {view.name: view for view in body_map.views({})}
REGIONS = [region for view in VIEWS.values() for region in view.regions]


def region(view: str, place: str) -> Region:
    return next(region for region in VIEWS[view].regions if region.place == place)


def middle(region: Region) -> float:
    return region.box.x + region.box.width / 2


def test_every_place_is_on_the_map() -> None:
    assert {region.at for region in REGIONS} == set(MARKED_PLACES)
    assert {(place.area, place.side) for place in MARKED_PLACES} == set(PLACES)


def test_the_sit_bone_counts_as_the_hamstring_and_is_remembered() -> None:
    place = body_map.PLACE_BY_ID["sit_bone-left"]
    assert place == Place(Area.HAMSTRING, Side.LEFT, sit_bone=True)
    assert (place.id, place.name) == ("sit_bone-left", "left sit bone")


def test_no_place_is_drawn_twice_in_one_view() -> None:
    assert [len(view.regions) for view in VIEWS.values()] == [19, 18]
    for view in VIEWS.values():
        assert len({region.place for region in view.regions}) == len(view.regions)


@pytest.mark.parametrize(
    "shown",
    [region for region in REGIONS if region.place != "low_back"],
    ids=lambda region: f"{region.view}-{region.place}",
)
def test_left_is_the_runners_own(shown: Region) -> None:
    """From behind it is on the left of the picture, from the front on the right."""
    is_left_in_picture = middle(shown) < body_map.MIDDLE
    assert is_left_in_picture == ((shown.side == "left") == (shown.view == BACK))


def test_letters_stand_on_the_side_that_they_name() -> None:
    assert VIEWS[BACK].letters == ("L", "R")
    assert VIEWS[FRONT].letters == ("R", "L")


def test_views_hold_the_areas_of_their_own_side_of_the_body() -> None:
    back = {region.at.shape for region in VIEWS[BACK].regions}
    front = {region.at.shape for region in VIEWS[FRONT].regions}
    assert {"hamstring", "sit_bone", "glute", "calf", "back_of_knee", "low_back"} <= back - front
    assert {"quad", "shin", "knee", "hip_flexor"} <= front - back
    assert back & front == {"foot", "ankle", "outer_hip"}


def test_mirrored_turns_every_point_and_back_again() -> None:
    assert body_map.mirrored("M 97 68 C 84 64 70 62 66 72 Z") == "M 103 68 C 116 64 130 62 134 72 Z"
    assert body_map.mirrored(body_map.mirrored(body_map.SILHOUETTE)) == body_map.SILHOUETTE


def test_box_holds_all_points_of_the_path() -> None:
    assert region(BACK, "hamstring-left").box == Box(60, 122, 35, 68)
    assert region(BACK, "hamstring-right").box == Box(105, 122, 35, 68)


def test_style_sheet_places_each_region_where_it_is_drawn() -> None:
    css = (Path(settings.BASE_DIR) / "static/css/body-map.css").read_text()
    rule = r"\.((?:back|front)-\w+) \{ --x: (\d+); --y: (\d+); --w: (\d+); --h: (\d+); \}"
    boxes = {name: Box(*map(int, numbers)) for name, *numbers in re.findall(rule, css)}
    drawn = {r.css.split()[0]: r.box for r in REGIONS if not r.css.endswith("east")}
    assert boxes == drawn


def test_reach_of_the_groin_keeps_to_its_own_leg() -> None:
    assert region(FRONT, "groin-right").reach == Box(86, 109, 14, 51)
    assert region(FRONT, "groin-left").reach == Box(100, 109, 14, 51)
    assert region(FRONT, "quad-left").reach is None


@pytest.mark.parametrize("view", VIEWS)
def test_what_shapes_surround_reaches_over_them(view: str) -> None:
    """On a phone 44 px high, an ankle 24, between shin and foot; and not across the middle."""
    unit = 400 / 340
    for shown in VIEWS[view].regions:
        if reach := shown.reach:
            assert reach.height * unit >= (24 if shown.at.area == "ankle" else 44)
            assert reach.x + reach.width <= 100 or reach.x >= 100


def test_marks_show_the_highest_number_of_a_place() -> None:
    spots = [("calf-left", 3), ("calf-left", 6), ("calf-left", None), ("shin-right", None)]
    marks = body_map.marks_of(spots)
    assert marks == {"calf-left": Mark(3, 6), "shin-right": Mark(1, None)}


@pytest.mark.parametrize(
    ("mark", "words", "css"),
    [
        (Mark(), "not marked", "rest"),
        (Mark(1), "choose a number", "here"),
        (Mark(1, 0), "0 none", "s0"),
        (Mark(1, 1), "1 barely there", "s1"),
        (Mark(1, 6), "6 strong", "s3"),
        (Mark(2, 10), "10 worst", "s5"),
    ],
)
def test_mark_says_it_in_words_and_colour(mark: Mark, words: str, css: str) -> None:
    said = notices.words(f"runners/check_ins/_mark.html#{mark.state}", region={"mark": mark})

    assert (said, mark.css) == (words, css)


def test_a_foot_shows_its_mark_in_both_views() -> None:
    views = body_map.views({"foot-left": Mark(1, 4)})
    marks = {r.mark for view in views for r in view.regions if r.place == "foot-left"}
    assert marks == {Mark(1, 4)}


def test_list_names_every_place_once() -> None:
    areas = body_map.listed({})
    assert [len(area.places) for area in areas] == [1] + [2] * 15
    assert [r.place for r in areas[2].places] == ["hamstring-left", "hamstring-right"]
    assert [(area.name, len(area.places)) for area in areas[3:4]] == [("sit bone", 2)]
