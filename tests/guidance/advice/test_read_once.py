"""A page reads a history once: what was found is handed on, never found again."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from guidance.rules import facts
from guidance.rules.patterns.find import find_patterns
from guidance.rules.types import Pattern
from runners.models import User
from tests.factories import TODAY, make_check_result, make_link, make_plan, make_suggestion
from tests.guidance.plans import answer_all, pelvis_leads


@pytest.fixture
def times_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry each time that patterns are looked for in a history."""
    looked: list[str] = []
    find = find_patterns

    def counting(*args: object) -> tuple[Pattern, ...]:
        looked.append("once")
        return find(*args)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(facts, "find_patterns", counting)
    return looked


@pytest.mark.parametrize(
    "page",
    [
        "/guidance/",
        "/guidance/summary/",
        "/guidance/plan/",
        "/guidance/checks/",
        "/guidance/checks/plank/",
        "/guidance/checks/plank/result/",
    ],
)
def test_a_page_reads_the_history_once(
    as_alice: Client, alice: User, times_read: list[str], page: str
) -> None:
    pelvis_leads(alice)
    answer_all(alice)
    make_check_result(alice, "plank", value=40)
    make_plan(alice)
    times_read.clear()
    assert as_alice.get(page).status_code == 200
    assert times_read == ["once"]


def test_an_answer_to_a_coach_reads_the_history_once(
    as_alice: Client, alice: User, bob: User, times_read: list[str]
) -> None:
    pelvis_leads(alice)
    answer_all(alice)
    make_link(bob, alice)
    made = make_suggestion(bob, alice)
    times_read.clear()
    assert as_alice.get(f"/suggestions/{made.uid}/accept/").status_code == 200
    assert times_read == ["once"]


def test_a_saved_check_in_and_where_it_leads_read_the_history_once(
    as_alice: Client,
    times_read: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    pain = {"place": "hamstring-left", "kind": "pain", "timing": "during", "intensity": "7"}
    with django_capture_on_commit_callbacks(execute=True):
        form = {f"spot-0-{name}": value for name, value in pain.items()}
        saved = as_alice.post(f"/check-in/{TODAY}/", form)
    leads_to = as_alice.get(saved["Location"])
    assert leads_to["Location"] == "/guidance/warning-signs/?why=check-in"
    assert times_read == ["once"]
