"""`manage.py assess FILE`: all cases as JSON, or one clear line and exit code 2."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guidance.cases import as_json
from guidance.knowledge import current_knowledge
from guidance.rules import assess
from tests.conftest import DATA
from tests.guidance.logs import WEEKLY, history, spots


@pytest.mark.slow
def test_assess_prints_each_case(capsys: pytest.CaptureFixture[str]) -> None:
    cases = DATA / "vignettes.json"
    call_command("assess", cases)

    printed = json.loads(capsys.readouterr().out)
    listed = json.loads(cases.read_text(encoding="utf-8"))
    assert [case["id"] for case in printed] == [case["id"] for case in listed]
    assert printed[8]["top_cause"] == "cause:weak_glutes"


def test_assess_says_what_the_page_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cases.json"
    logs = [
        {"days_ago": ago, "area": "hamstring", "side": "left", "kind": "tightness"}
        | {"intensity": 4, "timing": "next_morning", "notes": ""}
        for ago in WEEKLY
    ]
    case = {"id": "habit", "today": "2026-11-23", "profile": {}, "logs": logs, "all_clear": []}
    file.write_text(json.dumps([case | {"runs": [], "checks": [], "answers": {}}]))

    call_command("assess", file)

    expected = as_json("habit", assess(history(spots(WEEKLY)), current_knowledge()).assessment)
    assert json.loads(capsys.readouterr().out) == [json.loads(json.dumps(expected))]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"today": "tomorrow"}, ["V01", "today"]),
        ({"logs": [{"days_ago": -1}]}, ["V01", "logs"]),
        ({"answers": {"ask:spot": "elbow"}}, ["V01", "ask:spot"]),
    ],
)
def test_assess_names_case_and_field_and_prints_no_half_result(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
    names: list[str],
) -> None:
    cases = json.loads((DATA / "vignettes.json").read_text())
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([*cases[1:], cases[0] | change]))

    with pytest.raises(CommandError) as refused:
        call_command("assess", file)

    assert refused.value.returncode == 2
    assert all(name in str(refused.value) for name in names)
    assert capsys.readouterr().out == ""


def test_assess_of_a_missing_file_ends_with_two(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("assess", tmp_path / "none.json")

    assert refused.value.returncode == 2
