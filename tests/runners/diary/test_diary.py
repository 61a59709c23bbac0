import datetime as dt
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.check_ins import actions as check_in_actions
from runners.models import User
from runners.runs import actions as run_actions
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_soreness
from tests.pages import folded

HTMX = {"HX-Request": "true"}


def days(response: Any) -> list[dt.date]:
    return [day.day for day in response.context["page"].days]


def ask(client: Client, **asked: str) -> Any:
    return client.get(f"/diary/?{urlencode(asked)}")


def test_day_shows_runs_and_spots_together(as_alice: Client, alice: User) -> None:
    run = make_run(alice, distance_m=12_400, duration_s=3_750, effort=5, kind="tempo", onset_min=40)
    make_soreness(alice, intensity=6, kind="pain", timing="during", note="On the stairs.")

    page = folded(as_alice.get("/diary/").content.decode())

    for shown in (
        'id="day-2026-11-23"', f'href="/runs/{run.uid}/"', "12.4 km", "1:02:30 · 5:02 /km",
        "effort&nbsp;5", "load&nbsp;312", "minute&nbsp;40", "tempo", "Left hamstring",
        "painful · during", '6<span class="word"> strong</span>', "On the stairs.",
    ):  # fmt: skip
        assert shown in page


def test_fragment_is_the_days_alone(as_alice: Client, alice: User) -> None:
    make_run(alice)

    fragment = as_alice.get("/diary/", headers=HTMX).content

    assert b"<h1" not in fragment
    assert b'id="day-2026-11-23"' in fragment


def test_spots_come_strongest_first(as_alice: Client, alice: User) -> None:
    make_soreness(alice, area="low_back", side="centre", intensity=2)
    make_soreness(alice, area="calf", intensity=7)

    spots = as_alice.get("/diary/").context["page"].days[0].spots

    assert [spot.entry.area for spot in spots] == ["calf", "low_back"]


def test_all_clear_and_note_are_shown(as_alice: Client, alice: User) -> None:
    make_check_in(alice, note="Slept <badly>.")

    page = as_alice.get("/diary/").content.decode()

    assert "all clear" in page
    assert "Slept &lt;badly&gt;." in page


def test_partial_check_in_is_no_all_clear(as_alice: Client, alice: User) -> None:
    make_check_in(alice, partial=True, note="Ran fine.")

    assert "all clear" not in as_alice.get("/diary/").content.decode()


def test_distances_in_miles(as_alice: Client, alice: User) -> None:
    User.objects.update(units="mi")
    make_run(alice)

    assert "6.21 mi" in as_alice.get("/diary/").content.decode()


def test_nothing_of_others_is_shown(as_alice: Client, mallory: User) -> None:
    make_run(mallory, note="Secret run.")
    make_soreness(mallory, note="Secret spot.")
    run_actions.delete_run(make_run(mallory), by=mallory)

    response = as_alice.get("/diary/")

    assert days(response) == []
    assert b"Secret" not in response.content
    assert b"Undo" not in response.content


def test_empty_diary_says_what_will_be_here(as_alice: Client) -> None:
    page = as_alice.get("/diary/").content.decode()

    assert "Your diary starts with the first entry" in page
    assert '<a class="button" href="/runs/add/">Log a run</a>' in page


# Queries


def fill(runner: User, count: int) -> None:
    for ago in range(count):
        make_run(runner, days_ago(ago))
        make_soreness(runner, days_ago(ago))
        make_soreness(runner, days_ago(ago), area="calf")


@pytest.mark.parametrize("count", [1, 30])
def test_newest_page_takes_seven_queries(
    as_alice: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(alice, count)

    with django_assert_num_queries(7):
        as_alice.get("/diary/")


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 40])
def test_page_in_the_middle_takes_eight_queries(
    as_alice: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(alice, count)

    with django_assert_num_queries(8):
        ask(as_alice, day=days_ago(1).isoformat())


@pytest.mark.parametrize("count", [1, 30])
def test_filtered_page_takes_seven_queries(
    as_alice: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(alice, count)

    with django_assert_num_queries(7):
        ask(as_alice, area="hamstring", run="none")


@pytest.mark.parametrize("count", [1, 30])
def test_searched_page_takes_seven_queries(
    as_alice: Client, alice: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for ago in range(count):
        make_run(alice, days_ago(ago), note="On the stairs.")
        make_soreness(alice, days_ago(ago), note="On the stairs.")

    with django_assert_num_queries(7):
        ask(as_alice, notes="the stairs", area="hamstring")


def test_days_alone_take_five_queries(
    as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(alice, 30)

    with django_assert_num_queries(5):  # without the month, and the warning of the page
        as_alice.get("/diary/", headers=HTMX)


# Paging


def test_pages_hold_fourteen_days_and_lose_none(as_alice: Client, alice: User) -> None:
    for ago in range(30):
        make_run(alice, days_ago(ago))
    make_run(alice, days_ago(13))
    make_check_in(alice, days_ago(13))

    first = as_alice.get("/diary/")
    second = ask(as_alice, before=first.context["page"].earlier.isoformat())
    third = ask(as_alice, before=second.context["page"].earlier.isoformat())

    assert [len(days(page)) for page in (first, second, third)] == [14, 14, 2]
    assert days(first) + days(second) + days(third) == [days_ago(ago) for ago in range(30)]
    assert third.context["page"].earlier is None


def test_full_page_that_is_the_last_has_no_earlier_days(as_alice: Client, alice: User) -> None:
    for ago in range(14):
        make_run(alice, days_ago(ago))

    response = as_alice.get("/diary/")

    assert len(days(response)) == 14
    assert b"Earlier days" not in response.content


def test_new_entry_does_not_shift_the_next_page(as_alice: Client, alice: User) -> None:
    for ago in range(1, 20):
        make_run(alice, days_ago(ago))
    earlier = as_alice.get("/diary/").context["page"].earlier

    make_run(alice, TODAY)

    assert days(ask(as_alice, before=earlier.isoformat()))[0] == days_ago(15)


def test_day_stands_on_top_and_later_days_are_a_link_away(as_alice: Client, alice: User) -> None:
    for ago in range(40):
        make_run(alice, days_ago(ago))

    response = ask(as_alice, day=days_ago(30).isoformat())
    later = ask(as_alice, day=response.context["page"].later.isoformat())

    assert days(response)[0] == days_ago(30)
    assert f"?day={days_ago(16)}" in response.content.decode()
    assert days(later) == [days_ago(ago) for ago in range(16, 30)]


def test_later_days_of_the_second_page_are_the_newest(as_alice: Client, alice: User) -> None:
    for ago in range(10):
        make_run(alice, days_ago(ago))

    response = ask(as_alice, day=days_ago(5).isoformat())

    assert '<a class="ghost small later" href="?"> Later days </a>' in folded(
        response.content.decode()
    )


def test_appended_days_do_not_repeat_the_way_back(as_alice: Client, alice: User) -> None:
    for ago in range(20):
        make_run(alice, days_ago(ago))

    appended = as_alice.get(
        f"/diary/?before={days_ago(13)}", headers={**HTMX, "HX-Target": "earlier"}
    )

    assert b"Later days" not in appended.content
    assert days(appended)[0] == days_ago(14)


def test_day_without_an_entry_says_so(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(5))

    page = ask(as_alice, day=days_ago(3).isoformat()).content.decode()

    assert "Nothing logged on Friday 20 November 2026." in page
    assert f'id="day-{days_ago(5)}"' in page


@pytest.mark.parametrize(("ago", "gap"), [(1, 0), (3, 0), (4, 3), (10, 9)])
def test_gap_of_more_than_two_days_is_told(
    as_alice: Client, alice: User, ago: int, gap: int
) -> None:
    make_run(alice, TODAY)
    make_run(alice, days_ago(ago))

    response = as_alice.get("/diary/")

    assert response.context["page"].days[1].gap_days == gap
    assert ("days not logged" in response.content.decode()) == bool(gap)


def test_gap_goes_on_over_the_edge_of_a_page(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(30))

    response = ask(as_alice, before=days_ago(20).isoformat())

    assert response.context["page"].days[0].gap_days == 9


def test_days_since_the_last_entry_are_told(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(6))

    assert "5 days not logged" in as_alice.get("/diary/").content.decode()


# Filter


@pytest.fixture
def four_days(alice: User) -> None:
    """Today a left hamstring and a long run, before it a right one, a calf, and a race alone."""
    make_soreness(alice, TODAY, side="left", kind="tightness")
    make_run(alice, TODAY, kind="long")
    make_soreness(alice, days_ago(1), side="right", kind="pain")
    make_run(alice, days_ago(1))
    make_soreness(alice, days_ago(2), area="calf", kind="pain")
    make_soreness(alice, days_ago(2), area="low_back", side="centre")
    make_run(alice, days_ago(3), kind="race")


@pytest.mark.usefixtures("four_days")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"area": "hamstring"}, [0, 1]),
        ({"area": "hamstring", "side": "left"}, [0]),
        ({"side": "left"}, [0, 2]),
        ({"felt": "pain"}, [1, 2]),
        ({"area": "hamstring", "felt": "pain"}, [1]),
        ({"area": "low_back", "side": "left"}, [2]),
        ({"run": "race"}, [3]),
        ({"run": "none"}, [1]),
        ({"area": "hamstring", "run": "long"}, [0]),
        ({"area": "calf", "run": "long"}, []),
        ({"felt": "tightness", "area": "calf"}, []),
    ],
)
def test_filter_finds_days(as_alice: Client, asked: dict[str, str], found: list[int]) -> None:
    response = ask(as_alice, **asked)

    assert days(response) == [days_ago(ago) for ago in found]
    assert "days not logged" not in response.content.decode()


@pytest.mark.usefixtures("four_days")
def test_filter_puts_what_was_asked_for_first(as_alice: Client) -> None:
    spots = ask(as_alice, area="low_back").context["page"].days[0].spots

    assert [(spot.entry.area, spot.fits) for spot in spots] == [
        ("low_back", True),
        ("calf", False),
    ]


@pytest.mark.usefixtures("four_days")
def test_filter_without_a_hit_offers_to_clear_it(as_alice: Client) -> None:
    page = ask(as_alice, area="groin", side="left", felt="pain", run="hills").content.decode()

    assert "Nothing in your diary fits: painful left groin and hills." in page
    assert '<a class="button" href="/diary/">Clear the filter</a>' in page


def test_filter_stays_on_the_next_page(as_alice: Client, alice: User) -> None:
    for ago in range(20):
        make_soreness(alice, days_ago(ago))

    page = ask(as_alice, area="hamstring", felt="tightness").content.decode()

    assert f'href="?area=hamstring&amp;felt=tightness&amp;before={days_ago(13)}"' in page


@pytest.mark.parametrize(
    "asked",
    [
        {"before": "yesterday"},
        {"before": "2026-02-30"},
        {"before": "10000-01-01"},
        {"day": "0000-00-00"},
        {"day": "\x00"},
        {"area": "nose"},
        {"area": "hamstring\x00"},
        {"side": "centre"},
        {"felt": "' OR 1=1 --"},
        {"run": "easy,long"},
    ],
)
def test_question_that_makes_no_sense_is_refused(
    as_alice: Client, alice: User, asked: dict[str, str]
) -> None:
    make_run(alice)

    page, fragment = ask(as_alice, **asked), as_alice.get("/diary/", asked, headers=HTMX)

    assert (page.status_code, fragment.status_code) == (422, 422)
    assert "Show the whole diary" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"before": "0001-01-01"}, 0),
        ({"before": "9999-12-31"}, 1),
        ({"day": "9999-12-31"}, 1),
        ({"day": "0001-01-01"}, 0),
        ({"day": "2026-11-23", "before": "2026-11-23"}, 0),
        ({"anything": "else"}, 1),
    ],
)
def test_day_at_the_edge_of_the_calendar_is_harmless(
    as_alice: Client, alice: User, asked: dict[str, str], found: int
) -> None:
    make_run(alice)

    response = ask(as_alice, **asked)

    assert response.status_code == 200
    assert len(days(response)) == found


# Search


@pytest.fixture
def noted_days(alice: User) -> None:
    """A word in a run, in a check-in, in a spot, in a deleted run, and in nothing."""
    make_run(alice, TODAY, note="Hard up the Stairs, easy down.")
    make_check_in(alice, days_ago(1), note="Stairs hurt.")
    make_soreness(alice, days_ago(2), area="knee", note="only on stairs")
    run_actions.delete_run(make_run(alice, days_ago(3), note="Stairs."), by=alice)
    make_run(alice, days_ago(4), note="A flat lap.")


@pytest.mark.usefixtures("noted_days")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"notes": "stairs"}, [0, 1, 2]),
        ({"notes": "  HURT  stairs "}, [1]),
        ({"notes": "tair"}, [0, 1, 2]),
        ({"notes": "easy lap"}, []),  # not in one note
        ({"notes": "stairs", "area": "knee"}, [2]),
        ({"notes": "stairs", "run": "none"}, [0]),
        ({"notes": ""}, [0, 1, 2, 4]),
    ],
)
def test_search_finds_days_by_their_notes(
    as_alice: Client, asked: dict[str, str], found: list[int]
) -> None:
    assert days(ask(as_alice, **asked)) == [days_ago(ago) for ago in found]


@pytest.mark.usefixtures("noted_days")
def test_search_marks_what_it_found_and_can_be_cleared(as_alice: Client) -> None:
    page = folded(ask(as_alice, notes="stairs").content.decode())

    assert "Only days with: “stairs” in a note" in page
    assert "Hard up the <mark>Stairs</mark>, easy down." in page
    assert 'value="stairs"' in page
    assert '<a class="link" href="/diary/">Clear</a>' in page


def test_search_without_a_hit_says_what_was_looked_for(as_alice: Client, alice: User) -> None:
    make_run(alice)

    page = folded(ask(as_alice, notes="stairs", area="knee").content.decode())

    assert "Nothing in your diary fits: knee and “stairs” in a note." in page


def test_search_finds_nothing_of_others(as_alice: Client, mallory: User) -> None:
    make_run(mallory, note="Stairs.")
    make_soreness(mallory, note="Stairs.")

    assert days(ask(as_alice, notes="stairs")) == []


@pytest.mark.parametrize(
    "words",
    ["%", "_", "' OR 1=1 --", "\\", "stairs\\", "<script>alert(1)</script>", "(", "[a-z]*", "*"],
)
def test_search_takes_every_character_as_it_is(as_alice: Client, alice: User, words: str) -> None:
    make_run(alice, TODAY, note=f"Before {words} after.")
    make_run(alice, days_ago(1), note="Nothing of the kind.")

    response = ask(as_alice, notes=words)

    assert days(response) == [TODAY]
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    ("words", "says"), [("x" * 101, "Search for fewer words."), ("\x00", "Null characters")]
)
def test_search_that_cannot_be_made_says_why(
    as_alice: Client, alice: User, words: str, says: str
) -> None:
    make_run(alice)

    response = ask(as_alice, notes=words)

    assert response.status_code == 422
    assert says in response.content.decode()


def test_search_of_fifty_words_is_harmless(as_alice: Client, alice: User) -> None:
    make_run(alice, note="a b")

    assert days(ask(as_alice, notes="a " * 49)) == [TODAY]


def test_search_stays_on_the_next_page(as_alice: Client, alice: User) -> None:
    for ago in range(20):
        make_run(alice, days_ago(ago), note="Stairs & hills.")

    page = ask(as_alice, notes="stairs &").content.decode()

    assert f'href="?notes=stairs+%26&amp;before={days_ago(13)}"' in page


# Long notes


@pytest.mark.parametrize(
    ("note", "folded_on"),
    [
        ("Short.", ""),
        ("x" * 44 * 4, ""),
        ("x" * 44 * 4 + "x", "narrow"),
        ("x" * 84 * 4 + "x", "narrow wide"),
        ("One.\nTwo.\n\nFour.", ""),
        ("One.\nTwo.\n\nFour.\nFive.", "narrow wide"),
    ],
)
def test_long_note_is_folded_after_four_lines(
    as_alice: Client, alice: User, note: str, folded_on: str
) -> None:
    make_run(alice, note=note)
    make_check_in(alice, note=note)
    make_soreness(alice, note=note)

    page = as_alice.get("/diary/").content.decode()

    assert page.count('<details class="fold ') == (3 if folded_on else 0)
    assert page.count(f'<details class="fold {folded_on}">') == (3 if folded_on else 0)
    assert page.count(f'<p class="note">{note}</p>') == 3


def test_long_note_that_was_found_is_unfolded(as_alice: Client, alice: User) -> None:
    make_run(alice, note="Along the river. " * 40 + "Stairs.")

    assert '<details class="fold narrow wide" open>' in ask(as_alice, notes="stairs").text


def test_note_stands_outside_of_the_link_to_its_run(as_alice: Client, alice: User) -> None:
    """What folds it is a control of its own."""
    run = make_run(alice, note="Along the river. " * 40)

    page = folded(as_alice.get("/diary/").content.decode())

    link = page[page.index(f'href="/runs/{run.uid}/"') :]
    assert "river" not in link[: link.index("</a>")]
    assert "river" in link


# A month as dots


def month_days(response: Any) -> list[tuple[int, int | None, int]]:
    """Days that hold something: the day, its highest, and how many runs."""
    month = response.context["month"].days
    return [(day.day.day, day.peak, day.runs) for day in month if day.runs or day.peak is not None]


def test_month_shows_soreness_and_runs_of_each_day(as_alice: Client, alice: User) -> None:
    make_soreness(alice, TODAY, intensity=6)
    make_run(alice, TODAY)
    make_run(alice, TODAY)
    make_check_in(alice, days_ago(1))
    make_run(alice, days_ago(30))

    response = as_alice.get("/diary/")

    page = folded(response.content.decode())
    assert "November 2026" in page
    assert month_days(response) == [(22, 0, 0), (23, 6, 2)]
    for shown in (
        '<a href="?day=2026-11-23#day-2026-11-23" aria-current="date">', '<b class="s3">23</b>',
        '<b class="s0">22</b>', '<b class="sx">21</b>', "November, highest 6, 2 runs",
        "November, all clear", "November, not checked in",
    ):  # fmt: skip
        assert shown in page
    assert "?day=2026-11-24" not in page


@pytest.mark.parametrize(
    ("asked", "month", "later"),
    [
        ({}, "2026-11-01", None),
        ({"day": "2026-11-02"}, "2026-11-01", None),
        ({"day": "2026-10-31"}, "2026-10-01", "2026-12-01"),
        ({"before": "2026-11-01"}, "2026-10-01", "2026-12-01"),
        ({"before": "2026-12-01"}, "2026-11-01", None),
        ({"day": "2026-12-31"}, "2026-11-01", None),
        ({"before": "9999-12-31"}, "2026-11-01", None),
        ({"day": "0001-01-01"}, "1970-01-01", "1970-03-01"),
        ({"before": "0001-01-01"}, "1970-01-01", "1970-03-01"),
        ({"day": "2024-02-29"}, "2024-02-01", "2024-04-01"),
        ({"day": "2025-12-25"}, "2025-12-01", "2026-02-01"),
    ],
)
def test_month_is_that_of_the_first_day(
    as_alice: Client, asked: dict[str, str], month: str, later: str | None
) -> None:
    shown = ask(as_alice, **asked).context["month"]

    assert shown.first.isoformat() == month
    assert (shown.later and shown.later.isoformat()) == later
    assert {day.day.month for day in shown.days} == {shown.first.month}


def test_month_is_folded_until_somebody_jumps(as_alice: Client, alice: User) -> None:
    make_run(alice)

    assert '<details class="month">' in as_alice.get("/diary/").text
    assert '<details class="month" open>' in ask(as_alice, day="2026-11-02").text


@pytest.mark.parametrize(("week_start", "lead"), [(1, 6), (6, 1), (7, 0)])
def test_month_begins_its_weeks_as_the_runner_does(
    as_alice: Client, alice: User, week_start: int, lead: int
) -> None:
    """1 November 2026 is a Sunday."""
    User.objects.filter(pk=alice.pk).update(week_start=week_start)

    month = as_alice.get("/diary/").context["month"]

    assert month.lead == lead
    assert month.week[0].isoweekday() == week_start


def test_month_shows_nothing_of_others(as_alice: Client, mallory: User) -> None:
    make_run(mallory)
    make_soreness(mallory)

    assert month_days(as_alice.get("/diary/")) == []


# Undo


def test_deleted_run_can_be_brought_back_after_the_message_has_gone(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    run = make_run(alice)
    as_alice.post(f"/runs/{run.uid}/delete/")
    with_message = folded(as_alice.get("/diary/").content.decode())

    noon.shift(9 * 60)
    later = folded(as_alice.get("/diary/").content.decode())
    noon.shift(2 * 60)
    too_late = folded(as_alice.get("/diary/").content.decode())

    restore = f'action="/runs/{run.uid}/restore/"'
    assert [page.count(restore) for page in (with_message, later, too_late)] == [1, 1, 0]
    assert "Deleted a moment ago" in later
    assert "Run of Mon 23 Nov, 10.0 km" in later


def test_deleted_things_stand_on_the_newest_page_alone(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(1))
    run_actions.delete_run(make_run(alice), by=alice)

    page = ask(as_alice, before=TODAY.isoformat()).content.decode()

    assert "Deleted a moment ago" not in page


def test_deleted_check_in_can_be_brought_back(as_alice: Client, alice: User) -> None:
    check_in = make_check_in(alice)
    check_in_actions.delete_check_in(check_in, by=alice)

    page = as_alice.get("/diary/").content.decode()

    assert "Check-in of Mon 23 Nov" in page
    assert f'action="/check-in/restore/{check_in.uid}/"' in page


@pytest.mark.parametrize("verb", ["Add", "Edit"])
def test_day_leads_to_its_check_in(as_alice: Client, alice: User, verb: str) -> None:
    make_run(alice)
    if verb == "Edit":
        make_check_in(alice)

    page = folded(as_alice.get("/diary/").content.decode())

    assert f'<a class="link" href="/check-in/2026-11-23/"> {verb} check-in' in page
