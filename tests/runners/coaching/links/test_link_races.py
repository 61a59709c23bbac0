"""Two requests at the same instant: one outcome, and never an error.

Each test has several rounds, because one alone may happen to be no race. On SQLite the requests
wait for each other from the first write on; `python -m tests.postgres` shows them on PostgreSQL.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from runners import access
from runners.accounts import actions as account_actions
from runners.accounts.password_reset import reset_password
from runners.coaching.links import actions as link_actions
from runners.coaching.links import confirming
from runners.models import (
    CoachLink,
    Invitation,
    InvitationKind,
    SharedStanding,
    SharingChange,
    Tries,
    User,
)
from tests.factories import PASSWORD, make_invitation, make_link, make_user
from tests.pages import carried
from tests.races import at_once, signed_in, sqlite_in
from tests.signing_in import give_password

pytestmark = pytest.mark.slow

ROUNDS = 10
SUGGESTED = {"runs": "on", "soreness": "on", "guidance": "on"}

Asks = Callable[[], int]


@pytest.fixture(autouse=True)
def _on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with sqlite_in(tmp_path):
        yield


@pytest.fixture(autouse=True)
def _no_limits(_on_disk: None) -> Iterator[None]:
    """What is counted for the limits outlives a test that commits."""
    Tries.objects.all().delete()
    yield
    Tries.objects.all().delete()


def accepts(client: Client, invitation: Invitation) -> Asks:
    return lambda: client.post(f"/invitations/{invitation.token}/accept/", SUGGESTED).status_code


@pytest.fixture
def people(_on_disk: None) -> tuple[User, User, User]:
    return make_user("Alice Ash"), make_user("Bob Birch"), make_user("Dora Dune")


def clear_links() -> None:
    SharedStanding.objects.all().delete()
    CoachLink.objects.all().delete()
    Tries.objects.all().delete()


def test_accepting_twice_at_once_is_one_link(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(alice))
    for _round in range(ROUNDS):
        row = make_invitation(bob)

        statuses = at_once(accepts(first, row), accepts(second, row))

        assert statuses == [302, 302]
        assert CoachLink.objects.count() == 1
        row.refresh_from_db()
        assert row.used == 1
        clear_links()


def test_one_link_for_one_is_taken_by_one_of_two(people: tuple[User, User, User]) -> None:
    alice, bob, dora = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(dora))
    for _round in range(ROUNDS):
        row = make_invitation(bob)

        statuses = at_once(accepts(first, row), accepts(second, row))

        assert sorted(statuses) == [302, 404]
        assert CoachLink.objects.count() == 1
        clear_links()


def test_accepting_while_it_is_withdrawn_is_one_of_the_two(
    people: tuple[User, User, User],
) -> None:
    alice, bob, _ = people
    athlete, coach = give_password(signed_in(alice)), signed_in(bob)
    for _round in range(ROUNDS):
        row = make_invitation(bob)

        accepted, withdrawn = at_once(
            accepts(athlete, row),
            lambda: coach.post(f"/invitations/{row.uid}/withdraw/").status_code,  # noqa: B023
        )

        row.refresh_from_db()
        assert withdrawn == 302
        assert accepted == (302 if row.used else 404)
        assert (row.used == 1) != (row.withdrawn_at is not None)
        assert CoachLink.objects.count() == row.used
        clear_links()


def test_accepting_while_it_is_refused_is_one_of_the_two(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(alice))
    for _round in range(ROUNDS):
        row = make_invitation(bob)

        statuses = at_once(
            accepts(first, row),
            lambda: second.post(f"/invitations/{row.token}/refuse/").status_code,  # noqa: B023
        )

        row.refresh_from_db()
        assert sorted(statuses) == [302, 404]
        assert (row.used == 1) != (row.refused_at is not None)
        clear_links()


def test_the_last_use_of_a_team_link_is_taken_once(people: tuple[User, User, User]) -> None:
    alice, bob, dora = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(dora))
    for _round in range(ROUNDS):
        row = make_invitation(bob, InvitationKind.TEAM, max_uses=5, used=4)

        statuses = at_once(accepts(first, row), accepts(second, row))

        assert sorted(statuses) == [302, 404]
        row.refresh_from_db()
        assert row.used == 5
        assert CoachLink.objects.count() == 1
        clear_links()


def test_two_invite_each_other_and_both_accept(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), signed_in(bob)
    for _round in range(ROUNDS):
        to_bob = make_invitation(alice, InvitationKind.COACH, email=bob.email)
        to_alice = make_invitation(bob, InvitationKind.COACH, email=alice.email)

        assert at_once(accepts(second, to_bob), accepts(first, to_alice)) == [302, 302]

        assert CoachLink.objects.count() == 2
        User.objects.update(is_coach=False)
        clear_links()


def test_two_invitations_of_one_coach_make_one_link(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(alice))
    for _round in range(ROUNDS):
        one, other = make_invitation(bob), make_invitation(bob)

        assert at_once(accepts(first, one), accepts(second, other)) == [302, 302]

        assert CoachLink.objects.count() == 1
        one.refresh_from_db()
        other.refresh_from_db()
        assert one.used + other.used == 1
        clear_links()


def test_ending_while_switches_change_ends_it(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(alice))
    for _round in range(ROUNDS):
        link = make_link(bob, alice)
        page = f"/settings/sharing/{link.pk}/"
        only_runs = {"runs": "on", **carried(first, page)}

        changed, ended = at_once(
            lambda: first.post(page, only_runs).status_code,  # noqa: B023
            lambda: second.post(f"{page}end/").status_code,  # noqa: B023
        )

        assert ended == 302
        assert changed in (302, 404)
        link.refresh_from_db()
        assert link.ended_at is not None
        assert link.soreness == (changed == 404)
        clear_links()


def test_both_end_it_at_once(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    athlete = give_password(signed_in(alice))

    def end_as_coach(link: CoachLink) -> int:
        try:
            link_actions.end_link(link, by=bob)
        except access.NoLongerOpen:
            return 404
        return 302

    for _round in range(ROUNDS):
        link = make_link(bob, alice)

        statuses = at_once(
            lambda: athlete.post(f"/settings/sharing/{link.pk}/end/").status_code,  # noqa: B023
            lambda: end_as_coach(link),  # noqa: B023
        )

        assert sorted(statuses) == [302, 404]
        link.refresh_from_db()
        assert link.ended_by == (alice if statuses[0] == 302 else bob)
        assert SharingChange.objects.get().by == link.ended_by
        clear_links()


def test_accepting_while_the_sender_deletes_the_account(people: tuple[User, User, User]) -> None:
    athlete = give_password(signed_in(people[0]))

    def delete_account(coach: User) -> int:
        account_actions.delete_account(by=User.objects.get(pk=coach.pk))
        return 302

    for number in range(ROUNDS):
        coach = make_user("Eve Elm", email=f"eve{number}@example.org")
        row = make_invitation(coach)

        accepted, _deleted = at_once(
            accepts(athlete, row),
            lambda: delete_account(coach),  # noqa: B023
        )

        assert accepted in (302, 404)
        assert CoachLink.objects.count() == 0
        Tries.objects.all().delete()


def test_inviting_the_same_address_twice_at_once_sends_one_mail(
    people: tuple[User, User, User], mailoutbox: list[object]
) -> None:
    bob = people[1]
    first, second = signed_in(bob), signed_in(bob)
    for number in range(ROUNDS):
        sent = {"addresses": f"ana{number}@example.org"}

        statuses = at_once(
            lambda: first.post("/invitations/athletes/add/", sent).status_code,  # noqa: B023
            lambda: second.post("/invitations/athletes/add/", sent).status_code,  # noqa: B023
        )

        assert sorted(statuses) == [200, 302]
        assert len(mailoutbox) == number + 1
        Tries.objects.all().delete()


# Links in question


def confirms(client: Client, link: CoachLink) -> Asks:
    return lambda: client.post(f"/settings/sharing/{link.pk}/confirm/").status_code


def test_a_coach_accepts_while_the_athlete_withdraws(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    athlete, coach = signed_in(alice), signed_in(bob)
    for _round in range(ROUNDS):
        row = make_invitation(alice, InvitationKind.COACH, email=bob.email, runs=True)

        accepted, withdrawn = at_once(
            accepts(coach, row),
            lambda: athlete.post(f"/invitations/{row.uid}/withdraw/").status_code,  # noqa: B023
        )

        row.refresh_from_db()
        assert withdrawn == 302
        assert accepted == (302 if row.used else 404)
        assert (row.used == 1) != (row.withdrawn_at is not None)
        assert CoachLink.objects.not_ended().count() == row.used
        assert not CoachLink.objects.open().exists()
        clear_links()


def test_confirming_twice_at_once_is_one_yes(
    people: tuple[User, User, User], mailoutbox: list[object]
) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(alice))
    for number in range(ROUNDS):
        link = make_link(bob, alice, confirmed_at=None)

        assert at_once(confirms(first, link), confirms(second, link)) == [302, 302]

        assert CoachLink.objects.open().count() == 1
        assert SharingChange.objects.count() == 1
        assert len(mailoutbox) == number + 1
        clear_links()


def test_saying_yes_and_no_at_once_shows_nothing_in_the_end(
    people: tuple[User, User, User],
) -> None:
    alice, bob, _ = people
    first, second = give_password(signed_in(alice)), give_password(signed_in(alice))
    for _round in range(ROUNDS):
        link = make_link(bob, alice, confirmed_at=None)

        yes, no = at_once(
            confirms(first, link),
            lambda: second.post(f"/settings/sharing/{link.pk}/end/").status_code,  # noqa: B023
        )

        assert (yes in (302, 404), no) == (True, 302)
        assert not CoachLink.objects.not_ended().exists()
        assert not SharedStanding.objects.exists()
        clear_links()


def test_confirming_while_the_coach_deletes_the_account(people: tuple[User, User, User]) -> None:
    athlete = give_password(signed_in(people[0]))
    for number in range(ROUNDS):
        coach = make_user("Eve Elm", email=f"eve{number}@example.org")
        link = make_link(coach, people[0], confirmed_at=None)

        def delete_account(person: User = coach) -> int:
            account_actions.delete_account(by=User.objects.get(pk=person.pk))
            return 302

        confirmed, _deleted = at_once(confirms(athlete, link), delete_account)

        assert confirmed in (302, 404)
        assert CoachLink.objects.count() == 0
        Tries.objects.all().delete()


def test_a_reset_while_a_coach_looks(people: tuple[User, User, User]) -> None:
    """The look that was first is recorded; after the reset there is no other, and no line left."""
    alice, bob, _ = people
    coach = signed_in(bob)
    for _round in range(ROUNDS):
        make_link(bob, alice)

        def reset() -> int:
            reset_password(PASSWORD, by=User.objects.get(pk=alice.pk))
            return 302

        looked, _ = at_once(lambda: coach.get(f"/athletes/{alice.pk}/").status_code, reset)

        assert looked in (200, 404)
        assert coach.get(f"/athletes/{alice.pk}/").status_code == 404
        assert coach.get("/athletes/").status_code == 200
        assert not CoachLink.objects.open().exists()
        assert not SharedStanding.objects.exists()
        clear_links()


def test_a_reset_while_a_coach_accepts_leaves_nothing_open(
    people: tuple[User, User, User], settings: Settings
) -> None:
    alice, bob, _ = people
    settings.SENDS_MAIL = True
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    coach = signed_in(bob)
    for _round in range(ROUNDS):
        row = make_invitation(alice, InvitationKind.COACH, email=bob.email, runs=True)

        def reset() -> int:
            reset_password(PASSWORD, by=User.objects.get(pk=alice.pk))
            return 302

        accepted, _ = at_once(accepts(coach, row), reset)

        assert accepted == (302 if CoachLink.objects.exists() else 404)
        assert not CoachLink.objects.open().exists()
        clear_links()


def test_a_reset_while_a_yes_is_said_is_one_after_the_other(
    people: tuple[User, User, User],
) -> None:
    alice, bob, _ = people
    for _round in range(ROUNDS):
        link = make_link(bob, alice, confirmed_at=None)

        def reset() -> None:
            reset_password(PASSWORD, by=User.objects.get(pk=alice.pk))

        def say_yes(asked: CoachLink = link) -> None:
            confirming.confirm_coach(asked, by=alice, password_given=True)

        at_once(reset, say_yes)

        link.refresh_from_db()
        assert link.confirmed_at is not None  # with the pause where the reset was second
        assert link.is_open == (link.paused_at is None)
        clear_links()


def test_widening_while_it_is_narrowed_is_one_of_the_two(people: tuple[User, User, User]) -> None:
    """Two tabs: whichever is stored last, a switch that went off comes on by the password alone."""
    alice, bob, _ = people
    first, second = signed_in(alice), signed_in(alice)
    for _round in range(ROUNDS):
        link = make_link(bob, alice, "runs soreness")
        page = f"/settings/sharing/{link.pk}/"
        seen = carried(first, page)

        at_once(
            lambda: first.post(page, {"runs": "on", **seen}).status_code,  # noqa: B023
            lambda: second.post(page, {"runs": "on", "soreness": "on", **seen}).status_code,  # noqa: B023
        )

        link.refresh_from_db()
        assert (link.runs, link.soreness) == (True, False)
        clear_links()
