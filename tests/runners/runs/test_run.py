"""A run that is stored: its page, deleting it, and undo."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners import standing
from runners.models import Run, User
from runners.runs import actions as run_actions
from runners.runs.chart import draw
from tests.factories import days_ago, make_check_in, make_run, make_soreness
from tests.pages import folded, read

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
        "Kind</dt><dd>long", "Sunday 22 November, 07:40", "18.4 km", "1:44:53", "5:42 /km",
        "5 of 10, hard", "524", "1\u2009105 m", "minute 73", "FIT file", "Long &amp; windy.",
        "Left hamstring", '4<span class="word"> noticeable</span>',
    ):  # fmt: skip
        assert shown in page


def test_run_page_in_miles(as_alice: Client, alice: User) -> None:
    User.objects.update(units="mi")
    run = make_run(alice)

    page = as_alice.get(f"/runs/{run.uid}/").content.decode()

    assert "6.21 mi" in page
    assert "8:03 /mi" in page


@pytest.mark.parametrize("spots", [1, 3])
@pytest.mark.parametrize(("ago", "queries"), [(0, 7), (7, 6)])
def test_run_page_takes_seven_queries(
    as_alice: Client,
    alice: User,
    ago: int,
    spots: int,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run = make_run(alice, days_ago(ago))
    for area in ("hamstring", "calf", "foot")[:spots]:
        make_soreness(alice, days_ago(ago), area=area)
    standing.renew([alice])

    with django_assert_num_queries(queries):
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


# Pace and height


def profile(*points: tuple[int, int | None, int | None]) -> list[list[int | None]]:
    return [[*point] for point in points]


STEADY = profile(*((500 * n, 300, 50) for n in range(1, 20)), (10_000, 290, 60))


def test_run_page_draws_pace_and_height(as_alice: Client, alice: User) -> None:
    run = make_run(alice, source="fit", profile=STEADY)

    page = read(as_alice, f"/runs/{run.uid}/")

    assert page.count("<polyline") == 2  # for a phone and for a desk
    assert "Fastest 4:50 /km at 9.75 km, slowest 5:00 /km at 0.25 km." in page
    assert "Height from 50 to 60 m." in page
    assert "pace over about 500 m each, fast is up" in page


def test_run_page_draws_miles(as_alice: Client, alice: User) -> None:
    User.objects.update(units="mi")
    run = make_run(alice, source="fit", profile=STEADY)

    assert "Fastest 7:47 /mi at 6.06 mi" in read(as_alice, f"/runs/{run.uid}/")


@pytest.mark.parametrize(
    "fields",
    [{}, {"profile": None}, {"profile": []}, {"profile": STEADY, "distance_m": None}],
    ids=["typed", "old", "empty", "no-distance"],
)
def test_run_page_without_a_profile_draws_none(
    as_alice: Client, alice: User, fields: dict[str, Any]
) -> None:
    run = make_run(alice, **fields)

    page = read(as_alice, f"/runs/{run.uid}/")

    assert "<polyline" not in page
    assert "50:00" in page


def test_a_distance_put_right_stretches_the_picture(alice: User) -> None:
    drawn = draw(Run(distance_m=5_000, duration_s=1, profile=STEADY), "km")

    assert drawn is not None
    assert (drawn.fastest.pace_s_per_km, drawn.fastest.end_m) == (580, 5_000)


def test_what_is_not_known_is_a_gap(alice: User) -> None:
    unknown = profile((500, 300, None), (1_000, None, 10), (1_500, 280, 20), (2_000, 310, None))

    drawn = draw(Run(distance_m=2_000, duration_s=1, profile=unknown), "km")

    assert drawn is not None
    lines = drawn.pictures[0].lines
    assert [len(line.split()) for line in lines] == [1, 2]
    assert drawn.heights == (10, 20)


def test_height_at_the_sea_is_known(alice: User) -> None:
    level = profile(*((500 * n, 300, 0) for n in range(1, 6)))

    drawn = draw(Run(distance_m=2_500, duration_s=1, profile=level), "km")

    assert drawn is not None
    assert drawn.heights == (0, 0)
    assert drawn.pictures[0].hill.startswith("M0 186L0 178")


def test_a_walk_does_not_press_the_rest_flat(alice: User) -> None:
    walked = profile(*((500 * n, 300, None) for n in range(1, 10)), (5_000, 1_900, None))

    drawn = draw(Run(distance_m=5_000, duration_s=1, profile=walked), "km")

    assert drawn is not None
    assert drawn.slowest.pace_s_per_km == 1_900
    assert drawn.pictures[0].slowest.y == 116


@pytest.mark.parametrize(
    ("length_m", "ticks"),
    [(400, "0 0.1 0.2 0.3 0.4"), (8_400, "0 2 4 6 8"), (42_195, "0 10 20 30 40")],
)
def test_distances_below_the_picture(length_m: int, ticks: str) -> None:
    run = Run(distance_m=length_m, duration_s=1, profile=profile((length_m, 300, None)))

    drawn = draw(run, "km")

    assert drawn is not None
    assert " ".join(figure for _, figure in drawn.pictures[0].ticks) == ticks


def test_lists_do_not_read_profiles(alice: User) -> None:
    make_run(alice, profile=STEADY)

    assert Run.objects.of(alice).get().get_deferred_fields() == {"profile"}


# What next


def test_a_run_leads_to_the_check_in_of_its_day(as_alice: Client, alice: User) -> None:
    run = make_run(alice, days_ago(2))

    page = read(as_alice, f"/runs/{run.uid}/")

    assert '<a class="button" href="/check-in/2026-11-21/">How are your legs?</a>' in page


def test_once_checked_in_the_question_is_answered(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    make_check_in(alice)

    page = read(as_alice, f"/runs/{run.uid}/")

    assert "How are your legs?</a>" not in page
    assert "Your legs that day" in page


def log_two_weeks(runner: User) -> list[Run]:
    """On a Thursday: 8 km on Tuesdays and Thursdays, and 1 km more this Thursday."""
    far = [(9, 8_000), (7, 8_000), (2, 8_000), (0, 9_000), (20, 5_000)]
    return [make_run(runner, THURSDAY - dt.timedelta(ago), distance_m=m) for ago, m in far]


@pytest.fixture
def thursday(noon: time_machine.Traveller) -> None:
    noon.move_to(dt.datetime(2026, 11, 26, 11, tzinfo=dt.UTC))


THURSDAY = dt.date(2026, 11, 26)


@pytest.mark.usefixtures("thursday")
def test_the_week_so_far_beside_the_one_before(as_alice: Client, alice: User) -> None:
    run = log_two_weeks(alice)[3]

    page = read(as_alice, f"/runs/{run.uid}/")

    assert "since Monday" in page
    assert '<span class="big">17.0</span> <span class="muted">km in 2 runs</span>' in page
    assert "1.0\u00a0km more than last week by Thursday." in page
    assert "Tuesday last week 8.00 km, Thursday last week 8.00 km, Tuesday 8.00 km" in page


@pytest.mark.usefixtures("thursday")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"distance_m": 8_000}, "As much as last week by Thursday."),
        ({"distance_m": 7_000}, "1.0\u00a0km less than last week by Thursday."),
        ({"distance_m": None}, "Not every run has a distance"),
    ],
    ids=["same", "less", "no-distance"],
)
def test_the_week_so_far_says_what_it_can(
    as_alice: Client, alice: User, changed: dict[str, Any], said: str
) -> None:
    run = log_two_weeks(alice)[3]
    Run.objects.filter(pk=run.pk).update(**changed)

    assert said in read(as_alice, f"/runs/{run.uid}/")


@pytest.mark.usefixtures("thursday")
def test_a_week_before_that_is_not_known_is_not_compared(as_alice: Client, alice: User) -> None:
    run = make_run(alice, THURSDAY)

    page = read(as_alice, f"/runs/{run.uid}/")

    assert "Not all days of the week before are known" in page
    assert "more than last week" not in page


def test_a_run_of_another_week_shows_no_week(as_alice: Client, alice: User) -> None:
    run = make_run(alice, days_ago(1))  # the Sunday before

    page = read(as_alice, f"/runs/{run.uid}/")

    assert "This week so far" not in page
    assert "Room left" not in page


def test_the_week_begins_on_the_runners_own_day(as_alice: Client, alice: User) -> None:
    User.objects.update(week_start=7)
    run = make_run(alice, days_ago(1))

    assert "since Sunday" in read(as_alice, f"/runs/{run.uid}/")


def log_a_month(runner: User, **today: Any) -> Run:
    for back in range(30, 0, -3):
        make_run(runner, days_ago(back), distance_m=12_930 if back == 6 else 9_000)
    return make_run(runner, **today)


def test_room_left_is_said_where_guidance_says_it(as_alice: Client, alice: User) -> None:
    run = log_a_month(alice, distance_m=8_400)

    page = read(as_alice, f"/runs/{run.uid}/")

    assert "Longest run this week: up to 14.2\u00a0km stays within 10 % of your longest" in page
    assert "this run 8.40 km" in page
    assert "longest 12.9 km, Tue 17 Nov" in page
    assert 'href="/guidance/library/patterns/session-spike/"' in page


def test_room_left_follows_what_is_logged(as_alice: Client, alice: User) -> None:
    """A page from before is one thing; asked again it is of now."""
    run = log_a_month(alice, distance_m=8_400)
    before = read(as_alice, f"/runs/{run.uid}/")
    make_soreness(alice, kind="pain", intensity=7)
    standing.renew_after_change(alice)
    after = read(as_alice, f"/runs/{run.uid}/")

    assert ("Room left" in before, "Room left" in after) == (True, False)


def test_the_longest_run_is_told_as_that(as_alice: Client, alice: User) -> None:
    run = log_a_month(alice, distance_m=13_000)

    assert "this run, the longest, 13.0 km" in read(as_alice, f"/runs/{run.uid}/")


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
