import re
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners.coaching.teams import actions
from runners.models import CoachLink, Team, User
from tests.factories import make_link, make_user
from tests.pages import carried, folded

HTMX = {"HX-Request": "true"}
TEAMS = "/athletes/teams/"


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def track(bob: User) -> Team:
    return bob.teams.create(name="Track")


def make_athletes(coach: User, number: int) -> None:
    athletes = User.objects.bulk_create(
        User(email=f"many{i}@example.org", name=f"Athlete {i:03}") for i in range(number)
    )
    CoachLink.objects.bulk_create(
        CoachLink(coach=coach, athlete=one, confirmed_at=timezone.now()) for one in athletes
    )


def names(coach: User) -> list[str]:
    return list(Team.objects.of(coach).values_list("name", flat=True))


def place(client: Client, athlete: User, team: object, **kwargs: Any) -> Any:
    return client.post(f"/athletes/{athlete.pk}/team/", {"team": team}, **kwargs)


def team_of(athlete: User) -> Team | None:
    return CoachLink.objects.of_athlete(athlete).open().get().team


# The list


def test_teams_with_how_many_are_in_each(
    as_bob: Client, bob: User, alice: User, track: Team
) -> None:
    bob.teams.create(name="marathon")
    make_link(bob, alice, team=track)
    make_link(bob, make_user("Former Fern"), team=track, ended_at=timezone.now())

    shown = as_bob.get(TEAMS).context["teams"]

    assert [(team["name"], team["athletes"]) for team, _ in shown] == [
        ("marathon", 0),
        ("Track", 1),
    ]


def test_teams_and_athletes_of_others_are_not_shown(
    as_bob: Client, alice: User, carol: User, track: Team
) -> None:
    carol.teams.create(name="Secret")
    make_link(carol, alice)

    page = as_bob.get(TEAMS).content.decode()

    assert "Secret" not in page
    assert "Alice" not in page


def test_without_teams_and_athletes_it_says_how_to_begin(as_bob: Client) -> None:
    page = as_bob.get(TEAMS).content.decode()

    assert "Your first team" in page
    assert "No athletes yet" in page


def test_names_are_escaped(as_bob: Client, bob: User) -> None:
    bob.teams.create(name="<b>Track</b>")
    make_link(bob, make_user("<i>Ada</i>"))

    page = as_bob.get(TEAMS).content.decode()

    assert "<b>Track" not in page
    assert "<i>Ada" not in page


def test_athletes_can_be_searched(as_bob: Client, bob: User, track: Team) -> None:
    make_link(bob, make_user("Siobhán O’Rourke"))
    make_link(bob, make_user("Ana Mori"))

    fragment = as_bob.get(f"{TEAMS}?q=siobhan", headers=HTMX).content.decode()

    assert "<h1" not in fragment
    assert re.findall(r"<label for=[^>]+>([^<]+)</label>", fragment) == ["Siobhán O’Rourke"]


def test_a_search_that_finds_nobody_says_so(as_bob: Client, bob: User, track: Team) -> None:
    make_link(bob, make_user("Ana Mori"))

    page = as_bob.get(f"{TEAMS}?q=zz").content.decode()

    assert "Nobody of that name." in page
    assert 'value="zz"' in page


@pytest.mark.parametrize("words", ["x" * 81, "a%00b"])
def test_a_search_that_is_no_name_is_refused(as_bob: Client, words: str) -> None:
    assert as_bob.get(f"{TEAMS}?q={words}").status_code == 422


@pytest.mark.slow
def test_fifty_athletes_a_page(as_bob: Client, bob: User, track: Team) -> None:
    make_athletes(bob, 101)

    pages = [as_bob.get(f"{TEAMS}?page={n}").context["members"] for n in (1, 2, 9)]

    assert [len(page.links) for page in pages] == [50, 50, 1]
    assert len({link.athlete_id for page in pages for link in page.links}) == 101


@pytest.mark.slow
@pytest.mark.parametrize("athletes", [1, 300])
def test_queries(
    as_bob: Client, bob: User, athletes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_athletes(bob, athletes)
    Team.objects.bulk_create(Team(coach=bob, name=f"Team {i}") for i in range(athletes % 40 + 1))

    with django_assert_num_queries(5):
        as_bob.get(TEAMS)


# Adding


def test_adding_a_team(as_bob: Client, bob: User) -> None:
    answer = as_bob.post(TEAMS, {"name": "  Long \n distance\u202e "})

    assert (answer.status_code, answer["Location"]) == (302, TEAMS)
    assert names(bob) == ["Long distance"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the team a name."),
        (" \u200b ", "Give the team a name."),
        ("x" * 61, "at most 60 characters"),
        ("TRACK", "You have a team of this name already."),
        ("tr\0ack", "Null characters are not allowed."),
    ],
)
def test_a_name_that_does_not_do(
    as_bob: Client, bob: User, track: Team, name: str, said: str
) -> None:
    answer = as_bob.post(TEAMS, {"name": name})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert names(bob) == ["Track"]


def test_a_name_is_taken_in_any_case_of_any_alphabet(as_bob: Client, bob: User) -> None:
    bob.teams.create(name="Ügyesek")

    assert as_bob.post(TEAMS, {"name": "üGYESEK"}).status_code == 422


def test_two_coaches_can_have_teams_of_one_name(as_bob: Client, bob: User, carol: User) -> None:
    carol.teams.create(name="Track")

    as_bob.post(TEAMS, {"name": "Track"})

    assert names(bob) == ["Track"]


def test_there_is_an_end_to_teams(as_bob: Client, bob: User) -> None:
    Team.objects.bulk_create(Team(coach=bob, name=f"Team {i}") for i in range(actions.MOST_TEAMS))

    answer = as_bob.post(TEAMS, {"name": "One more"})

    assert answer.status_code == 422
    assert "Delete one that you no longer need." in answer.content.decode()


def test_a_name_that_only_the_database_finds_taken(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where two requests add it at once."""

    def taken(team: Team, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Team, "save", taken)

    with pytest.raises(actions.NameTaken):
        actions.add_team("Track", by=bob)


# Renaming and deleting


def test_renaming(as_bob: Client, bob: User, track: Team) -> None:
    action = f"{TEAMS}{track.pk}/"
    answer = as_bob.post(action, {"name": "track", **carried(as_bob, TEAMS, action)})

    assert answer.status_code == 302
    assert names(bob) == ["track"]


def test_a_new_name_that_is_taken_stands_beside_the_team(
    as_bob: Client, bob: User, track: Team
) -> None:
    bob.teams.create(name="Marathon")

    action = f"{TEAMS}{track.pk}/"
    answer = as_bob.post(action, {"name": "marathon", **carried(as_bob, TEAMS, action)})

    page = folded(answer.content.decode())
    assert answer.status_code == 422
    assert 'value="marathon" maxlength="60" autocomplete="off" aria-invalid="true"' in page
    assert "You have a team of this name already." in page
    assert names(bob) == ["Marathon", "Track"]


def test_deleting_leaves_its_athletes(as_bob: Client, bob: User, alice: User, track: Team) -> None:
    make_link(bob, alice, team=track)

    as_bob.post(f"{TEAMS}{track.pk}/delete/")

    assert names(bob) == []
    assert team_of(alice) is None


@pytest.mark.parametrize("change", ["", "delete/"])
def test_the_team_of_another_coach_is_not_there(as_bob: Client, carol: User, change: str) -> None:
    team = carol.teams.create(name="Secret")

    answer = as_bob.post(f"{TEAMS}{team.pk}/{change}", {"name": "Mine"})

    assert answer.status_code == 404
    assert names(carol) == ["Secret"]


def test_a_team_that_is_gone_is_not_there(as_bob: Client, track: Team) -> None:
    as_bob.post(f"{TEAMS}{track.pk}/delete/")

    assert as_bob.post(f"{TEAMS}{track.pk}/delete/").status_code == 404
    assert as_bob.post(f"{TEAMS}{track.pk}/", {"name": "Again"}).status_code == 404


@pytest.mark.parametrize("address", [f"{TEAMS}1/", f"{TEAMS}1/delete/", "/athletes/1/team/"])
def test_looking_at_the_address_of_a_form_leads_to_its_page(as_bob: Client, address: str) -> None:
    response = as_bob.get(address)

    assert (response.status_code, response["Location"]) == (302, TEAMS)


# Who is in which


def test_an_athlete_is_put_in_a_team(as_bob: Client, bob: User, alice: User, track: Team) -> None:
    make_link(bob, alice)

    answer = as_bob.post(f"/athletes/{alice.pk}/team/?q=al&page=1", {"team": track.pk})

    assert answer["Location"] == f"{TEAMS}?q=al&page=1#athlete-{alice.pk}"
    assert team_of(alice) == track


def test_an_athlete_is_taken_out_of_a_team(
    as_bob: Client, bob: User, alice: User, track: Team
) -> None:
    make_link(bob, alice, team=track)

    seen = carried(as_bob, TEAMS, f"/athletes/{alice.pk}/team/?page=1")
    as_bob.post(f"/athletes/{alice.pk}/team/", {"team": "none", **seen})

    assert team_of(alice) is None


def test_the_answer_to_a_select_says_so_and_counts_again(
    as_bob: Client, bob: User, alice: User, track: Team
) -> None:
    make_link(bob, alice)

    fragment = folded(place(as_bob, alice, track.pk, headers=HTMX).content.decode())

    assert fragment.startswith("Saved<")
    assert f'id="count-{track.pk}" hx-swap-oob="true">1 athlete</span>' in fragment


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize("team", ["", "x", "999999", "secret", "9" * 30])
def test_a_team_that_is_not_ones_own_is_refused(
    as_bob: Client,
    bob: User,
    alice: User,
    carol: User,
    track: Team,
    team: str,
    headers: dict[str, str],
) -> None:
    make_link(bob, alice, team=track)
    secret = carol.teams.create(name="Secret")

    answer = place(as_bob, alice, secret.pk if team == "secret" else team, headers=headers)

    assert answer.status_code == 422
    assert "Choose one of your teams." in answer.content.decode()
    assert team_of(alice) == track


def test_a_team_deleted_meanwhile_is_refused(
    as_bob: Client, bob: User, alice: User, track: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_link(bob, alice)
    monkeypatch.setattr(
        "runners.coaching.roster.queries.teams_of", lambda coach: {track.pk: "Track"}
    )
    track_id = track.pk
    track.delete()

    assert place(as_bob, alice, track_id).status_code == 422
    assert team_of(alice) is None


def test_the_athlete_of_another_coach_is_not_there(
    as_bob: Client, alice: User, carol: User, track: Team
) -> None:
    make_link(carol, alice)

    assert place(as_bob, alice, track.pk).status_code == 404
    assert team_of(alice) is None


def test_a_former_athlete_is_not_there(as_bob: Client, bob: User, alice: User, track: Team) -> None:
    make_link(bob, alice, ended_at=timezone.now())

    assert place(as_bob, alice, track.pk).status_code == 404


def test_a_link_that_ends_meanwhile_is_not_there(
    as_bob: Client, bob: User, alice: User, track: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = make_link(bob, alice, ended_at=timezone.now())
    monkeypatch.setattr("runners.access.open_link", lambda coach, athlete_id: link)

    assert place(as_bob, alice, track.pk).status_code == 404
    assert CoachLink.objects.get().team is None
