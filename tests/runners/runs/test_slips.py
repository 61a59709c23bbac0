"""What is asked once before a typed run is saved: an old day, and figures beyond any before."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.models import Run, User
from runners.runs.slips import Best, best_of, slips
from tests import pages
from tests.factories import TODAY, days_ago, make_run
from tests.runners.runs.sending import read, typed

CARRIED = re.compile(r'name="really" value="([^"]*)"')
OLD = "2023-11-20"
FENIX = "fit-run-fenix2.fit"  # of 15 August 2015


def carried(response: Any) -> list[str]:
    return CARRIED.findall(response.content.decode())


def asked(response: Any) -> list[str]:
    assert response.status_code in (302, 422)
    questions = response.context["form"].questions if response.status_code == 422 else []
    return [question.sentence for question in questions]


@pytest.fixture
def ten_runs(alice: User) -> list[Run]:
    """None longer than 18.2 km or 1:40:00, none faster than 5:00 /km."""
    runs = [make_run(alice, days_ago(20 + n), distance_m=8_000, duration_s=2_700) for n in range(8)]
    longest = make_run(alice, days_ago(40), distance_m=18_200, duration_s=6_000)
    fastest = make_run(alice, days_ago(41), distance_m=5_000, duration_s=1_500)
    return [*runs, longest, fastest]


# The day


def test_old_day_asks_once_and_save_again_saves(as_alice: Client, alice: User) -> None:
    sent = typed(day=OLD, note="Stays.")

    first = as_alice.post("/runs/add/", sent)
    assert asked(first) == ["That is 3 years ago. Is the date right?"]
    assert "Stays." in first.content.decode()
    assert not Run.objects.exists()
    second = as_alice.post("/runs/add/", {**sent, "really": carried(first)})

    assert second["Location"] == f"/runs/{sent['uid']}/"
    assert str(Run.objects.of(alice).get().day) == OLD


@pytest.mark.slow
def test_first_answer_lost_and_sent_again_is_asked_again(as_alice: Client) -> None:
    sent = typed(day=OLD)

    assert asked(as_alice.post("/runs/add/", sent)) == asked(as_alice.post("/runs/add/", sent))
    assert not Run.objects.exists()


def test_another_day_is_asked_anew(as_alice: Client) -> None:
    sent = typed(day=OLD)
    before = carried(as_alice.post("/runs/add/", sent))

    other = as_alice.post("/runs/add/", {**sent, "day": "2016-11-20", "really": before})
    assert asked(other) == ["That is 10 years ago. Is the date right?"]
    assert carried(other) == [f"day {OLD}", "day 2016-11-20"]
    back = as_alice.post("/runs/add/", {**sent, "really": carried(other)})

    assert back.status_code == 302


def test_answer_outlives_a_mistake(as_alice: Client) -> None:
    sent = typed(day=OLD)
    before = carried(as_alice.post("/runs/add/", sent))

    wrong = as_alice.post("/runs/add/", {**sent, "duration": "fast", "really": before})

    assert carried(wrong) == before
    assert as_alice.post("/runs/add/", {**sent, "really": carried(wrong)}).status_code == 302


@pytest.mark.parametrize("day", ["1969-12-31", "1900-01-01"])
def test_day_before_the_first_is_refused(as_alice: Client, day: str) -> None:
    """The day of such a run could not be opened: a check-in begins with 1970, too."""
    response = as_alice.post("/runs/add/", typed(day=day, really=f"day {day}"))

    assert response.status_code == 422
    assert response.context["form"].errors == {"day": ["Look at the year: this is too long ago."]}
    assert not Run.objects.exists()


def test_first_day_can_be_opened(as_alice: Client) -> None:
    first = as_alice.post("/runs/add/", typed(day="1970-01-01", really="day 1970-01-01"))

    assert b'href="/check-in/1970-01-01/"' in as_alice.get(first["Location"]).content
    assert as_alice.get("/check-in/1970-01-01/").status_code == 200


def test_day_of_a_file_is_not_asked_about_but_a_typed_one_is(as_alice: Client) -> None:
    sent = read(as_alice, FENIX)

    moved = as_alice.post("/runs/add/", {**sent, "day": "2014-08-15"})
    assert asked(moved) == ["That is 12 years ago. Is the date right?"]
    assert as_alice.post("/runs/add/", sent).status_code == 302


def test_edit_asks_about_a_day_that_is_typed_anew(as_alice: Client, alice: User) -> None:
    run = make_run(alice, TODAY.replace(year=2020))
    address = f"/runs/{run.uid}/edit/"
    seen = pages.carried(as_alice, address)

    assert asked(as_alice.post(address, {**typed(day=str(run.day)), **seen})) == []
    moved = as_alice.post(address, {**typed(day=OLD), **seen})
    assert asked(moved) == ["That is 3 years ago. Is the date right?"]
    sure = {**typed(day=OLD, really=carried(moved)), **seen}
    assert asked(as_alice.post(address, sure)) == []

    run.refresh_from_db()
    assert str(run.day) == OLD


# The figures

TWICE = "That would be twice as long as your longest run (18.2 km). Is the distance right?"


@pytest.mark.parametrize(
    ("distance", "duration", "sentences"),
    [
        ("36.4", "3:19:59", [TWICE]),
        ("36.3", "3:19:59", []),
        (
            "60",
            "3:20:00",
            [
                "That would be 3 times as long as your longest run (18.2 km)."
                " Is the distance right?",
                "That would be twice as long as your longest run (1:40:00). Is the time right?",
                "That would be 50 % faster than your fastest run (5:00 /km)."
                " Are distance and time right?",
            ],
        ),
        (
            "10",
            "40:00",
            [
                "That would be 25 % faster than your fastest run (5:00 /km)."
                " Are distance and time right?"
            ],
        ),
        ("10", "40:01", []),
        ("", "3:19:59", []),
    ],
)
def test_figures_beyond_any_before(
    as_alice: Client, ten_runs: list[Run], distance: str, duration: str, sentences: list[str]
) -> None:
    sent = typed(distance=distance, duration=duration)

    first = as_alice.post("/runs/add/", sent)

    assert asked(first) == sentences
    if sentences:
        again = as_alice.post("/runs/add/", {**sent, "really": carried(first)})
        assert again.status_code == 302


def test_other_figures_are_asked_anew(as_alice: Client, ten_runs: list[Run]) -> None:
    sent = typed(distance="40", duration="3:00:00")
    before = carried(as_alice.post("/runs/add/", sent))

    response = as_alice.post("/runs/add/", {**sent, "distance": "400", "really": before})
    assert response.status_code == 422
    more = as_alice.post("/runs/add/", {**sent, "distance": "41", "really": before})

    assert asked(more)[0] == TWICE


def test_fewer_than_ten_runs_say_little(as_alice: Client, ten_runs: list[Run]) -> None:
    Run.objects.filter(pk=ten_runs[0].pk).delete()

    assert as_alice.post("/runs/add/", typed(distance="40", duration="4:00:00")).status_code == 302


def test_ten_runs_without_a_distance_say_nothing_of_it(as_alice: Client, alice: User) -> None:
    for n in range(10):
        make_run(alice, days_ago(20 + n), distance_m=None if n else 400, duration_s=3_000)

    assert asked(as_alice.post("/runs/add/", typed(distance="10", duration="50"))) == []
    assert asked(as_alice.post("/runs/add/", typed(distance="20", duration="1:40:00"))) == [
        "That would be twice as long as your longest run (50:00). Is the time right?"
    ]


def test_runs_of_others_and_deleted_ones_do_not_count(
    as_alice: Client, alice: User, mallory: User, ten_runs: list[Run]
) -> None:
    Run.objects.update(runner=mallory)

    assert best_of(alice) == Best(None, None, None)


def test_file_is_believed(as_alice: Client, alice: User) -> None:
    for n in range(10):
        make_run(alice, days_ago(20 + n), distance_m=1_000, duration_s=600)

    assert as_alice.post("/runs/add/", read(as_alice, FENIX)).status_code == 302


def test_edit_is_judged_without_the_run_itself(as_alice: Client, ten_runs: list[Run]) -> None:
    run = make_run(ten_runs[0].runner, distance_m=18_000, duration_s=5_900)
    address = f"/runs/{run.uid}/edit/"

    slip = as_alice.post(address, typed(distance="60", duration="4:00:00"))
    same = as_alice.post(address, typed(distance="18", duration="1:38:20"))

    assert len(asked(slip)) == 3
    assert asked(same) == []
    assert slip.status_code == 422


def test_edit_of_a_note_asks_nothing(as_alice: Client, ten_runs: list[Run]) -> None:
    """Of figures that were saved before."""
    run = make_run(ten_runs[0].runner, distance_m=60_000, duration_s=21_600)

    sent = typed(distance="60", duration="6:00:00", note="Long.")
    assert as_alice.post(f"/runs/{run.uid}/edit/", sent).status_code == 302


def test_words_are_in_the_units_of_the_runner() -> None:
    best = Best(distance_m=18_200, duration_s=6_000, metres_per_s=10 / 3)

    questions = slips(40_000, 6_000, best=best, units="mi")

    assert "(11.3 mi)" in questions[0].sentence
    assert "(8:03 /mi)" in questions[1].sentence


@pytest.mark.parametrize("runs", [1, 12])
def test_judging_takes_one_query(
    alice: User, runs: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(runs):
        make_run(alice, days_ago(n))

    with django_assert_num_queries(1):
        best_of(alice)
