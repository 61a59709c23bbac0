"""The accepted cases hold in full, and a case that cannot be read says where."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from guidance.cases import CaseError, as_json, assess_cases, read_cases
from guidance.knowledge import current_knowledge
from guidance.rules import assess
from guidance.rules.types import CheckResult
from tests.guidance.logs import day

DATA = Path(__file__).parents[2] / "data"
TEXT = (DATA / "vignettes.json").read_text(encoding="utf-8")
LISTED: list[dict[str, Any]] = json.loads(TEXT)
CASES = {case.id: case for case in read_cases(TEXT, current_knowledge())}


def test_there_are_50_cases() -> None:
    assert len(CASES) == 50


@pytest.mark.parametrize("name", CASES)
def test_case_gets_an_accepted_answer(name: str) -> None:
    expect = CASES[name].expect
    found = assess(CASES[name].history, current_knowledge()).assessment
    offered = {offer.remedy for offer in found.recommend}

    assert found.top_cause in expect["top_cause"]
    assert found.escalation in expect["escalation"]
    assert offered >= set(expect["must_recommend"])
    assert not offered & set(expect["must_not_recommend"])
    if expect["must_recommend_any"]:
        assert offered & set(expect["must_recommend_any"])
    if expect["must_ask_next"]:
        assert found.ask_next in expect["must_ask_next"]
    if "first_days" in expect:
        assert as_json(name, found)["first_days"] == expect["first_days"]


READINGS = json.loads((DATA / "readings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", READINGS, ids=lambda case: case["id"])
def test_sentence_is_read_to_the_letter(case: dict[str, Any]) -> None:
    """The smallest history for each sentence that was once read otherwise."""
    (found,) = json.loads(assess_cases(json.dumps([case]), current_knowledge()))

    assert {name: found[name] for name in case["expect"]} == case["expect"], case["title"]


@pytest.mark.slow
def test_assessments_are_written_as_json() -> None:
    written = {one["id"]: one for one in json.loads(assess_cases(TEXT, current_knowledge()))}

    assert list(written) == list(CASES)
    found = written["V01"]
    assert found["top_cause"] == found["causes"][0]["id"] == "cause:pelvic_misalignment"
    assert found["causes"][0]["word"] == "likely"
    assert {"signal", "words", "points", "days", "origin"} == set(found["causes"][0]["for"][0])
    assert found["recommend"][:2] == ["remedy:standing_quad_stretch", "remedy:cat_cow"]
    assert found["escalation"] == "escalate:none"
    assert found["flags"] == []
    assert written["V10"]["ask_next"] == ["ask:recheck_72h"]
    assert {"remedy:plank"} <= {one["id"] for one in written["V18"]["blocked"]}


def test_urgent_is_written_without_cause_plan_or_check() -> None:
    found = as_json("V19", assess(CASES["V19"].history, current_knowledge()).assessment)

    assert [found[key] for key in ("causes", "recommend", "blocked", "ask_next")] == [[]] * 4
    assert found["flags"][0]["id"] == "flag:saddle_bladder_bowel"


def test_both_sides_become_two_spots() -> None:
    listed = LISTED[2] | {"logs": [log for log in LISTED[2]["logs"] if log["days_ago"] == 24]}

    (case,) = read_cases(json.dumps([listed]), current_knowledge())

    assert {(s.area, s.side) for s in case.history.soreness} == {
        ("hamstring", "left"),
        ("hamstring", "right"),
        ("quad", "left"),
        ("quad", "right"),
    }


def test_checks_answers_and_signs_are_read() -> None:
    told = CASES["V07"].history

    assert told.checks[0] == CheckResult(
        day(5), "check:single_leg_bridge", 9, 17, None, "hamstring", "glutes"
    )
    assert {answer.question: answer.value for answer in told.answers} == {
        "ask:onset": "gradual",
        "ask:spot": "mid_thigh",
        "ask:sitting_hours": 5,
    }
    assert len(told.flag_answers) == 18
    assert not any(sign.yes for sign in told.flag_answers)
    assert CASES["V01"].history.age == 41


def test_what_may_be_unknown_may_be_missing() -> None:
    run = {"days_ago": 1, "distance_km": None, "duration_min": 40, "rpe": None, "kind": None}
    listed = {"id": "A", "today": "2026-11-23", "runs": [run], "answers": {"ask:spot": None}}

    (case,) = read_cases(json.dumps([listed]), current_knowledge())

    assert (case.history.runs[0].distance_m, case.history.runs[0].effort) == (None, None)
    assert assess(case.history, current_knowledge()).assessment.top_cause == "insufficient_data"


def test_yes_and_no_may_be_true_and_false() -> None:
    listed = {
        "id": "A",
        "today": "2026-11-23",
        "checks": [{"days_ago": 1, "check": "check:single_leg_stand", "left": True, "right": "no"}],
        "answers": {"ask:back_linked": True, "ask:care_first": ["none"]},
    }

    (case,) = read_cases(json.dumps([listed]), current_knowledge())

    assert (case.history.checks[0].left, case.history.checks[0].right) == ("yes", "no")
    assert [answer.value for answer in case.history.answers] == ["yes", ("none",)]


BAD: list[tuple[str, Any, str]] = [
    ("today", "23.11.2026", "today"),
    ("today", None, "today"),
    ("today", "0001-01-01", "today"),
    ("today", "9999-12-31", "today"),
    ("logs", {}, "logs"),
    ("logs.0.days_ago", -1, "logs[0].days_ago"),
    ("logs.0.days_ago", 1.5, "logs[0].days_ago"),
    ("logs.0.days_ago", None, "logs[0].days_ago"),
    ("logs.0.area", "ham", "logs[0].area"),
    ("logs.0.side", "centre", "logs[0].side"),
    ("logs.0.kind", "ache", "logs[0].kind"),
    ("logs.0.intensity", 11, "logs[0].intensity"),
    ("logs.0.intensity", "6", "logs[0].intensity"),
    ("logs.0.timing", ["after"], "logs[0].timing"),
    ("logs.0.onset_min", -5, "logs[0].onset_min"),
    ("logs.0", "left hamstring", "logs[0]"),
    ("all_clear.0", True, "all_clear[0]"),
    ("runs.0.distance_km", -1, "runs[0].distance_km"),
    ("runs.0.duration_min", None, "runs[0].duration_min"),
    ("runs.0.rpe", 11, "runs[0].rpe"),
    ("runs.0.kind", "jog", "runs[0].kind"),
    ("checks.0.check", "check:unknown", "checks[0].check"),
    ("checks.0.left", 1000, "checks[0].left"),
    ("checks.1.left", "high", "checks[1].left"),
    ("checks.3.felt.left", "toe", "checks[3].felt.left"),
    ("remedies_done", [{"days_ago": 1, "remedy": "remedy:nap"}], "remedies_done[0].remedy"),
    ("answers.flag:limp", "no", "answers.flag:limp"),
    ("answers.ask:onset", "slow", "answers.ask:onset"),
    ("answers.ask:sitting_hours", 25, "answers.ask:sitting_hours"),
    ("answers.ask:nothing", 1, "answers.ask:nothing"),
    ("answers.flag:pain_over_5", True, "answers.flag:pain_over_5"),
    ("answers.ask:recheck_72h", True, "answers.ask:recheck_72h"),
    ("profile.age", -3, "profile.age"),
    ("profile", [], "profile"),
]


@pytest.mark.parametrize(("path", "value", "field"), BAD, ids=[f"{b[0]}={b[1]}" for b in BAD])
def test_a_case_that_cannot_be_read_names_case_and_field(path: str, value: Any, field: str) -> None:
    listed = copy.deepcopy(LISTED[0])
    place: Any = listed
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value

    with pytest.raises(CaseError) as error:
        read_cases(json.dumps([listed]), current_knowledge())

    assert (error.value.case, error.value.field) == ("V01", field)
    assert str(error.value).startswith(f"case V01: {field}: ")


@pytest.mark.parametrize(
    ("text", "case", "field"),
    [
        ("{", "-", "file"),
        ("{}", "-", "file"),
        ("[1]", "number 1", "case"),
        ('[{"today": "2026-11-23"}]', "number 1", "id"),
        ('[{"id": "A", "today": "2026-11-23"}, {"id": "A", "today": "2026-11-23"}]', "A", "id"),
    ],
)
def test_a_file_that_holds_no_cases_says_so(text: str, case: str, field: str) -> None:
    with pytest.raises(CaseError) as error:
        read_cases(text, current_knowledge())

    assert (error.value.case, error.value.field) == (case, field)
