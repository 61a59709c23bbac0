"""The page of the weeks: its words, pictures and tables, and the same figures as CSV."""

import csv
import datetime as dt
import io
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from runners import standing
from runners.models import User
from runners.weeks import bodies, heat_map, look_back, trends_of
from runners.weeks.card import change_figure, change_words, records, weeks_shown
from runners.weeks.card import lines as card_lines
from runners.weeks.chart import PHONE, WIDE, draw
from runners.weeks.heat_map import lines
from tests.factories import (
    TODAY,
    days_ago,
    make_check_in,
    make_plan,
    make_run,
    make_soreness,
    make_user,
)
from tests.pages import folded

HTMX = {"HX-Request": "true"}
NB = "\u00a0"  # keeps a number and its unit on one line


def trends_page(client: Client, query: str = "") -> str:
    response = client.get(f"/trends/{query}")
    assert response.status_code == 200
    return folded(response.content.decode())


def csv_rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/trends/weeks.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


# The page.


def test_trends_shows_the_week_chart_areas_and_bodies(as_alice: Client, alice: User) -> None:
    make_run(alice)
    make_soreness(alice, days_ago(1))

    html = trends_page(as_alice)

    for words in (
        "<dt>This week</dt>", "Distance and left hamstring", "line: average soreness",
        "Every area", "Your legs, week by week", "7 Sep – 23 Nov 2026",
    ):  # fmt: skip
        assert words in html
    assert not re.search(r"\bW\d", html)


def test_trends_fragment_has_no_heading_of_the_page(as_alice: Client, alice: User) -> None:
    make_run(alice)

    html = as_alice.get("/trends/?weeks=26", headers=HTMX).content.decode()

    assert "<h1" not in html
    assert html.strip().startswith('<div id="weeks"')


def test_trends_without_logs_gives_the_one_button_that_starts_it(as_alice: Client) -> None:
    html = trends_page(as_alice)

    assert "Your weeks will be here" in html
    assert f'href="{reverse("runners:check-in")}"' in html
    assert '<svg class="chart' not in html


def test_trends_of_others_are_not_shown(as_alice: Client, mallory: User) -> None:
    make_run(mallory)
    make_soreness(mallory)

    assert "Your weeks will be here" in trends_page(as_alice)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 60])
def test_trends_takes_five_queries(
    as_alice: Client, alice: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for ago in range(rows):
        make_run(alice, days_ago(ago * 6))
        make_soreness(alice, days_ago(ago * 6))

    with django_assert_num_queries(5):  # two of them for session and user
        as_alice.get("/trends/?weeks=52")


@pytest.mark.parametrize(
    "query",
    [
        "?weeks=9999",
        "?weeks=-1&bars=evil",
        "?weeks=%00&area=%00",
        "?area=evil",
        "?area=low_back-left",
        "?area=hamstring",
        "?measure='%3Cscript%3E&weeks=8&weeks=x",
        "?weeks=٨",
    ],
)
def test_trends_with_a_value_that_is_not_offered_shows_the_usual(
    as_alice: Client, alice: User, query: str
) -> None:
    make_soreness(alice)

    html = trends_page(as_alice, query)

    assert re.search(r'id="weeks-12" [^>]*aria-current="true"', html)
    assert "Distance and left hamstring" in html
    assert "<script>" not in html


@pytest.mark.parametrize("weeks", [8, 12, 26, 52])
def test_trends_has_a_column_for_every_week(as_alice: Client, alice: User, weeks: int) -> None:
    make_soreness(alice)

    html = trends_page(as_alice, f"?weeks={weeks}")

    table, heat_map = html[html.index('<table class="figures') :].split('<table class="heat')
    assert table.count('<th scope="row">') == weeks
    assert html.count('<g class="week">') == 2 * weeks
    assert heat_map.count('<th scope="col"><span class="sr">') == weeks


def test_trends_has_no_inline_style_or_handler(as_alice: Client, alice: User) -> None:
    make_soreness(alice)

    html = trends_page(as_alice)

    assert not re.search(r'\sstyle=|\son\w+="|<style|hx-on|js:', html)


def test_trends_marks_the_choice_of_weeks_area_and_measure(as_alice: Client, alice: User) -> None:
    make_soreness(alice)

    html = trends_page(as_alice, "?weeks=8&bars=load&area=knee-right&measure=days")

    assert "Load and right knee" in html
    assert '<option value="knee-right" selected>' in html
    assert re.search(r'id="measure-days" [^>]*aria-current="true"', html)
    assert 'href="?weeks=26&amp;bars=load&amp;area=knee-right&amp;measure=days"' in html


def test_trends_shows_miles(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(units="mi")
    make_run(alice, distance_m=16_093)

    html = trends_page(as_alice)

    assert f"10.0{NB}mi" in html
    assert f"{NB}km" not in html


def test_trends_name_weeks_from_sunday_by_their_first_day(as_alice: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(week_start=7)
    make_run(alice)

    html = trends_page(as_alice)

    assert "6 Sep – 23 Nov 2026" in html
    assert "22–28 Nov 2026 <span>not over yet</span>" in html


def test_trends_week_turns_at_midnight_of_the_runner(client: Client, db: None) -> None:
    """At noon of a Sunday in London it is Monday, and a new week, on Kiritimati."""
    kiri = make_user("Kiri", time_zone="Pacific/Kiritimati")
    make_run(kiri, dt.date(2026, 11, 22))

    with time_machine.travel(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)):
        client.force_login(kiri)
        html = trends_page(client)

    assert "No runs yet" in html
    assert "7 Sep – 23 Nov 2026" in html


def test_trends_without_check_ins_says_that_soreness_is_not_known(
    as_alice: Client, alice: User
) -> None:
    make_run(alice)

    html = trends_page(as_alice)

    assert "how the body felt is not known" in html
    assert 'class="trend"' not in html


def test_trends_where_nothing_was_marked_says_so(as_alice: Client, alice: User) -> None:
    make_check_in(alice)

    assert "Nothing was marked in these weeks" in trends_page(as_alice)


# Words.


def words_of(runner: User, today: dt.date = TODAY, units: str = "km") -> list[tuple[str, str]]:
    """The three lines of the card, each as its title and its sentence."""
    trends = trends_of(runner, 12, today=today)
    return [
        (
            str(line.title),
            f"{line.headline}{' ' if line.runs_on else ', '}{line.rest}"
            if line.rest
            else str(line.headline),
        )
        for line in card_lines(trends, look_back(runner, trends), units)
    ]


def records_of(runner: User) -> list[str]:
    trends = trends_of(runner, 12, today=TODAY)
    return [str(record) for record in records(trends, look_back(runner, trends), "km")]


def changed(runner: User, today: dt.date = TODAY) -> str:
    return words_of(runner, today)[2][1]


def test_card_has_three_lines(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(7), distance_m=8_000)
    make_run(alice, distance_m=10_000)
    make_soreness(alice, intensity=6)

    html = trends_page(as_alice)

    card = html[html.index('class="card in-lines"') : html.index("</dl>")]
    assert re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", card) == [
        ("This week", f"<b>10.0{NB}km</b>, 1 run in 50 min"),
        ("Sorest", "<b>Left hamstring</b>, up to 6"),
        ("Changed", f"<b>+2.0{NB}km</b> on last week by now"),
    ]


def test_this_week_tells_distance_runs_and_time(alice: User) -> None:
    make_run(alice, distance_m=10_000, duration_s=3_000, effort=6)
    make_run(alice, distance_m=5_000, duration_s=1_800)

    assert words_of(alice)[0] == ("This week", f"15.0{NB}km, 2 runs in 1 h 20")


def test_this_week_tells_that_a_distance_is_lacking(alice: User) -> None:
    make_run(alice, distance_m=10_000)
    make_run(alice, distance_m=None)

    expected = f"10.0{NB}km, 2 runs in 1 h 40, distance from 1 of 2 runs"
    assert words_of(alice)[0][1] == expected


def test_this_week_without_a_distance_says_so(alice: User) -> None:
    make_run(alice, distance_m=None)

    assert words_of(alice)[0][1] == "1 run, 50 min, distance not noted"


def test_this_week_before_its_first_run_looks_at_the_same_days_of_last_week(alice: User) -> None:
    make_run(alice, days_ago(7), distance_m=8_000)
    make_run(alice, days_ago(6), distance_m=9_000)

    assert words_of(alice)[0][1] == f"No runs yet, 8.0{NB}km last week by now"


def test_this_week_of_nothing_tells_its_day(alice: User) -> None:
    make_check_in(alice)

    assert words_of(alice)[0][1] == "No runs yet, day 1 of 7"


def test_sorest_area_is_the_highest_average_of_this_week(alice: User) -> None:
    make_soreness(alice, days_ago(1), area="knee", intensity=9)
    make_soreness(alice, area="calf", intensity=3)
    make_soreness(alice, area="shin", intensity=6)

    assert words_of(alice)[1] == ("Sorest", "Left shin, up to 6")


def test_sorest_area_before_the_first_check_in_is_of_last_week(alice: User) -> None:
    make_soreness(alice, days_ago(2), intensity=6)
    make_check_in(alice, days_ago(1))

    assert words_of(alice)[1][1] == "Left hamstring, up to 6 last week"


def test_sorest_area_of_clear_days_is_none(alice: User) -> None:
    make_soreness(alice, days_ago(8))
    make_check_in(alice)

    assert words_of(alice)[1][1] == "Nothing marked, 1 day checked in"


def test_sorest_area_without_check_ins_is_not_known(alice: User) -> None:
    make_soreness(alice, days_ago(20))

    assert words_of(alice)[1][1] == "Not known, no check-in this week or last"


def test_sorest_area_is_not_known_from_a_partial_check_in_that_names_none(alice: User) -> None:
    make_check_in(alice, partial=True)

    assert words_of(alice)[1][1].startswith("Not known")


WEDNESDAY = dt.date(2026, 11, 25)


def test_change_compares_with_the_same_days_of_last_week(alice: User) -> None:
    for monday in (16, 23):
        make_run(alice, dt.date(2026, 11, monday), distance_m=10_000)
    make_run(alice, dt.date(2026, 11, 18), distance_m=10_000)
    make_run(alice, WEDNESDAY, distance_m=14_000)
    make_run(alice, dt.date(2026, 11, 19), distance_m=30_000)  # Thursday is not yet this week

    assert changed(alice, WEDNESDAY) == f"+20{NB}% on last week by now"


def test_change_on_the_last_day_compares_whole_weeks(alice: User) -> None:
    sunday = dt.date(2026, 11, 29)
    for day in (16, 22, 23, 29):
        make_run(alice, dt.date(2026, 11, day), distance_m=10_000 if day < 23 else 9_000)

    assert changed(alice, sunday) == f"−10{NB}% on last week"


def test_change_of_single_runs_is_a_distance_not_a_percentage(alice: User) -> None:
    make_run(alice, days_ago(7), distance_m=8_000)
    make_run(alice, distance_m=10_000)

    assert changed(alice).startswith(f"+2.0{NB}km ")


def test_change_to_more_than_twice_as_much_is_a_distance(alice: User) -> None:
    for _ in range(2):
        make_run(alice, days_ago(7), distance_m=4_000)
        make_run(alice, distance_m=10_000)

    assert changed(alice).startswith(f"+12.0{NB}km ")


def test_change_before_the_first_run_of_the_week_is_of_last_week(alice: User) -> None:
    for ago in (2, 3, 9, 10):
        make_run(alice, days_ago(ago), distance_m=11_000 if ago < 7 else 10_000)
    make_check_in(alice, days_ago(14))

    assert changed(alice) == f"+10{NB}% last week, on the week before"


def test_change_in_the_first_week_is_too_early_to_say(alice: User) -> None:
    make_run(alice)

    assert changed(alice) == "Too early to say, no week yet to compare with"


def test_change_does_not_take_days_before_the_first_log_for_rest(alice: User) -> None:
    make_run(alice, days_ago(3))  # last Friday, the first log; this Monday has no Monday before it
    make_run(alice)

    assert changed(alice).startswith("Too early to say")


def test_change_after_a_week_of_rest_says_so(alice: User) -> None:
    make_run(alice, days_ago(14))
    make_run(alice, distance_m=10_000)

    assert changed(alice) == f"+10.0{NB}km, none last week by now"


def test_change_in_two_weeks_of_rest_says_so(alice: User) -> None:
    make_run(alice, days_ago(15))
    make_check_in(alice, days_ago(1))

    assert changed(alice) == "No runs last week, none the week before"


def test_change_without_distances_is_not_known(alice: User) -> None:
    make_run(alice, days_ago(7))
    make_run(alice, distance_m=None)

    assert changed(alice) == "Not known, no distance noted this week"


def test_change_tells_that_a_distance_is_lacking(alice: User) -> None:
    for _ in range(2):
        make_run(alice, days_ago(7))
        make_run(alice)
    make_run(alice, distance_m=None)

    assert changed(alice) == "Same distance as last week by now, of runs with a distance"


def test_change_of_nothing_is_the_same_distance(alice: User) -> None:
    make_run(alice, days_ago(7))
    make_run(alice)

    assert changed(alice) == "Same distance as last week by now"


def test_biggest_week_is_looked_for_in_a_year_not_in_the_weeks_shown(alice: User) -> None:
    for weeks in range(1, 56):
        make_run(alice, days_ago(7 * weeks), distance_m=9_000)
    make_run(alice, days_ago(7 * 54), distance_m=90_000)  # too long ago
    make_run(alice, days_ago(7 * 30), distance_m=41_000)

    assert f"The week of 27 Apr was the biggest in a year: 50.0{NB}km" in records_of(alice)


def test_biggest_week_of_a_short_log_is_since_the_first_log(alice: User) -> None:
    make_run(alice, days_ago(7), distance_m=9_000)
    make_run(alice, distance_m=12_000)

    expected = f"This week is already the biggest since your first log: 12.0{NB}km"
    assert expected in records_of(alice)


def test_biggest_week_is_one_that_is_known(alice: User) -> None:
    make_run(alice, days_ago(70), distance_m=42_000)  # alone in a silence of months
    for weeks in (3, 2, 1):
        make_run(alice, days_ago(7 * weeks), distance_m=10_000 + weeks)

    expected = f"The week of 2 Nov was the biggest known in a year: 10.0{NB}km"
    assert expected in records_of(alice)


def test_biggest_week_is_not_named_where_there_is_only_one(alice: User) -> None:
    make_run(alice)

    assert not any("biggest" in record for record in records_of(alice))


def test_longest_run_is_of_the_weeks_shown(alice: User) -> None:
    make_run(alice, days_ago(100), distance_m=42_000)
    make_run(alice, days_ago(8), distance_m=21_000)

    assert records_of(alice) == [f"Longest run of these 12 weeks: 21.0{NB}km, Sun{NB}15{NB}Nov"]


def test_records_stand_below(as_alice: Client, alice: User) -> None:
    make_run(alice)

    assert f"Longest run of these 12 weeks: 10.0{NB}km, Mon{NB}23{NB}Nov." in trends_page(as_alice)


@pytest.mark.parametrize(
    ("change", "figure", "words"),
    [
        (2.4, "+2", "up 2"),
        (-0.5, "−1", "down 1"),
        (0.4, "±0", "about the same"),
        (0, "±0", "about the same"),
        (None, "–", "not enough logged to compare"),
    ],
)
def test_change_of_an_area_reads_as_figure_and_as_words(
    change: float | None, figure: str, words: str
) -> None:
    assert (change_figure(change), str(change_words(change))) == (figure, words)


def test_weeks_shown_across_a_year_say_both_years(alice: User) -> None:
    trends = trends_of(alice, 8, today=dt.date(2027, 1, 6))

    assert str(weeks_shown(trends)) == "16 Nov 2026 – 6 Jan 2027"


# Pictures.


def test_chart_line_breaks_where_a_week_is_unknown(alice: User) -> None:
    for ago in (14, 21, 35, 42, 49):
        make_soreness(alice, days_ago(ago))
    trends = trends_of(alice, 8, today=TODAY)

    phone, _ = draw(trends, "distance", trends.place(("hamstring", "left")), "km").pictures

    assert [len(points.split()) for points in phone.lines] == [3, 2]
    assert len(phone.dots) == 5


def test_chart_has_no_bar_where_load_is_unknown_and_none_for_rest(alice: User) -> None:
    make_run(alice, days_ago(14), effort=None)
    make_run(alice, days_ago(7), effort=5)
    trends = trends_of(alice, 8, today=TODAY)

    chart = draw(trends, "load", None, "km")

    heights = [column.height for column in chart.pictures[0].columns[-3:]]
    assert heights[0] is None
    assert heights[1] == round(0.86 * PHONE.plot_height, 1)
    assert heights[2] == 0
    assert str(chart.keys) == "Hatched: not known."


@pytest.mark.parametrize(
    ("weeks", "phone_figures", "wide_figures"), [(8, 8, 8), (12, 12, 12), (26, 1, 26), (52, 1, 1)]
)
def test_chart_writes_figures_while_they_fit(
    alice: User, weeks: int, phone_figures: int, wide_figures: int
) -> None:
    for ago in range(weeks):
        make_run(alice, days_ago(ago * 7), distance_m=30_000 + ago * 100)

    pictures = draw(trends_of(alice, weeks, today=TODAY), "distance", None, "km").pictures

    figures = [sum(bool(column.figure) for column in picture.columns) for picture in pictures]
    assert figures == [phone_figures, wide_figures]


@pytest.mark.parametrize("weeks", [8, 12, 26, 52])
def test_chart_stays_within_its_frame_and_names_this_week(alice: User, weeks: int) -> None:
    make_run(alice)
    make_soreness(alice, intensity=10)

    trends = trends_of(alice, weeks, today=TODAY)
    pictures = draw(trends, "distance", trends.marked[0], "km").pictures

    for format, picture in zip((PHONE, WIDE), pictures, strict=True):
        assert picture.columns[-1].left + picture.columns[-1].width <= format.plot_width + 0.2
        assert picture.dots[-1].y == format.top
        assert picture.columns[-1].day in ("23", "")
        assert picture.months[-1][0] == ("Nov" if weeks < 52 or format is WIDE else "Oct")


@pytest.mark.parametrize(
    ("weeks", "phone", "wide"),
    [
        (8, "Oct Nov", "Oct Nov"),
        (12, "Sep Oct Nov", "Sep Oct Nov"),
        (26, "Jun Jul Aug Sep Oct Nov", "Jun Jul Aug Sep Oct Nov"),
        (52, "Dec Feb Apr Jun Aug Oct", "Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov"),
    ],
)
def test_chart_names_months_as_far_as_there_is_room(
    alice: User, weeks: int, phone: str, wide: str
) -> None:
    make_run(alice)

    pictures = draw(trends_of(alice, weeks, today=TODAY), "distance", None, "km").pictures

    assert [" ".join(name for name, _ in picture.months) for picture in pictures] == [phone, wide]


def test_chart_names_no_month_of_one_week_before_another(alice: User) -> None:
    """Of 12 weeks until 19 November the first begins on 31 August."""
    make_run(alice)

    trends = trends_of(alice, 12, today=dt.date(2026, 11, 19))
    pictures = draw(trends, "distance", None, "km").pictures

    assert [name for name, _ in pictures[0].months] == ["Sep", "Oct", "Nov"]
    assert [(month.name, month.weeks) for month in heat_map.months(trends)] == [
        ("", 1),
        ("Sep", 4),
        ("Oct", 4),
        ("Nov", 3),
    ]


def test_heat_map_names_the_newest_month_of_one_week(alice: User) -> None:
    months = heat_map.months(trends_of(alice, 8, today=dt.date(2026, 11, 3)))

    assert [(month.name, month.weeks, month.is_alone) for month in months][-1] == ("Nov", 1, True)


# The start of a plan, which the standing tells.


def start_plan(runner: User, day: dt.date) -> None:
    make_plan(runner, day)
    standing.renew([runner])


def test_start_of_the_plan_is_marked_in_chart_table_areas_and_bodies(
    as_alice: Client, alice: User
) -> None:
    make_run(alice)
    make_soreness(alice, days_ago(1))
    start_plan(alice, days_ago(10))  # Friday 13 November

    html = trends_page(as_alice, "?weeks=8")

    assert html.count(">Plan, 13 Nov</text>") == 2
    assert "The plan began on Fri 13 Nov." in html
    assert "9–15 Nov 2026 <span>plan starts Fri 13 Nov</span>" in html
    assert "plan starts, 13 Nov" in html
    assert re.findall(r'<td class="s\w( planned)?">', html)[5:7] == [" planned", ""]


def test_start_of_the_plan_stands_at_its_day(alice: User) -> None:
    make_run(alice)
    trends = trends_of(alice, 8, today=TODAY, plan_started=days_ago(10))

    for format, picture in zip(
        (PHONE, WIDE), draw(trends, "distance", None, "km").pictures, strict=True
    ):
        assert picture.plan is not None
        pitch = format.plot_width / 8
        assert picture.plan.x == pytest.approx((5 + 4 / 7) * pitch, abs=0.1)


@pytest.mark.parametrize("ago", [57, 400])
def test_start_of_a_plan_before_these_weeks_is_not_marked(alice: User, ago: int) -> None:
    trends = trends_of(alice, 8, today=TODAY, plan_started=days_ago(ago))

    assert trends.plan_week is None
    assert draw(trends, "distance", None, "km").pictures[0].plan is None


def test_without_a_plan_nothing_is_marked(as_alice: Client, alice: User) -> None:
    make_soreness(alice)
    standing.renew([alice])

    html = trends_page(as_alice)

    assert "plan" not in html[html.index('id="weeks"') : html.index("</main>")].lower()


# The body map week by week.


def test_bodies_show_the_highest_of_each_week_sorest_first(alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=4)
    make_soreness(alice, days_ago(2), intensity=2)
    make_soreness(alice, days_ago(2), area="ankle", side="right", intensity=9)

    drawn = bodies.draw(trends_of(alice, 8, today=TODAY))

    assert drawn is not None
    last_week = drawn.weeks[0]
    assert [(mark.place.name, mark.highest, mark.level) for mark in last_week.marks] == [
        ("right ankle", 9, 5),
        ("left hamstring", 4, 2),
    ]
    assert [len(mark.shapes) for mark in last_week.marks] == [2, 1]  # ankles on back and front


def test_bodies_begin_with_the_first_check_in_and_show_gaps(alice: User) -> None:
    make_soreness(alice, days_ago(21))
    make_check_in(alice, days_ago(7))
    make_check_in(alice, partial=True)

    drawn = bodies.draw(trends_of(alice, 12, today=TODAY))

    assert drawn is not None
    assert [body.is_known for body in drawn.weeks] == [True, False, True, False]
    assert drawn.has_unknown


def test_bodies_have_words_beside_each_picture(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(14), intensity=6)
    make_soreness(alice, days_ago(14), area="low_back", side="centre", intensity=3)
    make_check_in(alice)

    html = trends_page(as_alice)

    shown = html[html.index('<ol class="bodies">') : html.index("</ol>")]
    assert re.findall(r'<b>(.*?)</b>\s*<span class="sr">\s*(.*?)\s*</span>', shown) == [
        ("9 Nov", "left hamstring 6, low back 3"),
        ("16 Nov", "not logged"),
        ("23 Nov", "nothing marked"),
    ]
    assert shown.count('class="unknown"') == 1


def test_bodies_use_shapes_that_are_there_once(as_alice: Client, alice: User) -> None:
    for ago in (0, 7, 14):
        make_soreness(alice, days_ago(ago))
        make_soreness(alice, days_ago(ago), area="foot", side="right")

    html = trends_page(as_alice)

    used = set(re.findall(r'<use class="\w+" href="#([\w-]+)"', html))
    assert used == {"body", "back-hamstring-left", "back-foot-right", "front-foot-right"}
    for shape in used:
        assert html.count(f'id="{shape}"') == 1


def test_bodies_are_left_out_where_nothing_was_marked(as_alice: Client, alice: User) -> None:
    make_check_in(alice)

    assert "week by week" not in trends_page(as_alice)


def test_chart_table_says_how_much_of_the_load_is_known(as_alice: Client, alice: User) -> None:
    for effort in (3, 5, 7, None, None):
        make_run(alice, effort=effort)

    assert "750 from 3 of 5 runs" in trends_page(as_alice)


def test_heat_map_shows_unknown_weeks_as_a_dot(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(14), intensity=6)

    html = trends_page(as_alice, "?weeks=8")

    heat_map = html[html.index('<table class="heat') :]
    assert heat_map.count('<span class="sr">not logged</span>') == 7
    assert '<td class="s3">6</td>' in heat_map


@pytest.mark.parametrize(
    ("measure", "cell"), [("mean", ("3", 2)), ("highest", ("6", 3)), ("days", ("1/2", 3))]
)
def test_heat_map_shows_mean_highest_or_days(
    alice: User, measure: str, cell: tuple[str, int]
) -> None:
    make_soreness(alice, days_ago(2), intensity=6)
    make_check_in(alice, days_ago(1))

    [line] = lines(trends_of(alice, 8, today=TODAY), measure)

    assert (line.cells[-2].figure + line.cells[-2].of, line.cells[-2].level) == cell
    assert line.cells[-1].level is None


# The same figures as CSV.


def test_csv_has_the_figures_of_the_page_each_of_them_once(as_alice: Client, alice: User) -> None:
    make_run(alice, days_ago(7), distance_m=10_000, duration_s=3_000, effort=6)
    make_run(alice, days_ago(7), distance_m=None, duration_s=600)
    make_soreness(alice, days_ago(7), intensity=6)
    make_check_in(alice, days_ago(6))

    rows = csv_rows(as_alice, "?weeks=8")

    week, area = [row for row in rows if row["week_start"] == "2026-11-16"]
    assert {name: value for name, value in week.items() if value} == {
        "row": "week",
        "week_start": "2026-11-16",
        "week_end": "2026-11-22",
        "complete": "yes",
        "runs": "2",
        "distance_km": "10.00",
        "runs_with_distance": "1",
        "duration_min": "60.0",
        "load": "300",
        "runs_with_effort": "1",
        "days_checked_in": "2",
    }
    assert {name: value for name, value in area.items() if value} == {
        "row": "area",
        "week_start": "2026-11-16",
        "week_end": "2026-11-22",
        "complete": "yes",
        "area": "hamstring",
        "side": "left",
        "mean_peak": "3.00",
        "highest_peak": "6",
        "days_marked": "1",
        "days_checked_in": "2",
    }


def test_csv_leaves_unknown_cells_empty(as_alice: Client, alice: User) -> None:
    make_soreness(alice)

    first, area, *_ = csv_rows(as_alice)

    assert (first["week_start"], first["runs"], first["distance_km"]) == ("2026-09-07", "", "")
    assert (area["mean_peak"], area["days_checked_in"]) == ("", "0")


def test_csv_is_named_after_its_days_and_uses_the_units_of_the_runner(
    as_alice: Client, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(units="mi")
    make_run(alice, distance_m=16_093)

    response = as_alice.get("/trends/weeks.csv?weeks=8")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == (
        'attachment; filename="limber-weeks-2026-10-05-to-2026-11-23.csv"'
    )
    assert csv_rows(as_alice)[-1]["distance_mi"] == "10.00"


def test_csv_holds_no_words_of_the_runner(as_alice: Client, alice: User) -> None:
    make_run(alice, note="=cmd()")
    make_soreness(alice, note="=cmd()")

    cells = [cell for row in csv_rows(as_alice) for cell in row.values() if cell]

    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", cell) for cell in cells)


def test_csv_of_hostile_weeks_is_of_the_usual_ones(as_alice: Client) -> None:
    assert len(csv_rows(as_alice, "?weeks=9999")) == 12


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 60])
def test_csv_takes_three_queries(
    as_alice: Client, alice: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for ago in range(rows):
        make_run(alice, days_ago(ago * 6))
        make_soreness(alice, days_ago(ago * 6))

    with django_assert_num_queries(3):
        as_alice.get("/trends/weeks.csv?weeks=52")
