import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from runners import standing
from runners.coaching.roster.rows import change, distance, last_log, picture
from runners.models import AccessRecord, AthletePage, CoachLink, SharedStanding, User
from runners.models.standing import StandingLevel
from tests.factories import (
    TODAY,
    days_ago,
    in_words,
    make_check_in,
    make_link,
    make_run,
    make_soreness,
    make_user,
)
from tests.pages import folded

HTMX = {"HX-Request": "true"}
USUAL = "runs soreness guidance"


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    """A browser that Bob, a coach, is signed in to, at noon of `TODAY`."""
    client.force_login(bob)
    return client


def make_athlete(
    coach: User,
    name: str,
    level: StandingLevel | None = StandingLevel.ON_TRACK,
    *,
    shares: str = USUAL,
    team: str = "",
    **line: Any,
) -> CoachLink:
    """An athlete of the coach with a line of the roster that holds for the rest of the week."""
    number = User.objects.count()
    athlete = make_user(name, email=f"athlete{number}@example.org")
    link = make_link(coach, athlete, shares)
    if team:
        link.team, _ = coach.teams.get_or_create(name=team)
        link.save(update_fields=["team"])
    line.setdefault("fresh_until", timezone.now() + dt.timedelta(days=6))
    line.setdefault("made_with", standing.made_with())
    line.setdefault("headline", f"What there is about {name}")
    line.setdefault("as_of", TODAY)
    line |= {name: in_words(line[name]) for name in ("headline", "reason") if name in line}
    SharedStanding.objects.create(link=link, level=level, **line)
    return link


def make_many(coach: User, number: int, name: str = "Athlete {}") -> None:
    athletes = User.objects.bulk_create(
        User(email=f"many{i}@example.org", name=name.format(i), welcomed_at=timezone.now())
        for i in range(number)
    )
    links = CoachLink.objects.bulk_create(
        CoachLink(
            coach=coach,
            athlete=one,
            runs=True,
            soreness=True,
            guidance=True,
            confirmed_at=timezone.now(),
        )
        for one in athletes
    )
    SharedStanding.objects.bulk_create(
        SharedStanding(
            link=link,
            level=StandingLevel.values[i % len(StandingLevel)],
            headline=in_words("Left hamstring keeps coming back"),
            peaks=[None, *range(11)],
            distance_m=40_000,
            change=4,
            last_log=TODAY,
            as_of=TODAY,
            fresh_until=timezone.now() + dt.timedelta(days=6),
            made_with=standing.made_with(),
        )
        for i, link in enumerate(links)
    )


def ask(client: Client, **asked: object) -> Any:
    return client.get(f"/athletes/?{urlencode(asked)}")


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["page"].rows]


def cells(response: Any, athlete: User) -> dict[str, str]:
    """The text of an athlete's line, by the class of the cell."""
    page = response.content.decode()
    line = next(row for row in page.split("<tr>") if f'id="athlete-{athlete.pk}"' in row)
    found = re.findall(r'<td class="(\w+)">(.*?)</td>', line, re.DOTALL)
    return {name: re.sub(r"<[^>]+>", " ", cell).strip() for name, cell in found}


# Order


def test_those_who_need_a_look_come_first(as_bob: Client, bob: User) -> None:
    for level in (20, 80, 10, 50, 0, 70, 30, 60, 40):
        make_athlete(bob, f"Level {level}", StandingLevel(level))
    make_athlete(bob, "A link without a line", None, shares="")

    shown = names(as_bob.get("/athletes/"))

    levels = [80, 70, 60, 50, 40, 30, 20, 10, 0]
    assert shown == [*(f"Level {level}" for level in levels), "A link without a line"]


def test_equal_need_goes_by_name(as_bob: Client, bob: User) -> None:
    for name in ("cleo", "Bo", "Ada"):
        make_athlete(bob, name, StandingLevel.QUIET)

    assert names(as_bob.get("/athletes/")) == ["Ada", "Bo", "cleo"]


def test_a_to_z_knows_accents_and_case(as_bob: Client, bob: User) -> None:
    for name in ("Zoe", "émile", "Øyvind", "Eve", "Peter"):
        make_athlete(bob, name)

    assert names(ask(as_bob, sort="name")) == ["émile", "Eve", "Øyvind", "Peter", "Zoe"]


def test_teams_stand_together_with_their_name_above(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada", StandingLevel.URGENT)
    make_athlete(bob, "Bo", StandingLevel.QUIET, team="track")
    make_athlete(bob, "Cleo", StandingLevel.RECURRING, team="track")
    make_athlete(bob, "Dan", StandingLevel.QUIET, team="Marathon")

    page = ask(as_bob, sort="team")

    rows = [(row.group, row.name) for row in page.context["page"].rows]
    assert rows == [("Marathon", "Dan"), ("track", "Cleo"), ("", "Bo"), ("No team", "Ada")]


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("week", ["Far", "Near", "Unknown"]),
        ("change", ["Near", "Far", "Unknown"]),
        ("log", ["Near", "Far", "Unknown"]),
    ],
)
def test_a_column_can_be_sorted_by(as_bob: Client, bob: User, sort: str, shown: list[str]) -> None:
    make_athlete(bob, "Unknown", distance_m=None, change=None, last_log=None)
    make_athlete(bob, "Near", distance_m=5_000, change=60, last_log=days_ago(3))
    make_athlete(bob, "Far", distance_m=50_000, change=-60, last_log=TODAY)

    assert names(ask(as_bob, sort=sort)) == shown


# What a line says


def test_a_line_says_why_and_how_much(as_bob: Client, bob: User) -> None:
    link = make_athlete(
        bob,
        "Ana Mori",
        StandingLevel.RECURRING,
        team="Track",
        headline="Left hamstring keeps coming back",
        peaks=[None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        distance_m=41_234,
        change=18,
        last_log=days_ago(1),
    )

    page = as_bob.get("/athletes/")

    assert cells(page, link.athlete) == {
        "why": "recurring  Left hamstring keeps coming back",
        "picture": "",
        "week": "41\u00a0km",
        "change": "+18\u00a0%",
        "log": "yesterday",
    }
    shown = page.content.decode()
    assert f'href="/athletes/{link.athlete_id}/">Ana Mori</a><span class="team">Track' in shown
    assert "Highest spot by week, oldest first: unknown, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10" in shown


def test_the_reason_stands_beside_the_headline_where_both_fit(as_bob: Client, bob: User) -> None:
    short = make_athlete(bob, "Ada", headline="Be seen this week", reason="Pain above 5")
    long = make_athlete(bob, "Bo", headline="It keeps coming back", reason="On many days " * 6)

    page = as_bob.get("/athletes/")

    assert cells(page, short.athlete)["why"].endswith("Be seen this week · Pain above 5")
    assert cells(page, long.athlete)["why"].endswith("It keeps coming back")


def test_distances_are_in_the_units_of_the_coach(as_bob: Client, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(units="mi")
    link = make_athlete(bob, "Ada", distance_m=41_234)

    assert cells(as_bob.get("/athletes/"), link.athlete)["week"] == "26\u00a0mi"


def test_last_log_is_counted_in_the_days_of_the_athlete(as_bob: Client, bob: User) -> None:
    link = make_athlete(bob, "Ada", last_log=TODAY)
    User.objects.filter(pk=link.athlete_id).update(time_zone="Pacific/Kiritimati")  # tomorrow there

    assert cells(as_bob.get("/athletes/"), link.athlete)["log"] == "yesterday"


def test_names_and_reasons_are_escaped(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "<b>Ada</b> & Co", headline="Sore <i>calf</i>", team="<u>Track</u>")

    page = as_bob.get("/athletes/").content.decode()

    assert "&lt;b&gt;Ada&lt;/b&gt; &amp; Co" in page
    assert "Sore &lt;i&gt;calf&lt;/i&gt;" in page
    assert not {"<b>Ada", "<i>calf", "<u>Track"} & set(re.findall(r"<\w>\w+", page))


@pytest.mark.parametrize(
    ("shares", "shown"),
    [
        ("", {"picture", "week", "log"}),
        ("soreness", {"week"}),
        ("runs", {"picture"}),
        ("guidance", {"picture", "week", "log"}),
    ],
)
def test_what_is_not_shared_says_so(
    as_bob: Client, bob: User, shares: str, shown: set[str]
) -> None:
    link = make_athlete(
        bob,
        "Ada",
        shares=shares,
        peaks=[3] * 12,
        distance_m=41_000,
        change=18,
        last_log=TODAY,
    )

    line = cells(as_bob.get("/athletes/"), link.athlete)

    assert {name for name, text in line.items() if text == "Not shared"} == shown
    assert line["change"] == ("+18\u00a0%" if "runs" in shares else "—")


def test_a_line_without_anything_shared_tells_nothing(as_bob: Client, bob: User) -> None:
    """Also where an old one is still there, because the switches were changed a moment ago."""
    link = make_athlete(bob, "Ada", StandingLevel.URGENT, shares="", headline="Get care today")

    assert cells(as_bob.get("/athletes/"), link.athlete)["why"] == (
        "not shared  Nothing is shared with you."
    )


def test_what_was_shared_until_yesterday_is_not_shown(as_bob: Client, bob: User) -> None:
    link = make_athlete(bob, "Ada", peaks=[9] * 12)
    CoachLink.objects.update(soreness_until=days_ago(1))

    assert cells(as_bob.get("/athletes/"), link.athlete)["picture"] == "Not shared"


def test_an_old_line_is_not_shown_when_less_is_shared_and_renewing_fails(
    as_bob: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = make_athlete(bob, "Ada", shares="runs", headline="Sore calf", fresh_until=None)
    same = make_athlete(bob, "Bo", headline="Sore shin", fresh_until=None)
    monkeypatch.setattr(standing, "renew_before_a_look", lambda coach: 0)

    page = as_bob.get("/athletes/")

    assert cells(page, less.athlete)["why"].startswith("not known")
    assert cells(page, same.athlete)["why"].endswith("Sore shin")


@pytest.mark.parametrize(
    ("metres", "units", "shown"),
    [(None, "km", "—"), (0, "km", "0\u00a0km"), (7_440, "km", "7.4\u00a0km"),
     (9_960, "km", "10.0\u00a0km"), (10_400, "km", "10\u00a0km"), (41_234, "mi", "26\u00a0mi")],
)  # fmt: skip
def test_distance(metres: int | None, units: str, shown: str) -> None:
    assert distance(metres, units) == shown


@pytest.mark.parametrize(
    ("percent", "shown"), [(None, "—"), (0, "0\u00a0%"), (18, "+18\u00a0%"), (-12, "−12\u00a0%")]
)
def test_change(percent: int | None, shown: str) -> None:
    assert change(percent) == shown


@pytest.mark.parametrize(
    ("ago", "shown"), [(-1, "today"), (0, "today"), (1, "yesterday"), (9, "9 days ago")]
)
def test_last_log(ago: int, shown: str) -> None:
    assert last_log(days_ago(ago), TODAY) == shown


def test_picture_without_anything_known_says_so() -> None:
    assert 'aria-label="Nothing known of 12 weeks"' in picture((None,) * 12)


def test_picture_has_a_bar_for_each_week() -> None:
    drawn = picture((None, 0, 4, 10))

    assert [css for css in ("gap", "s0", "s2", "s5") if f'class="{css}"' in drawn] == [
        "gap",
        "s0",
        "s2",
        "s5",
    ]
    assert drawn.count("M") == 4
    assert "style=" not in drawn


# Head


@pytest.mark.parametrize(
    ("levels", "line"),
    [
        ([40, 70, 30], "3 athletes · 2 need a look today"),
        ([40], "1 athlete · 1 needs a look today"),
        ([30, 20], "2 athletes · nobody needs a look today"),
    ],
)
def test_head_counts(as_bob: Client, bob: User, levels: list[int], line: str) -> None:
    for level in levels:
        make_athlete(bob, f"Level {level}", StandingLevel(level))

    assert line in folded(as_bob.get("/athletes/").content.decode())


def test_without_athletes_it_leads_to_the_invitations(as_bob: Client) -> None:
    page = as_bob.get("/athletes/").content.decode()

    assert "No athletes yet" in page
    assert 'class="button" href="/invitations/"' in page
    assert '<form method="get"' not in page


# Search and filter


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("siobhan", ["Siobhán O’Rourke"]),
        ("MORI ana", ["Ana Mori"]),
        ("ana", ["Ana Mori", "Oriana Vega"]),
        ("ana vega", ["Oriana Vega"]),
        ("%", []),
        ("_", []),
        ("o'r", []),
        ("' OR 1=1 --", []),
        ("\\", []),
        ("\u202e", []),
    ],
)
def test_search_by_name(as_bob: Client, bob: User, words: str, shown: list[str]) -> None:
    for name in ("Ana Mori", "Oriana Vega", "Siobhán O’Rourke"):
        make_athlete(bob, name)

    page = ask(as_bob, q=words)

    assert (page.status_code, names(page)) == (200, shown)


@pytest.mark.parametrize("words", ["x" * 81, "a\0b"])
def test_a_search_that_is_no_name_is_refused(as_bob: Client, bob: User, words: str) -> None:
    make_athlete(bob, "Ada")

    page = ask(as_bob, q=words)

    assert page.status_code == 422
    assert "That cannot be asked for" in page.content.decode()


def test_who_does_not_match_is_said_with_a_way_back(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada")

    page = ask(as_bob, q="zz", sort="name").content.decode()

    assert "Nobody matches" in page
    assert 'href="/athletes/?sort=name">Show everybody' in page
    assert 'value="zz"' in page


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("look", ["Ada", "Bo"]),
        ("40", ["Bo"]),
        ("none", ["Dan"]),
        ("", ["Ada", "Bo", "Cleo", "Dan"]),
    ],
)
def test_filter_by_level(as_bob: Client, bob: User, level: str, shown: list[str]) -> None:
    make_athlete(bob, "Ada", StandingLevel.SEE_CLINICIAN)
    make_athlete(bob, "Bo", StandingLevel.RECURRING)
    make_athlete(bob, "Cleo", StandingLevel.LOAD_JUMP)
    make_athlete(bob, "Dan", None, shares="")

    assert names(ask(as_bob, level=level)) == shown


def test_filter_by_team(as_bob: Client, bob: User) -> None:
    track = make_athlete(bob, "Ada", team="Track").team
    make_athlete(bob, "Bo")
    assert track is not None

    page = ask(as_bob, team=track.pk)

    assert names(page) == ["Ada"]
    assert "1 of 2 athletes" in page.content.decode()
    assert names(ask(as_bob, team="none")) == ["Bo"]


def test_filters_work_together(as_bob: Client, bob: User) -> None:
    track = make_athlete(bob, "Ada", StandingLevel.QUIET, team="Track").team
    make_athlete(bob, "Adam", StandingLevel.QUIET)
    make_athlete(bob, "Adele", StandingLevel.URGENT, team="Track")
    assert track is not None

    assert names(ask(as_bob, q="ad", level=20, team=track.pk)) == ["Ada"]


@pytest.mark.parametrize("asked", [{"level": "7"}, {"sort": "email"}, {"team": "-1"}])
def test_what_cannot_be_asked_for_is_refused(
    as_bob: Client, bob: User, asked: dict[str, str]
) -> None:
    make_athlete(bob, "Ada")

    assert ask(as_bob, **asked).status_code == 422


def test_the_team_of_another_coach_cannot_be_asked_for(
    as_bob: Client, bob: User, carol: User
) -> None:
    make_athlete(bob, "Ada")

    assert ask(as_bob, team=carol.teams.create(name="Secret").pk).status_code == 422


# Pages


@pytest.mark.slow
def test_fifty_a_page_without_a_name_twice(as_bob: Client, bob: User) -> None:
    make_many(bob, 101, name="Sam Smith")

    pages = [ask(as_bob, page=number).context["page"] for number in (1, 2, 3)]

    assert [len(page.rows) for page in pages] == [50, 50, 1]
    assert len({row.athlete_id for page in pages for row in page.rows}) == 101
    second = pages[1].shown
    assert (second.start_index(), second.end_index(), second.paginator.count) == (51, 100, 101)


@pytest.mark.parametrize(("asked", "number"), [("0", 3), ("4", 3), ("9" * 30, 3), ("x", 1)])
def test_a_page_that_is_not_there(as_bob: Client, bob: User, asked: str, number: int) -> None:
    make_many(bob, 101)

    assert ask(as_bob, page=asked).context["page"].shown.number == number


@pytest.mark.slow
def test_pages_keep_what_was_asked_for(as_bob: Client, bob: User) -> None:
    make_many(bob, 120)

    page = ask(as_bob, q="athlete", sort="name", page=2).content.decode()

    assert 'href="/athletes/?q=athlete&amp;sort=name&amp;page=3"' in page
    assert 'href="/athletes/?q=athlete&amp;sort=name&amp;page=1"' in page


# Whose athletes


def test_only_ones_own_and_present_athletes_are_shown(
    as_bob: Client, bob: User, carol: User
) -> None:
    make_athlete(bob, "Ada")
    make_athlete(carol, "Of Carol", StandingLevel.URGENT)
    ended = make_athlete(bob, "Former", StandingLevel.URGENT)
    CoachLink.objects.filter(pk=ended.pk).update(ended_at=timezone.now(), ended_by=bob)

    page = as_bob.get("/athletes/")

    assert names(page) == ["Ada"]
    assert "1 athlete · nobody needs a look today" in page.content.decode()


def test_a_coach_who_is_coached_keeps_both_sides_apart(
    as_bob: Client, bob: User, carol: User
) -> None:
    make_athlete(bob, "Ada")
    make_link(carol, bob, USUAL)
    make_soreness(bob, intensity=8)

    page = as_bob.get("/athletes/").content.decode()

    assert "Carol" not in page
    assert f'id="athlete-{bob.pk}"' not in page


# The fragment, and how it updates itself


def test_fragment_is_the_list_alone(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada")

    fragment = as_bob.get("/athletes/", headers=HTMX).content.decode()

    assert "<h1" not in fragment
    assert "Ada" in fragment
    assert 'id="roster-count" hx-swap-oob="true"' in fragment


@pytest.mark.slow
def test_the_update_asks_for_what_is_shown(as_bob: Client, bob: User) -> None:
    make_many(bob, 101)

    for headers in ({}, HTMX):
        page = as_bob.get("/athletes/?sort=name&q=ath&page=2", headers=headers).content.decode()

        again = re.search(r'<div id="again" hidden hx-get="([^"]+)"', page)
        assert again is not None
        assert again[1] == "/athletes/?q=ath&amp;sort=name&amp;page=2"


def test_the_search_box_is_not_part_of_the_fragment(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada")

    assert 'name="q"' not in as_bob.get("/athletes/", headers=HTMX).content.decode()


def test_a_fragment_that_has_not_changed_is_not_sent_again(as_bob: Client, bob: User) -> None:
    link = make_athlete(bob, "Ada")
    etag = as_bob.get("/athletes/", headers=HTMX)["ETag"]
    headers = {**HTMX, "If-None-Match": etag}

    same = as_bob.get("/athletes/", headers=headers)
    SharedStanding.objects.filter(link=link).update(headline=in_words("Sore calf"))
    other = as_bob.get("/athletes/", headers=headers)

    assert (same.status_code, other.status_code) == (304, 200)


# Seen by


def looks() -> list[tuple[str, dt.date]]:
    rows = AccessRecord.objects.filter(page=AthletePage.ROSTER).order_by("athlete__name", "day")
    return list(rows.values_list("athlete__name", "day"))


def test_those_who_share_anything_find_that_they_were_seen(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada")
    make_athlete(bob, "Bo", None, shares="")

    as_bob.get("/athletes/")
    as_bob.get("/athletes/", headers=HTMX)

    assert looks() == [("Ada", TODAY)]


def test_who_is_not_on_the_page_was_not_seen(as_bob: Client, bob: User) -> None:
    make_athlete(bob, "Ada")
    make_athlete(bob, "Bo")

    ask(as_bob, q="ada")

    assert looks() == [("Ada", TODAY)]


def test_a_page_left_open_is_written_down_now_and_then(
    as_bob: Client, bob: User, noon: time_machine.Traveller
) -> None:
    make_athlete(bob, "Ada")
    as_bob.get("/athletes/")
    first = AccessRecord.objects.get().last_at

    noon.shift(dt.timedelta(minutes=1))
    as_bob.get("/athletes/", headers=HTMX)
    a_minute_later = AccessRecord.objects.get().last_at
    noon.shift(dt.timedelta(minutes=10))
    as_bob.get("/athletes/", headers=HTMX)

    assert a_minute_later == first
    assert AccessRecord.objects.get().last_at > first


def test_a_page_open_over_midnight_is_a_look_on_both_days(
    as_bob: Client, bob: User, noon: time_machine.Traveller
) -> None:
    make_athlete(bob, "Ada")
    noon.move_to(dt.datetime(2026, 11, 23, 22, 59, tzinfo=dt.UTC))  # one minute to, in Vienna
    as_bob.get("/athletes/")

    noon.shift(dt.timedelta(minutes=2))
    as_bob.get("/athletes/", headers=HTMX)

    assert looks() == [("Ada", TODAY), ("Ada", TODAY + dt.timedelta(days=1))]


# How many queries


@pytest.mark.slow
@pytest.mark.parametrize("athletes", [5, 500])
def test_queries(
    as_bob: Client,
    bob: User,
    athletes: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_many(bob, athletes)

    with django_assert_num_queries(7):
        as_bob.get("/athletes/")
    with django_assert_num_queries(6):  # the look is written down already
        as_bob.get("/athletes/")


@pytest.mark.slow
@pytest.mark.parametrize("athletes", [5, 500])
@pytest.mark.parametrize("words", ["athlete", ""])
def test_queries_of_a_search(
    as_bob: Client,
    bob: User,
    words: str,
    athletes: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_many(bob, athletes)

    with django_assert_num_queries(9):
        ask(as_bob, q=words, level="look", team="none", sort="week")


@pytest.mark.slow
@pytest.mark.parametrize("stale", [2, 6])
def test_queries_with_stale_lines(
    as_bob: Client, bob: User, stale: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_many(bob, 20)
    for number in range(stale):
        link = make_athlete(bob, f"Stale {number}", fresh_until=None)
        make_soreness(link.athlete, days_ago(1))
        make_run(link.athlete)
        make_check_in(link.athlete, days_ago(2))

    # The stale ones in one for two, and the counts once more, as a level may be another one.
    with django_assert_num_queries(16):
        page = as_bob.get("/athletes/")

    assert names(page).count("Stale 1") == 1
    assert not SharedStanding.objects.filter(fresh_until=None).exists()


# Lines of an earlier day

A_DAY_OLD = dt.datetime(2026, 11, 22, 23, tzinfo=dt.UTC)


def renewed_of(links: list[CoachLink]) -> int:
    return SharedStanding.objects.filter(link__in=links, fresh_until__gt=timezone.now()).count()


def test_so_many_old_lines_are_renewed_at_a_look_and_the_rest_at_the_next(
    as_bob: Client, bob: User
) -> None:
    links = [
        make_athlete(bob, f"Old {number:02}", fresh_until=A_DAY_OLD, as_of=days_ago(1))
        for number in range(standing.AT_ONCE + 2)
    ]

    page = folded(as_bob.get("/athletes/").text)
    assert "2 lines still show an earlier day. They follow with the next updates." in page
    assert renewed_of(links) == standing.AT_ONCE

    assert "earlier day" not in as_bob.get("/athletes/").text
    assert renewed_of(links) == len(links)


def test_lines_of_a_change_are_all_renewed_before_it_sorts(as_bob: Client, bob: User) -> None:
    for number in range(standing.AT_ONCE):
        make_athlete(bob, f"Old {number:02}", fresh_until=A_DAY_OLD, as_of=days_ago(1))
    link = make_athlete(bob, "Zoe Zane", fresh_until=None)
    for ago in range(11):
        make_soreness(link.athlete, days_ago(ago), kind="pain")

    assert names(as_bob.get("/athletes/"))[0] == "Zoe Zane"


@pytest.mark.parametrize("shares", [USUAL, "runs"])
def test_an_old_line_is_shown_where_the_same_was_shared_on_its_day(
    as_bob: Client, bob: User, monkeypatch: pytest.MonkeyPatch, shares: str
) -> None:
    day_old: dict[str, Any] = {
        "fresh_until": A_DAY_OLD,
        "as_of": days_ago(1),
        "headline": "Sore calf",
    }
    link = make_athlete(bob, "Ada", shares=shares, **day_old)
    ended = make_athlete(bob, "Bo", shares="runs soreness", **day_old)
    CoachLink.objects.filter(pk=ended.pk).update(soreness_until=days_ago(1))
    monkeypatch.setattr(standing, "renew_before_a_look", lambda coach: 0)

    page = as_bob.get("/athletes/")

    assert cells(page, link.athlete)["why"].endswith("Sore calf")
    assert cells(page, ended.athlete)["why"].startswith("not known")


def test_the_table_has_the_day_of_each_line(
    as_bob: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_athlete(bob, "Ada")
    make_athlete(bob, "Bo", fresh_until=A_DAY_OLD, as_of=days_ago(1))
    monkeypatch.setattr(standing, "renew_before_a_look", lambda coach: 0)

    table = as_bob.get("/athletes/table.csv").getvalue().decode()

    assert re.findall(r"(\w+),,(2026-\d\d-\d\d),", table) == [
        ("Ada", "2026-11-23"),
        ("Bo", "2026-11-22"),
    ]
