"""A run that is stored: its page, deleting it, and undo."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.models import Run, User
from runners.runs import actions as run_actions
from tests.factories import days_ago, make_check_in, make_run, make_soreness
from tests.pages import folded

# Seeing


def test_run_page_shows_every_value(as_alice: Client, alice: User) -> None:
    started_at = dt.datetime(2026, 11, 22, 6, 40, tzinfo=dt.UTC)
    run = make_run(
        alice, days_ago(1), started_at=started_at, distance_m=18_400, duration_s=6_293, effort=5,
        kind="long", climb_m=1_105, onset_min=73, note="Long & windy.", source="fit",
    )  # fmt: skip
    make_soreness(alice, days_ago(1), intensity=4)

    page = folded(as_alice.get(f"/runs/{run.uid}/").content.decode())

    for shown in (
        "Long run", "Sunday 22 November, 07:40", "18.4 km", "1:44:53", "5:42 /km", "5 of 10, hard",
        "524", "1\u2009105 m", "minute 73", "FIT file", "Long &amp; windy.", "Left hamstring",
        '4<span class="word"> noticeable</span>',
    ):  # fmt: skip
        assert shown in page


def test_run_page_in_miles(as_alice: Client, alice: User) -> None:
    User.objects.update(units="mi")
    run = make_run(alice)

    page = as_alice.get(f"/runs/{run.uid}/").content.decode()

    assert "6.21 mi" in page
    assert "8:03 /mi" in page


@pytest.mark.parametrize("spots", [1, 3])
def test_run_page_takes_six_queries(
    as_alice: Client,
    alice: User,
    spots: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run = make_run(alice)
    for area in ("hamstring", "calf", "foot")[:spots]:
        make_soreness(alice, area=area)

    with django_assert_num_queries(6):
        as_alice.get(f"/runs/{run.uid}/")


@pytest.mark.parametrize(
    ("method", "verb"),
    [("get", ""), ("get", "edit/"), ("post", "edit/"), ("post", "delete/"), ("post", "restore/")],
)
def test_run_of_another_is_not_there(
    as_alice: Client, mallory: User, method: str, verb: str
) -> None:
    run = make_run(mallory)
    send: Callable[..., HttpResponse] = getattr(as_alice, method)

    assert send(f"/runs/{run.uid}/{verb}").status_code == 404
    assert Run.objects.of(mallory).count() == 1


def test_run_page_says_all_clear(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    make_check_in(alice)

    assert b"all clear" in as_alice.get(f"/runs/{run.uid}/").content


# Deleting


def test_delete_offers_undo_and_undo_brings_it_back(as_alice: Client, alice: User) -> None:
    run = make_run(alice)

    deleted = as_alice.post(f"/runs/{run.uid}/delete/", follow=True)
    assert not Run.objects.of(alice).exists()
    restored = as_alice.post(f"/runs/{run.uid}/restore/", follow=True)

    assert "Run deleted." in deleted.content.decode()
    assert f'action="/runs/{run.uid}/restore/"' in deleted.content.decode()
    assert restored.redirect_chain == [("/diary/?day=2026-11-23", 302)]
    assert Run.objects.of(alice).get() == run


def test_delete_and_undo_sent_twice_are_harmless(as_alice: Client, alice: User) -> None:
    run = make_run(alice)

    for verb in ("delete", "delete", "restore", "restore"):
        assert as_alice.post(f"/runs/{run.uid}/{verb}/").status_code == 302

    assert Run.objects.of(alice).count() == 1


def test_deleted_run_is_not_there(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    run_actions.delete_run(run, by=alice)

    assert as_alice.get(f"/runs/{run.uid}/").status_code == 404
    assert as_alice.get(f"/runs/{run.uid}/edit/").status_code == 404


def test_undo_after_the_same_file_came_again_says_so(as_alice: Client, alice: User) -> None:
    run = make_run(alice, fingerprint="f" * 64)
    run_actions.delete_run(run, by=alice)
    make_run(alice, fingerprint="f" * 64)

    response = as_alice.post(f"/runs/{run.uid}/restore/", follow=True)

    assert "The same run is in your diary already." in response.content.decode()
    assert Run.objects.of(alice).count() == 1


def test_undo_still_works_after_ten_minutes(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    run = make_run(alice)
    as_alice.post(f"/runs/{run.uid}/delete/")

    noon.shift(600)
    as_alice.post(f"/runs/{run.uid}/restore/")

    assert Run.objects.of(alice).get() == run


@pytest.mark.parametrize("verb", ["delete", "restore"])
def test_a_link_alone_changes_nothing(as_alice: Client, alice: User, verb: str) -> None:
    run = make_run(alice)

    assert as_alice.get(f"/runs/{run.uid}/{verb}/").status_code == 405
    assert Run.objects.of(alice).count() == 1
