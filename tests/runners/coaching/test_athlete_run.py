"""A coach at one run of an athlete: read-only, and as far as shared."""

import uuid

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.models import AccessRecord, CoachLink, Run, User
from runners.runs import actions
from tests.factories import make_link, make_run
from tests.pages import read

STRETCHES = [[1_000 * (n + 1), 290 + 5 * n, 100 + n] for n in range(10)]


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


@pytest.fixture
def run(alice: User) -> Run:
    return make_run(
        alice,
        effort=6,
        kind="tempo",
        onset_min=40,
        note="Past the harbour.",
        profile=STRETCHES,
        source="fit",
    )


def address(run: Run) -> str:
    return f"/athletes/{run.runner_id}/runs/{run.uid}/"


def test_it_shows_the_run_with_pace_and_height(as_bob: Client, bob: User, run: Run) -> None:
    make_link(bob, run.runner)

    page = read(as_bob, address(run))

    for shown in (
        *("10.0 km", "50:00", "5:00 /km", "fastest 4:50 /km", "height, 100 to 109 m"),
        *("6 of 10, hard", "tempo", "minute 40", "FIT file", "Past the harbour."),
    ):
        assert shown in page
    for leads in ("How are your legs?", "Room left", "This week so far", "/edit/", "/delete/"):
        assert leads not in page
    assert AccessRecord.objects.get().page == "diary"


def test_the_diary_leads_there(as_bob: Client, bob: User, run: Run) -> None:
    make_link(bob, run.runner)

    assert f'href="{address(run)}"' in read(as_bob, f"/athletes/{run.runner_id}/diary/")


@pytest.mark.parametrize(
    ("shares", "hidden"),
    [
        ("soreness guidance notes", ["10.0 km", "fastest", "tempo", "harbour"]),
        ("runs guidance notes", ["minute 40"]),
        ("runs soreness guidance", ["Past the harbour."]),
    ],
    ids=["runs", "soreness", "notes"],
)
def test_what_is_not_shared_is_not_there(
    as_bob: Client, bob: User, run: Run, shares: str, hidden: list[str]
) -> None:
    make_link(bob, run.runner, shares)

    page = read(as_bob, address(run))

    assert [words for words in hidden if words in page] == []


def test_a_page_from_before_shows_nothing_once_it_is_not_shared(
    as_bob: Client, bob: User, run: Run
) -> None:
    link = make_link(bob, run.runner)
    before = read(as_bob, address(run))
    CoachLink.objects.filter(pk=link.pk).update(runs=False)
    after = read(as_bob, address(run))

    assert ("fastest" in before, "fastest" in after) == (True, False)
    assert "Alice does not share runs." in after
    assert "no-store" in as_bob.get(address(run))["Cache-Control"]


def test_a_run_that_is_not_there_is_not_found(
    as_bob: Client, bob: User, alice: User, mallory: User, run: Run
) -> None:
    make_link(bob, alice)
    gone = make_run(alice)
    actions.delete_run(gone, by=alice)
    others = make_run(mallory)

    for uid in (gone.uid, others.uid, uuid.uuid4()):
        assert as_bob.get(f"/athletes/{alice.pk}/runs/{uid}/").status_code == 404


def test_it_takes_six_queries(
    as_bob: Client, bob: User, run: Run, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_link(bob, run.runner)
    as_bob.get(address(run))

    with django_assert_num_queries(6):
        as_bob.get(address(run))
