"""The warning signs: what a tick says, what is left open, and how a sign ends."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from guidance.advice.advice import advise
from guidance.advice.open_flags import asked_flags
from guidance.models import Answer, FlagAnswer, Screen, ScreenResult
from guidance.questions.actions import note_answer
from runners.models import Consent, Standing, User
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_soreness
from tests.pages import folded

ADDRESS = "/guidance/warning-signs/"
CLOSE = ADDRESS + "close/"
GUIDANCE = "/guidance/"
NONE = {f"none_{group}": "on" for group in ("now", "legs", "spot", "pattern")}
EIGHTEEN = 18


def open_sign(runner: User, flag: str = "calf_swelling", ago: int = 0, **fields: str) -> FlagAnswer:
    screen = Screen.objects.create(
        runner=runner, result="some", day=days_ago(ago), named_at=dt.datetime.now(dt.UTC)
    )
    return FlagAnswer.objects.create(screen=screen, flag=f"flag:{flag}", yes=True, **fields)


def unnamed(runner: User) -> Screen:
    return Screen.objects.create(runner=runner, result="some", day=days_ago(1))


def answers(runner: User) -> dict[str, bool]:
    return dict(FlagAnswer.objects.of(runner).values_list("flag", "yes"))


def recurring(runner: User) -> None:
    """A left hamstring on every other day of four weeks, with runs: causes are named for it."""
    for ago in range(0, 28, 2):
        make_soreness(runner, days_ago(ago), intensity=5)
        make_soreness(runner, days_ago(ago), area="hip_flexor", intensity=4)
        make_run(runner, days_ago(ago + 1), effort=3)


# The screen


def test_screen_asks_all_signs_in_four_groups(as_alice: Client) -> None:
    page = folded(as_alice.get(ADDRESS).text)
    assert [sign.question in page for sign in asked_flags()] == [True] * EIGHTEEN
    assert page.count("None of these</span>") == 4 + 1  # one of them is of the bone question


def test_four_ticks_of_none_answer_all_with_no(as_alice: Client, alice: User) -> None:
    response = as_alice.post(ADDRESS, NONE)

    assert response["Location"] == GUIDANCE
    assert Screen.objects.get(runner=alice).result == ScreenResult.NONE
    assert answers(alice) == {sign.id: False for sign in asked_flags()}
    assert advise(alice, TODAY).screened_on == TODAY


def test_tick_is_a_yes_and_none_a_no_for_the_others_of_its_group(
    as_alice: Client, alice: User
) -> None:
    as_alice.post(ADDRESS, {"calf_swelling-yes": "on", "none_spot": "on"})

    assert Screen.objects.get(runner=alice).result == ScreenResult.SOME
    assert answers(alice) == {
        "flag:calf_swelling": True,
        "flag:sudden_pop": False,
        "flag:bruising_swelling": False,
        "flag:tight_numb_limb": False,
    }


def test_tick_alone_leaves_the_others_unanswered(as_alice: Client, alice: User) -> None:
    as_alice.post(ADDRESS, {"limp-yes": "on"})

    assert answers(alice) == {"flag:limp": True}
    assert advise(alice, TODAY).screened_on is None


def test_groups_left_open_are_named_and_not_taken_for_no(as_alice: Client, alice: User) -> None:
    response = as_alice.post(ADDRESS, {"none_now": "on", "none_legs": "on"}, follow=True)

    assert "Still open: “The spot itself” and “Bone, night and walking”." in response.text
    assert Screen.objects.get(runner=alice).result == ScreenResult.NONE
    assert len(answers(alice)) == 10
    assert {s.flag for s in advise(alice, TODAY).history.flag_answers} == set(answers(alice))
    assert advise(alice, TODAY).screened_on is None


def test_going_on_shows_the_groups_of_today_as_answered(as_alice: Client) -> None:
    as_alice.post(ADDRESS, {"none_now": "on"})

    page = folded(as_alice.get(ADDRESS).text)

    assert 'name="none_now" id="id_none_now" checked' in page
    assert 'name="none_legs" id="id_none_legs" checked' not in page


def test_answers_of_yesterday_are_not_filled_in(
    as_alice: Client, noon: time_machine.Traveller
) -> None:
    as_alice.post(ADDRESS, NONE)
    noon.shift(dt.timedelta(days=1))
    assert "checked" not in as_alice.get(ADDRESS).text


def test_screen_in_two_parts_answers_all(as_alice: Client, alice: User) -> None:
    as_alice.post(ADDRESS, {"none_now": "on", "none_legs": "on"})
    as_alice.post(ADDRESS, {"none_spot": "on", "none_pattern": "on"})
    assert advise(alice, TODAY).screened_on == TODAY


def test_yes_takes_since_when_and_where(as_alice: Client, alice: User) -> None:
    as_alice.post(
        ADDRESS,
        {
            "hop_pain-yes": "on",
            "hop_pain-since": "2026-11-20",
            "hop_pain-area": "shin",
            "bone_risk": ["past_stress_fracture", "under_eating"],
        },
    )

    sign = FlagAnswer.objects.of(alice).get()
    assert (sign.since, sign.area) == (days_ago(3), "shin")
    assert Answer.objects.get(runner=alice).value == ["past_stress_fracture", "under_eating"]


def test_what_was_said_of_the_bones_comes_ticked(as_alice: Client, alice: User) -> None:
    note_answer("ask:bone_risk", "under_eating", alice)  # one word, as version 1 kept it
    as_alice.post(ADDRESS, {"hop_pain-yes": "on"})
    page = as_alice.get(ADDRESS).text
    assert re.findall(r'<input[^>]* value="(\w+)"[^>]* checked>', page) == ["under_eating"]


def test_what_stands_beside_a_sign_without_a_tick_is_not_looked_at(
    as_alice: Client, alice: User
) -> None:
    sent = {"none_pattern": "on", "hop_pain-since": "2030-01-01", "hop_pain-area": "moon"}
    as_alice.post(ADDRESS, {**sent, "bone_risk": "under_eating"})

    assert set(answers(alice).values()) == {False}
    assert not Answer.objects.filter(runner=alice).exists()


def test_what_the_page_no_longer_shows_keeps_nobody_from_saving(
    as_alice: Client, alice: User
) -> None:
    as_alice.post(ADDRESS, {"none_pattern": "on", "bone_risk": ["none", "under_eating"]})
    assert set(answers(alice).values()) == {False}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Nothing is ticked yet"),
        ({"limp-since": "2026-11-20"}, "Nothing is ticked yet"),
        ({"limp-yes": "on", "limp-since": "2026-11-24"}, "That day has not come yet"),
        ({"limp-yes": "on", "limp-since": "0001-01-01"}, "That is too long ago"),
        ({"limp-yes": "on", "limp-since": "soon"}, "Write the day as year-month-day"),
        ({"hop_pain-yes": "on", "hop_pain-area": "moon"}, "Choose a place from the list"),
        ({"hop_pain-yes": "on", "bone_risk": "<b>"}, "Choose from the list"),
        ({"hop_pain-yes": "on", "bone_risk": ["none", "under_eating"]}, "Either none of these"),
    ],
)
def test_bad_input_saves_nothing(
    as_alice: Client, alice: User, sent: dict[str, str | list[str]], words: str
) -> None:
    response = as_alice.post(ADDRESS, sent)

    assert response.status_code == 422
    assert words in response.text
    assert not Screen.objects.filter(runner=alice).exists()


def test_bad_day_keeps_what_was_ticked(as_alice: Client) -> None:
    page = as_alice.post(
        ADDRESS, {"limp-yes": "on", "limp-since": "2026-12-01", "none_now": "on"}
    ).text
    assert 'id="id_limp-yes" checked' in page
    assert 'value="2026-12-01"' in page
    assert 'id="id_none_now" checked' in page


def test_the_same_form_twice_is_one_row(as_alice: Client, alice: User) -> None:
    sent = {**NONE, "limp-yes": "on", "limp-since": "2026-11-20"}
    for _ in range(2):
        as_alice.post(ADDRESS, sent)

    assert Screen.objects.filter(runner=alice).count() == 1
    assert FlagAnswer.objects.of(alice).count() == EIGHTEEN


def test_the_same_yes_after_a_mistake_is_a_new_one(as_alice: Client, alice: User) -> None:
    as_alice.post(ADDRESS, {"limp-yes": "on"})
    as_alice.post(CLOSE, {"sign": "flag:limp", "why": "mistake"})
    as_alice.post(ADDRESS, {"limp-yes": "on"})
    assert FlagAnswer.objects.of(alice).still_open().count() == 1


def test_without_consent_nothing_is_saved(as_alice: Client, alice: User) -> None:
    Consent.objects.all().delete()
    response = as_alice.post(ADDRESS, NONE)
    assert response["Location"] == "/settings/consent/"
    assert not Screen.objects.exists()


# What an answer leads to


@pytest.mark.slow
def test_urgent_sign_stands_first_and_stops_everything_else(as_alice: Client, alice: User) -> None:
    recurring(alice)
    as_alice.post(ADDRESS, NONE)
    before = as_alice.get(GUIDANCE).text
    assert 'class="causes"' in before
    assert 'id="plan"' in before

    page = as_alice.post(ADDRESS, {**NONE, "calf_swelling-yes": "on"}, follow=True).text

    assert "a blood clot must be ruled out" in page
    assert page.index("Get care today") < page.index('id="pattern"')
    assert 'class="causes"' not in page
    assert 'class="next"' not in page
    assert 'id="plan"' not in page


@pytest.mark.slow
def test_yes_is_not_asked_again_and_a_later_none_is_no_no_to_it(
    as_alice: Client, alice: User
) -> None:
    open_sign(alice, ago=1)

    assert 'name="calf_swelling-yes"' not in as_alice.get(ADDRESS).text
    as_alice.post(ADDRESS, NONE)

    assert FlagAnswer.objects.of(alice).filter(flag="flag:calf_swelling", yes=False).count() == 0
    assert advise(alice, TODAY).assessment.escalation == "escalate:urgent"
    assert advise(alice, TODAY).screened_on == TODAY


def test_yes_still_counts_after_a_year(as_alice: Client, alice: User) -> None:
    open_sign(alice, ago=400)
    assert "Get care today" in as_alice.get(GUIDANCE).text


def test_worst_sign_stands_first(as_alice: Client, alice: User) -> None:
    open_sign(alice, "numb_tingle")
    open_sign(alice, "dark_urine", ago=3)
    page = as_alice.get(GUIDANCE).text
    assert page.index("Urine like tea or cola") < page.index("Tingling or numbness in a leg")


def test_bony_point_counts_as_a_sign_until_it_is_answered_no(as_alice: Client, alice: User) -> None:
    Answer.objects.create(runner=alice, question="ask:spot", value="bony_point", day=TODAY)
    assert "You placed the pain on one point of a bone" in as_alice.get(GUIDANCE).text

    as_alice.post(ADDRESS, {"none_pattern": "on"})

    assert "You placed the pain" not in as_alice.get(GUIDANCE).text


def test_none_without_single_answers_is_a_no_to_each(alice: User, noon: None) -> None:
    Screen.objects.create(runner=alice, result="none", day=days_ago(13))
    assert advise(alice, TODAY).screened_on == days_ago(13)
    assert advise(alice, TODAY + dt.timedelta(days=1)).screened_on is None


@pytest.mark.parametrize(("pain_ago", "counts"), [(4, True), (3, True), (2, False)])
def test_no_counts_until_the_next_strong_pain(
    alice: User, noon: None, pain_ago: int, counts: bool
) -> None:
    Screen.objects.create(runner=alice, result="none", day=days_ago(3))
    make_soreness(alice, days_ago(pain_ago), kind="pain", intensity=6)
    assert (advise(alice, TODAY).screened_on is not None) == counts


# On every page


@pytest.fixture
def warned(
    as_alice: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Client:
    """Alice, after a yes to the calf."""
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(ADDRESS, {"calf_swelling-yes": "on"})
    return as_alice


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        "/today/",
        "/diary/",
        "/trends/",
        "/check-in/",
        "/runs/add/",
        "/settings/",
        "/guidance/library/",
        "/guidance/questions/",
        "/guidance/questions/spot/",
        "/privacy/",
        "/accounts/email/",
    ],
)
def test_open_sign_stands_on_top_of_every_page(warned: Client, address: str) -> None:
    page = warned.get(address).text
    sign = "a calf, thigh or leg swollen, warm, heavy, throbbing or red"
    banner = f"Get care today: {sign}. <b>What to do</b>"
    assert banner in page
    assert page.index('class="warned urgent"') < page.index("<h1")


@pytest.mark.parametrize("address", [GUIDANCE, ADDRESS])
def test_pages_of_the_signs_have_the_whole_of_it(warned: Client, address: str) -> None:
    page = warned.get(address).text
    assert 'class="warned' not in page
    assert page.index("a blood clot must be ruled out") < page.index("<h2", page.index("<h2") + 1)


def test_banner_is_the_runners_own(warned: Client, mallory: User) -> None:
    warned.force_login(mallory)
    assert "Get care today" not in warned.get("/diary/").text


def test_banner_does_not_fade(warned: Client, noon: time_machine.Traveller) -> None:
    noon.shift(dt.timedelta(days=50))
    warned.get("/today/")  # renews the standing
    assert "Get care today" in warned.get("/diary/").text


def test_banner_counts_the_other_signs(
    as_alice: Client,
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(ADDRESS, {"numb_tingle-yes": "on", "night_pain-yes": "on"})
    page = as_alice.get("/diary/").text
    assert "Be seen this week: tingling or numbness in a leg or foot, and 1 more." in page


def test_unnamed_sign_has_a_banner_too(as_alice: Client, alice: User) -> None:
    unnamed(alice)
    as_alice.get("/today/")
    assert "Stop and be seen: one of the warning signs is true" in as_alice.get("/diary/").text


# How a sign ends


def test_seen_by_a_clinician_ends_the_sign_and_is_kept(
    warned: Client,
    alice: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sent = {"sign": "flag:calf_swelling", "why": "seen", "seen_on": "2026-11-22"}
    with django_capture_on_commit_callbacks(execute=True):
        page = warned.post(CLOSE, sent, follow=True).text

    assert FlagAnswer.objects.of(alice).get().seen_on == days_ago(1)
    assert "Get care today" not in page
    assert Standing.objects.get(runner=alice).warning is None


def test_mistake_ends_the_sign_and_is_kept(warned: Client, alice: User) -> None:
    warned.post(CLOSE, {"sign": "flag:calf_swelling", "why": "mistake", "seen_on": "never"})

    sign = FlagAnswer.objects.of(alice).get()
    assert sign.mistaken_at is not None
    assert sign.seen_on is None
    assert advise(alice, TODAY).open_flags == []


def test_one_sign_ends_and_the_other_stays(as_alice: Client, alice: User) -> None:
    open_sign(alice, "dark_urine")
    open_sign(alice, "limp", ago=1)
    as_alice.post(CLOSE, {"sign": "flag:dark_urine", "why": "mistake"})
    assert [sign.flag.id for sign in advise(alice, TODAY).open_flags] == ["flag:limp"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"why": "seen", "seen_on": "2026-11-24"}, "That day has not come yet"),
        ({"why": "seen", "seen_on": ""}, "Say on which day"),
        ({"why": "seen"}, "Say on which day"),
        ({"why": "seen", "seen_on": "0001-01-01"}, "That is too long ago"),
        ({"why": "seen", "seen_on": "<b>"}, "Write the day as year-month-day"),
        ({"why": "bored"}, "not one of the ways"),
        ({"why": "mistake", "sign": "flag:pain_over_5"}, "not one of the ways"),
        ({}, "not one of the ways"),
    ],
)
def test_bad_end_changes_nothing(
    as_alice: Client, alice: User, sent: dict[str, str | list[str]], words: str
) -> None:
    open_sign(alice)

    response = as_alice.post(CLOSE, {"sign": "flag:calf_swelling", **sent})

    assert response.status_code == 422
    assert words in response.text
    assert FlagAnswer.objects.of(alice).still_open().count() == 1


def test_nobody_ends_the_sign_of_another(as_alice: Client, mallory: User) -> None:
    open_sign(mallory)
    as_alice.post(CLOSE, {"sign": "flag:calf_swelling", "why": "mistake"})
    assert FlagAnswer.objects.of(mallory).still_open().count() == 1


def test_naming_a_sign_names_the_unnamed_one(as_alice: Client, alice: User) -> None:
    nameless = unnamed(alice)
    assert "Stop and be seen" in as_alice.get(GUIDANCE).text

    page = as_alice.post(ADDRESS, {"limp-yes": "on"}, follow=True).text

    nameless.refresh_from_db()
    assert nameless.named_at is not None
    assert "Stop and be seen" not in page
    assert "Cannot walk or run normally" in page


def test_saying_none_does_not_end_the_unnamed_one(as_alice: Client, alice: User) -> None:
    unnamed(alice)
    page = as_alice.post(ADDRESS, NONE, follow=True).text
    assert "Stop and be seen" in page


@pytest.mark.parametrize("why", ["seen", "mistake"])
def test_unnamed_sign_can_be_ended(as_alice: Client, alice: User, why: str) -> None:
    unnamed(alice)
    as_alice.post(CLOSE, {"why": why, "seen_on": str(TODAY)})
    assert not Screen.objects.of(alice).not_named().exists()


# After a check-in


def test_saved_spot_that_is_serious_leads_to_the_screen(as_alice: Client) -> None:
    spot = {"place": "hamstring-left", "kind": "pain", "intensity": "5", "timing": "after"}

    page = as_alice.post(
        "/check-in/", {f"spot-0-{name}": value for name, value in spot.items()}, follow=True
    )

    assert page.redirect_chain[-1][0] == ADDRESS + "?why=check-in"
    assert "because of what you have logged this week" in page.text


@pytest.mark.parametrize(
    ("spot", "address"),
    [
        ({"kind": "pain", "intensity": 4}, ADDRESS + "?why=check-in"),
        ({"kind": "pain", "intensity": 3}, "/today/"),
        ({"kind": "tightness", "intensity": 7}, ADDRESS + "?why=check-in"),
        ({"kind": "tightness", "intensity": 6}, "/today/"),
        ({"area": "shin", "kind": "soreness", "intensity": 3}, ADDRESS + "?why=check-in"),
    ],
)
def test_serious_spot_asks_for_the_screen_at_once(
    as_alice: Client, alice: User, spot: dict[str, str], address: str
) -> None:
    make_soreness(alice, **spot)  # type: ignore[arg-type]  # a table of keywords
    assert as_alice.get(f"/guidance/after-check-in/{TODAY}/")["Location"] == address


def test_screen_that_was_gone_through_is_not_asked_again(as_alice: Client, alice: User) -> None:
    as_alice.post(ADDRESS, NONE)
    make_soreness(alice, kind="pain", intensity=4)
    assert as_alice.get(f"/guidance/after-check-in/{TODAY}/")["Location"] == "/today/"


def test_older_check_in_leads_to_its_day_in_the_diary(as_alice: Client, alice: User) -> None:
    make_check_in(alice, days_ago(9))
    response = as_alice.get(f"/guidance/after-check-in/{days_ago(9)}/")
    assert response["Location"] == f"/diary/?day={days_ago(9)}"


def test_day_that_is_none_is_not_found(as_alice: Client) -> None:
    assert as_alice.get("/guidance/after-check-in/tomorrow/").status_code == 404


# Queries


@pytest.mark.parametrize("passes", [1, 4])
def test_screen_takes_four_queries(
    as_alice: Client,
    alice: User,
    passes: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for ago in range(passes):
        open_sign(alice, "limp", ago=ago)
    with django_assert_num_queries(4):
        as_alice.get(ADDRESS)


@pytest.mark.parametrize("flag_answers", [0, 2])
def test_banner_takes_one_query(
    as_alice: Client,
    alice: User,
    flag_answers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for flag in ("limp", "dark_urine")[:flag_answers]:
        open_sign(alice, flag)
    with django_assert_num_queries(3):  # two of them for session and user
        as_alice.get("/guidance/library/")
