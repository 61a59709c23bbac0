"""A standing of other rules is stale, whatever its day; other sentences change nothing."""

import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from guidance.digest import RULES, digest, made_with
from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Sentence
from runners import standing
from runners.models import SharedStanding, Standing, User
from tests.factories import TODAY, make_link, make_soreness

KNOWLEDGE = current_knowledge()
OTHER = "of-other-rules"  # 16 characters at most, as a digest


def test_a_changed_weight_changes_it() -> None:
    signals = dict(KNOWLEDGE.signals)
    first = next(iter(signals.values()))
    cause, points = next(iter(first.weights.items()))
    signals[first.id] = replace(first, weights={**first.weights, cause: points - 1})

    assert digest(replace(KNOWLEDGE, signals=signals)) != made_with()


def test_another_condition_changes_it() -> None:
    remedies = dict(KNOWLEDGE.remedies)
    blocked = next(one for one in remedies.values() if one.blocks)
    remedies[blocked.id] = replace(blocked, blocks=blocked.blocks[1:])

    assert digest(replace(KNOWLEDGE, remedies=remedies)) != made_with()


def test_a_changed_sentence_does_not() -> None:
    causes = {
        id_: replace(cause, short="Other words.", words="More of them, and better.")
        for id_, cause in KNOWLEDGE.causes.items()
    }
    sentences = {key: Sentence("To you.", "About them.") for key in KNOWLEDGE.sentences}

    assert digest(replace(KNOWLEDGE, causes=causes, sentences=sentences)) == made_with()


def test_a_mended_rule_changes_it(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    assert digest(KNOWLEDGE, rules) == made_with()
    with (rules / "facts.py").open("a", encoding="utf-8") as file:
        file.write("\n# mended\n")

    assert digest(KNOWLEDGE, rules) != made_with()


@pytest.fixture
def other_rules(monkeypatch: pytest.MonkeyPatch, alice: User, bob: User) -> str:
    """Alice's rows are of today; then other rules come into force."""
    make_link(bob, alice)
    make_soreness(alice)
    standing.renew([alice, bob])
    for module in ("guidance.digest", "guidance.standing", "guidance.coaching.roster_lines"):
        monkeypatch.setattr(f"{module}.made_with", lambda: OTHER)
    return OTHER


@pytest.mark.usefixtures("noon")
def test_the_next_look_renews(other_rules: str, alice: User) -> None:
    assert standing.is_stale(Standing.objects.get(runner=alice), TODAY)
    assert standing.current(User.objects.get(pk=alice.pk)).made_with == other_rules


@pytest.mark.usefixtures("noon")
def test_the_roster_renews(other_rules: str, bob: User) -> None:
    assert standing.renew_stale_links(bob) == 1
    assert standing.renew_stale_links(bob) == 0


@pytest.mark.usefixtures("noon")
def test_so_does_the_command(other_rules: str) -> None:
    call_command("renew_standings", stdout=StringIO())

    assert set(Standing.objects.values_list("made_with", flat=True)) == {other_rules}
    assert set(SharedStanding.objects.values_list("made_with", flat=True)) == {other_rules}


@pytest.mark.usefixtures("noon")
def test_a_line_of_other_rules_is_not_fresh(other_rules: str, alice: User, bob: User) -> None:
    line = alice.coach_links.get(coach=bob).standing
    assert standing.is_line_stale(line, timezone.now())
