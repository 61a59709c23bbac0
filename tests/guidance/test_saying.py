"""What rules say becomes words in one place: filled in, counted, dated, to or about a runner."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from guidance import saying
from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Sentence
from guidance.rules.said import Said
from guidance.saying import say
from runners.body.areas import PLACES, place_name

MADE = {
    "made.back": Sentence(
        "Your {place} is back on {days:day|days}.", "{place:capital} is back on {days:day|days}."
    ),
    "made.since": Sentence(*["since {since:day}, by {change:decimal} of {of}"] * 2),
    "made.points": Sentence(*["Points to {causes:list.or}."] * 2),
    "made.cause": Sentence(*["{cause:name,small} ({total})"] * 2),
    "made.within": Sentence(*["First: {reason}"] * 2),
}


@pytest.fixture(autouse=True)
def _sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    own = current_knowledge()
    knowledge = replace(own, sentences={**own.sentences, **MADE})
    monkeypatch.setattr(saying, "current_knowledge", lambda: knowledge)


def back(**fields: str | int) -> Said:
    return Said("made.back", **{"area": "hamstring", "side": "left", "days": 2, **fields})


def test_to_the_runner_and_about_the_athlete() -> None:
    assert say(back()) == "Your left hamstring is back on 2 days."
    assert say(back(), about=True) == "Left hamstring is back on 2 days."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"days": 1}, "Your left hamstring is back on 1 day."),
        ({"area": "low_back", "side": "centre"}, "Your low back is back on 2 days."),
        ({"area": "achilles", "side": "both"}, "Your Achilles is back on 2 days."),
        ({"area": "hip_flexor", "side": ""}, "Your hip flexor is back on 2 days."),
    ],
)
def test_one_or_many_and_places(fields: dict[str, str | int], words: str) -> None:
    assert say(back(**fields)) == words


def test_days_decimals_and_what_is_not_known() -> None:
    said = Said("made.since", since=dt.date(2026, 11, 3), change=-2.0, of=None)

    assert say(said) == "since Tuesday 3 November, by -2.0 of –"


@pytest.mark.parametrize(
    ("causes", "words"),
    [
        (["cause:weak_glutes"], "Points to weak or tired glutes (3)."),
        (
            ["cause:weak_glutes", "cause:pelvic_misalignment"],
            "Points to weak or tired glutes (3), or pelvic misalignment (3).",
        ),
    ],
)
def test_sentences_within_a_sentence(causes: list[str], words: str) -> None:
    said = tuple(Said("made.cause", cause=cause, total=3) for cause in causes)

    assert say(Said("made.points", causes=said)) == words


def test_within_is_said_in_the_same_voice() -> None:
    assert say(Said("made.within", reason=back()), about=True) == (
        "First: Left hamstring is back on 2 days."
    )


def test_nothing_is_said_of_nothing() -> None:
    assert (say(None), say({})) == ("", "")


def test_a_row_keeps_what_is_said() -> None:
    said = Said("made.points", since=dt.date(2026, 11, 3), causes=(back(),), of=2.5, cause=None)

    assert Said.from_json(json.loads(json.dumps(said.as_json()))) == said
    assert len({said, Said.from_json(said.as_json())}) == 1


def test_every_area_and_side_has_its_words() -> None:
    for area, side in PLACES:
        assert say(back(area=area.value, side=side.value)) == (
            f"Your {place_name(area, side)} is back on 2 days."
        )


@pytest.mark.parametrize(
    ("room_m", "units", "shown"),
    [
        (14_190, "km", "14.1\u00a0km"),
        (14_200, "km", "14.2\u00a0km"),
        (14_299, "km", "14.2\u00a0km"),
        (11_000, "mi", "6.8\u00a0mi"),
        (8_046, "mi", "4.9\u00a0mi"),
    ],
)
def test_a_distance_not_to_be_gone_beyond_is_never_rounded_up(
    room_m: int, units: str, shown: str
) -> None:
    assert f"up to {shown} stays" in say(Said("room.left", room_m=room_m), units=units)
