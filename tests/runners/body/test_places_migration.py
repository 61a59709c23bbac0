"""Without the new places their marks stand at the neighbour, and nothing of them is lost."""

import pytest

from guidance.models import FlagAnswer, Screen, ScreenResult
from runners.models import SorenessEntry
from tests.factories import TODAY, days_ago, make_soreness, make_user
from tests.migrating import migrate

pytestmark = pytest.mark.slow

BEFORE = (("runners", "0014_standing_made_with"), ("guidance", "0009_onset_at_once"))


def marks() -> list[tuple[str, int, str]]:
    rows = SorenessEntry.objects.order_by("check_in__day", "area", "intensity")
    return list(rows.values_list("area", "intensity", "note"))


def test_new_places_go_to_their_neighbours_and_stay_there(newest: list[tuple[str, str]]) -> None:
    alice = make_user("Alice Ash")
    make_soreness(alice, days_ago(1), area="ankle", intensity=2, note="on the kerb")
    make_soreness(alice, days_ago(1), area="foot", side="right", intensity=1)
    make_soreness(alice, TODAY, intensity=3, note="warm")
    make_soreness(alice, TODAY, intensity=6, sit_bone=True, note="sitting")
    make_soreness(alice, TODAY, area="back_of_knee", intensity=4)
    screen = Screen.objects.create(runner=alice, result=ScreenResult.SOME, day=TODAY)
    FlagAnswer.objects.create(screen=screen, flag="flag:hop_pain", yes=True, area="outer_hip")
    as_marked = marks()

    migrate(*BEFORE)
    migrate(*newest)

    assert as_marked[-1][0] == "hamstring"
    assert marks() == [
        ("foot", 1, ""),
        ("foot", 2, "Ankle. on the kerb"),
        ("hamstring", 6, "Sit bone. sitting warm"),
        ("knee", 4, "Back of the knee."),
    ]
    assert not SorenessEntry.objects.filter(sit_bone=True).exists()
    assert FlagAnswer.objects.get().area == "outer_thigh"
