"""Writing to an athlete while the link ends, with real threads and connections."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from guidance.models import Suggestion
from runners.accounts import actions as account_actions
from runners.coaching.links import actions as link_actions
from runners.models import CoachLink, Note, User
from tests.factories import make_link, make_note, make_suggestion, make_user
from tests.races import at_once, signed_in, sqlite_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("real_file"),
]

ROUNDS = range(10)


@pytest.fixture
def real_file(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with sqlite_in(tmp_path):
        yield


@pytest.fixture
def pair() -> CoachLink:
    return make_link(make_user("Bob Birch"), make_user("Alice Ash"))


def post(client: Client, address: str, data: dict[str, str]) -> Callable[[], int]:
    return lambda: client.post(address, data).status_code


def end(link: CoachLink) -> Callable[[], int]:
    def call() -> int:
        link_actions.end_link(link, by=link.athlete)
        return 0

    return call


@pytest.mark.parametrize("_round", ROUNDS)
def test_note_is_stored_before_the_end_or_not_at_all(pair: CoachLink, _round: int) -> None:
    sent = {"uid": str(uuid.uuid4()), "text": "Easy week.", "is_private": "no"}
    write = post(signed_in(pair.coach), f"/athletes/{pair.athlete.pk}/notes/", sent)

    status, _ = at_once(write, end(pair))

    pair.refresh_from_db()
    stored = Note.objects.first()
    assert pair.ended_at
    assert status == (302 if stored else 404)
    assert stored is None or stored.created_at <= pair.ended_at


@pytest.mark.parametrize("_round", ROUNDS)
def test_answer_is_stored_before_the_end_or_refused_in_a_sentence(
    pair: CoachLink, _round: int
) -> None:
    note = make_note(pair.coach, pair.athlete)
    sent = {"uid": str(uuid.uuid4()), "text": "Will do."}
    write = post(signed_in(pair.athlete), f"/notes/{note.uid}/answer/", sent)

    def end_as_coach() -> int:
        link_actions.end_link(pair, by=pair.coach)
        return 0

    status, _ = at_once(write, end_as_coach)

    assert status == (302 if Note.objects.filter(answers=note).exists() else 422)


@pytest.mark.parametrize("_round", ROUNDS)
def test_note_sent_twice_at_once_is_one(pair: CoachLink, _round: int) -> None:
    sent = {"uid": str(uuid.uuid4()), "text": "Easy week.", "is_private": "yes"}
    address = f"/athletes/{pair.athlete.pk}/notes/"
    writes = [post(signed_in(pair.coach), address, sent) for _ in range(2)]

    assert at_once(*writes) == [302, 302]
    assert Note.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_same_suggested_twice_at_once_is_one(pair: CoachLink, _round: int) -> None:
    address = f"/athletes/{pair.athlete.pk}/suggest/"
    writes = [
        post(signed_in(pair.coach), address, {"uid": str(uuid.uuid4()), "what": "remedy:plank"})
        for _ in range(2)
    ]

    assert sorted(at_once(*writes)) == [302, 422]
    assert Suggestion.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_suggestion_is_withdrawn_or_accepted(pair: CoachLink, _round: int) -> None:
    row = make_suggestion(pair.coach, pair.athlete, "check:plank")
    accept = post(signed_in(pair.athlete), f"/suggestions/{row.uid}/accept/", {})
    withdraw = post(signed_in(pair.coach), f"/suggestions/{row.uid}/withdraw/", {})

    assert at_once(accept, withdraw) == [302, 302]

    row.refresh_from_db()
    assert (row.withdrawn_at is None) == (row.accepted is True)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_who_coach_each_other_write_at_once(_round: int) -> None:
    """Each write points to both people, which must not make the two wait for each other."""
    alice, bob = make_user("Alice Ash"), make_user("Bob Birch")
    make_link(alice, bob)
    make_link(bob, alice)
    writes = [
        post(
            signed_in(coach),
            f"/athletes/{athlete.pk}/notes/",
            {"uid": str(uuid.uuid4()), "text": "Hello", "is_private": "no"},
        )
        for coach, athlete in ((alice, bob), (bob, alice))
    ]

    assert at_once(*writes) == [302, 302]


@pytest.mark.parametrize("_round", ROUNDS)
def test_coach_deletes_the_account_while_the_athlete_answers(pair: CoachLink, _round: int) -> None:
    note = make_note(pair.coach, pair.athlete)
    sent = {"uid": str(uuid.uuid4()), "text": "Will do."}
    answer = post(signed_in(pair.athlete), f"/notes/{note.uid}/answer/", sent)

    def delete() -> int:
        account_actions.delete_account(by=User.objects.get(pk=pair.coach_id))
        return 0

    status, _ = at_once(answer, delete)

    assert status in (302, 404, 422)
    assert not User.objects.filter(pk=pair.coach_id).exists()
    assert not Note.objects.exists()
