"""A coach suggests a remedy or a check, and reads what became of it."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guidance.coaching.suggestions import actions
from guidance.coaching.suggestions.forms import SuggestionForm
from guidance.knowledge import current_knowledge
from guidance.models import Suggestion
from runners.models import CoachLink, Consent, User
from tests.factories import days_ago, make_link, make_suggestion
from tests.guidance.coaching.suggestions.sending import TAKEN, of, page_of, state, typed
from tests.guidance.plans import plain
from tests.guidance.warning_signs.test_warning_signs import open_sign


@pytest.mark.parametrize("what", ["remedy:plank", "check:plank"])
def test_suggestion_is_stored(as_bob: Client, bob: User, alice: User, what: str) -> None:
    response = as_bob.post(page_of(alice), typed(what=what, words=" Twice a week. "))

    row = Suggestion.objects.get()
    assert response["Location"] == page_of(alice)
    assert (row.coach, row.athlete, row.what, row.words) == (bob, alice, what, "Twice a week.")


@pytest.mark.parametrize(
    "fields",
    [
        {"what": ""},
        {"what": "remedy:unknown"},
        {"what": "ask:care_first"},
        {"words": "x" * 501},
        {"uid": "1"},
    ],
)
def test_what_cannot_be_suggested_is_422(
    as_bob: Client, alice: User, fields: dict[str, str]
) -> None:
    response = as_bob.post(page_of(alice), typed(**fields))

    assert response.status_code == 422
    assert not Suggestion.objects.exists()


def test_sent_twice_is_one(as_bob: Client, alice: User) -> None:
    sent = typed()

    assert [as_bob.post(page_of(alice), sent).status_code for _ in range(2)] == [302, 302]
    assert Suggestion.objects.count() == 1


def test_the_same_is_not_suggested_again_while_it_is_open(as_bob: Client, alice: User) -> None:
    as_bob.post(page_of(alice), typed())

    response = as_bob.post(page_of(alice), typed(words="Please!"))

    assert response.status_code == 422
    assert "Alice has not answered" in response.text
    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize("fields", [{"withdrawn_at"}, {"answered_at"}])
def test_it_can_be_suggested_again_afterwards(
    as_bob: Client, bob: User, alice: User, fields: set[str]
) -> None:
    values: dict[str, Any] = dict.fromkeys(fields, timezone.now())
    if "answered_at" in fields:
        values["accepted"] = False
    make_suggestion(bob, alice, **values)

    assert as_bob.post(page_of(alice), typed()).status_code == 302
    assert Suggestion.objects.count() == 2


def test_uid_of_another_pair_is_refused(
    as_bob: Client, bob: User, alice: User, carol: User
) -> None:
    make_link(bob, carol)
    others = [make_suggestion(bob, carol), make_suggestion(carol, alice)]

    for one in others:
        sent = typed(uid=str(one.uid), what="check:plank")
        assert as_bob.post(page_of(alice), sent).status_code == 404

    assert set(Suggestion.objects.values_list("what", flat=True)) == {"remedy:plank"}


def test_not_shared_is_said_and_nothing_is_stored_or_told(
    as_bob: Client, bob: User, alice: User
) -> None:
    CoachLink.objects.update(guidance=False)
    make_suggestion(bob, alice, "remedy:ice", answered_at=timezone.now(), accepted=True)

    response = as_bob.post(page_of(alice), typed())
    page = as_bob.get(page_of(alice)).text

    assert response.status_code == 422
    assert "Alice does not share guidance" in plain(page)
    assert "taken on" not in page
    assert Suggestion.objects.count() == 1


def test_not_shared_any_more_since_yesterday(as_bob: Client, alice: User) -> None:
    CoachLink.objects.update(guidance_until=days_ago(1))

    assert as_bob.post(page_of(alice), typed()).status_code == 422
    assert not Suggestion.objects.exists()


def test_switched_off_while_the_page_was_open(bob: User, alice: User) -> None:
    make_link(bob, alice, "runs")

    with pytest.raises(actions.NotShared):
        actions.suggest("remedy:ice", "", uid=uuid.uuid4(), athlete=alice, by=bob)


def test_nothing_is_kept_about_who_took_the_consent_back(as_bob: Client, alice: User) -> None:
    Consent.objects.of(alice).update(withdrawn_at=timezone.now())

    response = as_bob.post(page_of(alice), typed())

    assert response.status_code == 422
    assert "Nothing was saved" in response.text
    assert not Suggestion.objects.exists()


def test_list_of_what_can_be_suggested_is_the_same_for_every_athlete(
    as_bob: Client, alice: User
) -> None:
    open_sign(alice)
    offered = as_bob.get(page_of(alice)).context["form"]["what"].field.choices

    assert offered == SuggestionForm()["what"].field.choices  # type: ignore[attr-defined]  # a choice field
    knowledge = current_knowledge()
    assert sum(len(group) for _, group in offered[1:]) == len(knowledge.remedies) + len(
        knowledge.checks
    )


def test_coach_reads_what_became_of_them(as_bob: Client, bob: User, alice: User) -> None:
    now = timezone.now()
    make_suggestion(bob, alice, "remedy:plank")
    make_suggestion(bob, alice, "remedy:ice", answered_at=now, accepted=True)
    make_suggestion(bob, alice, "remedy:massage", answered_at=now, accepted=False)
    make_suggestion(bob, alice, "check:plank", withdrawn_at=now)

    page = as_bob.get(page_of(alice)).text

    states = re.findall(r'<span class="pill fit\d">([\w ]+)</span>', page)
    assert sorted(states) == ["not taken on", "not taken on yet", "taken on", "withdrawn"]


@pytest.mark.parametrize("made", [1, 3])
def test_coachs_page_takes_four_queries(
    as_bob: Client,
    bob: User,
    alice: User,
    made: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for what in ("remedy:plank", "remedy:ice", "check:plank")[:made]:
        make_suggestion(bob, alice, what)

    with django_assert_num_queries(4):
        as_bob.get(page_of(alice))


@pytest.mark.slow
def test_withdrawn_suggestion_is_gone_for_the_athlete(
    as_bob: Client, bob: User, alice: User
) -> None:
    row = make_suggestion(bob, alice)

    assert [as_bob.post(of(row, "withdraw")).status_code for _ in range(2)] == [302, 302]

    as_bob.force_login(alice)
    assert "Bob Birch suggests" not in as_bob.get("/today/").text
    response = as_bob.post(of(row, "accept"), follow=True)
    assert "This suggestion is no longer open." in response.text
    assert state(row) == (False, None, True)


def test_answered_suggestion_is_not_withdrawn(as_bob: Client, bob: User, alice: User) -> None:
    row = make_suggestion(bob, alice, answered_at=timezone.now(), accepted=True)

    page = as_bob.post(of(row, "withdraw"), follow=True).text

    assert "Alice has answered it already." in page
    assert state(row) == TAKEN
