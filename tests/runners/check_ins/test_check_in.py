import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.body.areas import Timing, intensity_word
from runners.body.body_map import Mark, views
from runners.check_ins import actions
from runners.check_ins.forms import MAX_SPOTS, preset_timing
from runners.models import CheckIn, Consent, SorenessEntry, User
from runners.templatetags.check_ins import place_button
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_soreness
from tests.pages import carried, folded

TODAYS = f"/check-in/{TODAY}/"
HTMX = {"HX-Request": "true"}


def spot(number: int = 0, **fields: Any) -> dict[str, str]:
    """The fields of one spot as the form sends them; `None` leaves a field out."""
    values = {
        "place": "hamstring-left",
        "kind": "tightness",
        "intensity": "6",
        "timing": "next_morning",
        "note": "",
    } | fields
    return {f"spot-{number}-{name}": value for name, value in values.items() if value is not None}


def stored(runner: User, day: dt.date = TODAY) -> list[tuple[str, str, str, int]]:
    entries = SorenessEntry.objects.of(runner).filter(day=day).order_by("pk")
    return [(entry.place, entry.kind, entry.timing, entry.intensity) for entry in entries]


# Seeing the page


def test_page_offers_every_region_as_a_button(as_alice: Client) -> None:
    html = as_alice.get("/check-in/").content.decode()
    assert "How are your legs?" in html
    assert html.count('class="region ') == 37
    assert 'aria-label="Left hamstring, not marked"' in html


def test_page_shows_what_is_stored(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)
    make_soreness(alice, area="calf", side="right", intensity=2, kind="soreness")
    html = as_alice.get("/check-in/").content.decode()
    assert 'aria-label="Left hamstring, 6 strong"' in html
    assert 'aria-label="Right calf, 2 barely there"' in html
    assert html.count('<details class="spot"') == 3  # and the blank one


@pytest.mark.parametrize("where", ["on_map", "in_list"])
def test_button_of_a_place_is_made_once_for_each_mark(where: str) -> None:
    region = views({})[0].regions[1]
    marks = [Mark(), Mark(1), *(Mark(1, number) for number in range(11))]
    made = [place_button(replace(region, mark=mark), where) for mark in marks]
    again = [place_button(replace(region, mark=mark), where) for mark in marks]
    assert made == again
    says = ["not marked", "choose a number", *(f"{n} {intensity_word(n)}" for n in range(11))]
    for html, said in zip(made, says, strict=True):
        assert f'aria-label="{region.name.capitalize()}, {said}"' in html


def test_fragment_is_the_form_alone(as_alice: Client) -> None:
    html = as_alice.post(TODAYS, {"add": "calf-left"}, headers=HTMX).content.decode()
    assert html.strip().startswith('<form id="check-in"')
    assert "<h1" not in html


def test_sit_bone_is_marked_beside_the_hamstring_and_kept(as_alice: Client, alice: User) -> None:
    sent = spot(0, place="hamstring-left", intensity=3) | spot(
        1, place="sit_bone-left", intensity=5
    )
    as_alice.post(TODAYS, sent)
    rows = SorenessEntry.objects.of(alice).order_by("pk")
    assert [(row.area, row.side, row.sit_bone, row.place) for row in rows] == [
        ("hamstring", "left", False, "left hamstring"),
        ("hamstring", "left", True, "left sit bone"),
    ]
    html = as_alice.get("/check-in/").content.decode()
    assert 'aria-label="Left sit bone, 5 strong"' in html
    assert 'aria-label="Left hamstring, 3 noticeable"' in html


@pytest.mark.parametrize("area", ["ankle", "back_of_knee", "outer_hip"])
def test_new_areas_are_marked(as_alice: Client, alice: User, area: str) -> None:
    as_alice.post(TODAYS, spot(place=f"{area}-right"))
    assert [(row.area, row.side) for row in SorenessEntry.objects.of(alice)] == [(area, "right")]


@pytest.mark.slow
@pytest.mark.parametrize("rows", [0, 1, 12])
def test_page_costs_the_same_queries_however_much_is_stored(
    as_alice: Client,
    alice: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        make_run(alice)
        for day in (TODAY, days_ago(1)):
            make_soreness(alice, day, area="calf", kind=f"kind{number}")
    with django_assert_num_queries(6):  # three of them for session, user and base.html
        as_alice.get("/check-in/")


def test_saving_is_a_fixed_number_of_queries(
    as_alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    as_alice.get("/check-in/")
    form: dict[str, str] = {}
    for number, place in enumerate(("calf-left", "calf-right", "shin-left", "knee-left")):
        form |= spot(number, place=place)
    with django_assert_max_num_queries(40) as few:
        as_alice.post("/check-in/2026-11-10/", spot())
    with django_assert_max_num_queries(len(few)):
        as_alice.post("/check-in/2026-11-11/", form)


def test_past_day_opens_with_links_to_the_days_around(as_alice: Client) -> None:
    html = as_alice.get("/check-in/2026-11-20/").content.decode()
    assert "How were your legs?" in html
    assert "/check-in/2026-11-19/" in html
    assert "/check-in/2026-11-21/" in html


def test_today_has_no_link_to_tomorrow(as_alice: Client) -> None:
    html = as_alice.get("/check-in/").content.decode()
    assert "/check-in/2026-11-22/" in html
    assert "/check-in/2026-11-24/" not in html


def test_today_is_the_runners_own_date(as_alice: Client, noon: time_machine.Traveller) -> None:
    noon.move_to(dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC))  # half past midnight in Vienna
    assert "/check-in/2026-11-24/" in as_alice.get("/check-in/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_future_day_is_refused_in_words(as_alice: Client, alice: User, method: str) -> None:
    response = getattr(as_alice, method)("/check-in/2026-11-24/", spot())
    assert response.status_code == 422
    assert "Tuesday 24 November 2026 has not come yet." in response.content.decode()
    assert not CheckIn.objects.exists()


def test_day_that_was_logged_can_be_edited_after_a_flight_west(
    as_alice: Client, alice: User
) -> None:
    tomorrow = days_ago(-1)
    make_soreness(alice, tomorrow, area="calf")

    assert as_alice.get(f"/check-in/{tomorrow}/").status_code == 200
    as_alice.post(f"/check-in/{tomorrow}/", spot() | carried(as_alice, f"/check-in/{tomorrow}/"))

    assert stored(alice, tomorrow) == [("left hamstring", "tightness", "next_morning", 6)]
    assert "All clear?" in as_alice.post(f"/check-in/{tomorrow}/all-clear/").text


def test_day_with_a_run_can_be_checked_in_after_a_flight_west(
    as_alice: Client, alice: User
) -> None:
    make_run(alice, days_ago(-1))

    as_alice.post("/check-in/2026-11-24/", spot())

    assert CheckIn.objects.get().day == days_ago(-1)


@pytest.mark.parametrize(
    "day",
    ["yesterday", "2026-02-30", "2026-13-01", "0001-01-01", "1969-12-31", "99999-01-01", "-1"],
)
def test_nonsense_day_is_not_found(as_alice: Client, day: str) -> None:
    assert as_alice.get(f"/check-in/{day}/").status_code == 404
    assert as_alice.post(f"/check-in/{day}/all-clear/").status_code == 404
    assert as_alice.post(f"/check-in/{day}/delete/").status_code == 404


def test_first_day_has_no_day_before(as_alice: Client) -> None:
    assert as_alice.get("/check-in/1970-01-01/").status_code == 200


def test_another_day_is_opened_by_its_date(as_alice: Client) -> None:
    response = as_alice.get("/check-in/", {"day": "2026-10-04"})
    assert response["Location"] == "/check-in/2026-10-04/"
    assert as_alice.get("/check-in/", {"day": "soon"}).status_code == 404


def test_partial_check_in_says_what_saving_means(as_alice: Client, alice: User) -> None:
    make_check_in(alice, partial=True)
    make_soreness(alice)
    assert "Only some areas were noted that day." in as_alice.get("/check-in/").content.decode()
    as_alice.post(TODAYS, spot() | carried(as_alice, TODAYS))
    assert CheckIn.objects.of(alice).get().partial is False


# Presets


@pytest.mark.parametrize(
    ("hour", "ran", "day", "timing"),
    [
        (7, False, TODAY, Timing.NEXT_MORNING),
        (10, False, TODAY, Timing.NEXT_MORNING),
        (11, False, TODAY, Timing.BEFORE),
        (19, False, TODAY, Timing.BEFORE),
        (9, True, TODAY, Timing.AFTER),
        (19, True, TODAY, Timing.AFTER),
        (7, False, days_ago(1), Timing.BEFORE),
        (7, True, days_ago(1), Timing.AFTER),
    ],
)
def test_timing_is_preset(hour: int, ran: bool, day: dt.date, timing: str) -> None:
    now = dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC)
    assert preset_timing(day, now=now, ran=ran) == timing


def test_new_spot_is_tight_and_after_the_run_that_is_logged(as_alice: Client, alice: User) -> None:
    make_run(alice)
    response = as_alice.post(TODAYS, {"add": "hamstring-left"})
    panel = response.context["form"].spots[0]
    assert (panel.where, panel.kind_words, panel.timing_words) == (
        "hamstring-left",
        "tight",
        "after",
    )


# Without JavaScript: every tap on the map is a request that stores nothing


def test_adding_a_spot_keeps_what_was_typed_and_stores_nothing(as_alice: Client) -> None:
    typed = spot(place="calf-left", intensity="3", note="uphill") | {"note": "slept badly"}
    response = as_alice.post(TODAYS, typed | {"add": "hamstring-left"})
    form = response.context["form"]
    assert response.status_code == 200
    assert [(s.where, s.strength, s.is_open) for s in form.spots] == [
        ("hamstring-left", None, True),
        ("calf-left", 3, False),
    ]
    assert (form.spots[1]["note"].value(), form["note"].value()) == ("uphill", "slept badly")
    assert not CheckIn.objects.exists()


def test_unfinished_spots_are_not_scolded_while_adding(as_alice: Client) -> None:
    response = as_alice.post(TODAYS, spot(intensity=None) | {"add": "calf-left"})
    assert "Choose a number for" not in response.content.decode()


def test_region_that_is_marked_opens_its_spot(as_alice: Client) -> None:
    typed = spot(place="calf-left") | spot(1)
    form = as_alice.post(TODAYS, typed | {"add": "hamstring-left"}).context["form"]
    assert [(s.where, s.is_open) for s in form.spots] == [
        ("calf-left", False),
        ("hamstring-left", True),
    ]


def test_same_place_again_comes_at_another_time(as_alice: Client) -> None:
    typed = spot(timing="before")
    form = as_alice.post(TODAYS, typed | {"again": "hamstring-left"}).context["form"]
    assert [(s.where, s.timing_words) for s in form.spots] == [
        ("hamstring-left", "during"),
        ("hamstring-left", "before run"),
    ]


def test_spot_is_taken_out(as_alice: Client) -> None:
    typed = spot(0) | spot(7, place="calf-left")
    form = as_alice.post(TODAYS, typed | {"take_out": "0"}).context["form"]
    assert [(s.where, s.number) for s in form.spots] == [("calf-left", "7")]


def test_unknown_place_to_add_is_refused(as_alice: Client) -> None:
    response = as_alice.post(TODAYS, {"add": "elbow-left"})
    assert response.status_code == 422
    assert "That place is not on the body map." in response.content.decode()


@pytest.mark.slow
def test_more_spots_than_a_body_has_are_refused(as_alice: Client) -> None:
    typed = {f"spot-{number}-place": "calf-left" for number in range(MAX_SPOTS)}
    response = as_alice.post(TODAYS, typed | {"again": "calf-left"})
    assert response.status_code == 422
    assert len(response.context["form"].spots) == MAX_SPOTS


# The day before


def test_yesterdays_spots_are_offered(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=6)
    html = folded(as_alice.get("/check-in/").content.decode())
    assert "Same as yesterday" in html
    assert "left hamstring 6 tight" in html


def test_older_and_other_peoples_spots_are_not_offered(
    as_alice: Client, alice: User, mallory: User
) -> None:
    make_soreness(alice, days_ago(2))
    make_soreness(mallory, days_ago(1))
    assert "Same as" not in as_alice.get("/check-in/").content.decode()


def test_same_as_yesterday_fills_the_form_and_stores_nothing(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(1), intensity=6, note="after the hills")
    make_soreness(alice, days_ago(1), area="glute", intensity=2, kind="soreness")
    form = as_alice.post(TODAYS, spot(intensity="8") | {"start": "before"}).context["form"]
    assert [(s.where, s.strength, s["note"].value()) for s in form.spots] == [
        ("hamstring-left", 8, ""),
        ("glute-left", 2, ""),
    ]
    assert not CheckIn.objects.of(alice).filter(day=TODAY).exists()


# Saving


def test_save_stores_the_spots_in_the_order_of_the_form(as_alice: Client, alice: User) -> None:
    form = spot(3, timing="before") | spot(1, kind="pain", timing="during", intensity="7")
    response = as_alice.post(TODAYS, form | spot(2, place="low_back") | {"note": "windy"})
    assert response["Location"] == f"/guidance/after-check-in/{TODAY}/"
    assert stored(alice) == [
        ("left hamstring", "tightness", "before", 6),
        ("left hamstring", "pain", "during", 7),
        ("low back", "tightness", "next_morning", 6),
    ]
    assert CheckIn.objects.of(alice).get().note == "windy"


def test_save_says_so_on_today(as_alice: Client) -> None:
    assert "Saved." in as_alice.post(TODAYS, spot(), follow=True).content.decode()


def test_save_of_a_past_day_goes_to_the_diary(as_alice: Client, alice: User) -> None:
    response = as_alice.post("/check-in/2026-11-20/", spot(), follow=True)
    assert response.redirect_chain[-1] == ("/diary/?day=2026-11-20", 302)
    assert stored(alice, dt.date(2026, 11, 20)) == [
        ("left hamstring", "tightness", "next_morning", 6)
    ]


def test_save_by_htmx_changes_the_address(as_alice: Client) -> None:
    response = as_alice.post(TODAYS, spot(), headers=HTMX)
    assert response["HX-Redirect"] == f"/guidance/after-check-in/{TODAY}/"


def test_same_form_twice_is_one_check_in(as_alice: Client, alice: User) -> None:
    for _ in range(2):
        as_alice.post(TODAYS, spot())
    assert CheckIn.objects.filter(runner=alice).count() == 1
    assert len(stored(alice)) == 1


def test_saving_again_replaces_the_spots(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=3)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, spot(place="calf-left", intensity="0") | seen)
    assert stored(alice) == [("left calf", "tightness", "next_morning", 0)]


def test_line_breaks_count_once_in_a_note(as_alice: Client, alice: User) -> None:
    note = "a\r\n" * 1000
    as_alice.post(TODAYS, spot() | {"note": note})
    assert CheckIn.objects.of(alice).get().note == ("a\n" * 1000).strip()


def test_nothing_is_stored_without_consent(as_alice: Client, alice: User) -> None:
    Consent.objects.of(alice).delete()
    assert as_alice.post(TODAYS, spot())["Location"] == "/settings/consent/"
    assert as_alice.post(f"{TODAYS}all-clear/")["Location"] == "/settings/consent/"
    assert not CheckIn.objects.exists()


# Bad input: 422, a sentence, nothing stored, what was typed stays


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (spot(intensity=None), "Choose a number for left hamstring."),
        (spot(intensity="99"), "Choose a number from 0 to 10 for left hamstring."),
        (spot(intensity="-1"), "Choose a number from 0 to 10 for left hamstring."),
        (spot(intensity="6.5"), "Choose a number from 0 to 10 for left hamstring."),
        (spot(kind="broken"), "Choose tight, sore or painful."),
        (spot(kind=None), "Choose tight, sore or painful."),
        (spot(timing="never"), "Choose when you felt it."),
        (spot(place="elbow-left"), "was not on the body map"),
        (spot(place="low_back-left"), "was not on the body map"),
        (spot(place="hamstring-centre"), "was not on the body map"),
        (spot(note="x" * 501), "Keep the note below 500 characters; it has 501."),
        (spot() | {"note": "x" * 2001}, "Keep the note below 2000 characters; it has 2001."),
        (spot(note="\x00"), "Null characters are not allowed."),
        (
            spot(0) | spot(1, intensity="3"),
            "Left hamstring is there twice as tight, next morning.",
        ),
        (
            {f"spot-{n}-place": "calf-left" for n in range(1000)},
            f"That is more than {MAX_SPOTS} spots.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_bad_input_is_refused_with_a_sentence(
    as_alice: Client, form: dict[str, str], sentence: str
) -> None:
    response = as_alice.post(TODAYS, form)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not CheckIn.objects.exists()


def test_spot_in_error_stands_open_and_the_rest_stays(as_alice: Client) -> None:
    typed = spot(0, place="calf-left", intensity="3") | spot(1, intensity=None, note="hills")
    response = as_alice.post(TODAYS, typed | {"note": "slept badly"}, headers=HTMX)
    spots = response.context["form"].spots
    assert [(s.where, s.strength, s.is_open) for s in spots] == [
        ("calf-left", 3, False),
        ("hamstring-left", None, True),
    ]
    html = response.content.decode()
    assert "<h1" not in html
    assert ">hills</textarea>" in html.replace("\n", "")
    assert ">slept badly</textarea>" in html.replace("\n", "")


def test_words_of_the_runner_are_escaped(as_alice: Client) -> None:
    response = as_alice.post(TODAYS, spot(intensity=None, note="<script>x</script>"))
    assert "<script>x" not in response.content.decode()


# All clear


def test_all_clear_takes_one_tap(as_alice: Client, alice: User) -> None:
    response = as_alice.post(f"{TODAYS}all-clear/")
    assert response["Location"] == "/today/"
    assert CheckIn.objects.of(alice).get().entries.count() == 0


def test_all_clear_twice_is_one_check_in(as_alice: Client, alice: User) -> None:
    for _ in range(2):
        as_alice.post(f"{TODAYS}all-clear/")
    assert CheckIn.objects.filter(runner=alice).count() == 1


def test_all_clear_keeps_the_note_of_the_form(as_alice: Client, alice: User) -> None:
    as_alice.post(f"{TODAYS}all-clear/", {"note": "easy week"})
    as_alice.post(f"{TODAYS}all-clear/")
    assert CheckIn.objects.of(alice).get().note == "easy week"
    as_alice.post(f"{TODAYS}all-clear/", {"note": ""} | carried(as_alice, TODAYS))
    assert CheckIn.objects.of(alice).get().note == ""


def test_all_clear_with_too_long_a_note_is_refused(as_alice: Client) -> None:
    response = as_alice.post(f"{TODAYS}all-clear/", {"note": "x" * 2001})
    assert response.status_code == 422
    assert not CheckIn.objects.exists()


def test_saving_without_spots_is_not_taken_for_clear(as_alice: Client, alice: User) -> None:
    response = as_alice.post(TODAYS, {"note": "fine"})
    assert response.status_code == 422
    assert "Nothing is marked." in response.content.decode()
    assert ">fine</textarea>" in response.content.decode().replace("\n", "")
    assert not CheckIn.objects.of(alice).exists()


def test_all_clear_keeps_the_typed_note(as_alice: Client, alice: User) -> None:
    response = as_alice.post(f"{TODAYS}all-clear/", {"note": "fine"}, follow=True)
    assert "All clear noted." in response.content.decode()
    assert CheckIn.objects.of(alice).get().note == "fine"


def test_all_clear_on_a_day_with_spots_asks_first(as_alice: Client, alice: User) -> None:
    make_soreness(alice)
    response = as_alice.post(f"{TODAYS}all-clear/", carried(as_alice, TODAYS))
    assert response.status_code == 200
    assert "Something is marked on Monday 23 November" in response.content.decode()
    assert len(stored(alice)) == 1


def test_saving_without_the_stored_spots_keeps_them(as_alice: Client, alice: User) -> None:
    make_soreness(alice)
    assert as_alice.post(TODAYS, {"note": ""}).status_code == 422
    assert len(stored(alice)) == 1


def test_all_clear_asks_about_spots_that_are_only_typed(as_alice: Client) -> None:
    html = as_alice.post(f"{TODAYS}all-clear/", spot(intensity="8"), headers=HTMX).content.decode()
    assert "<h1" not in html
    assert "8 tight" in html
    assert '<input type="hidden" name="spot-0-intensity" value="8">' in html
    assert not CheckIn.objects.exists()


def test_going_back_from_the_question_loses_nothing(as_alice: Client) -> None:
    typed = spot(intensity="8") | {"note": 'so "so"'}
    question = as_alice.post(f"{TODAYS}all-clear/", typed)
    back = dict(question.context["typed"]) | {"show": "form"}
    form = as_alice.post(TODAYS, back).context["form"]
    assert [(s.where, s.strength) for s in form.spots] == [("hamstring-left", 8)]
    assert form["note"].value() == 'so "so"'


@pytest.mark.slow
def test_confirmed_all_clear_can_be_undone(as_alice: Client, alice: User) -> None:
    make_soreness(alice)
    as_alice.post(f"{TODAYS}all-clear/", {"confirmed": "yes"} | carried(as_alice, TODAYS))
    assert stored(alice) == []
    html = as_alice.get("/today/").content.decode()
    before = CheckIn.objects.deleted_of(alice).get()
    assert f'action="/check-in/restore/{before.uid}/"' in html
    as_alice.post(f"/check-in/restore/{before.uid}/")
    assert stored(alice) == [("left hamstring", "tightness", "next_morning", 5)]
    assert CheckIn.objects.of(alice).count() == 1


# Deleting and undo


@pytest.mark.slow
def test_delete_and_undo(as_alice: Client, alice: User) -> None:
    check_in = make_soreness(alice).check_in
    response = as_alice.post(f"{TODAYS}delete/", follow=True)
    assert "Check-in deleted." in response.content.decode()
    assert not CheckIn.objects.of(alice).exists()
    for _ in range(2):  # a retry is harmless
        response = as_alice.post(f"/check-in/restore/{check_in.uid}/", follow=True)
        assert "The check-in is back." in response.content.decode()
    assert len(stored(alice)) == 1


def test_delete_twice_is_harmless(as_alice: Client, alice: User) -> None:
    make_soreness(alice, days_ago(3))
    for _ in range(2):
        response = as_alice.post(f"/check-in/{days_ago(3)}/delete/")
        assert response["Location"] == f"/diary/?day={days_ago(3)}"


def test_undo_leaves_newer_spots_alone(as_alice: Client, alice: User) -> None:
    old = make_soreness(alice).check_in
    actions.delete_check_in(old, by=alice)
    make_soreness(alice, area="calf")
    response = as_alice.post(f"/check-in/restore/{old.uid}/", follow=True)
    assert "That day has newer spots or words by now: they stay." in response.content.decode()
    assert [place for place, *_ in stored(alice)] == ["left calf"]


@pytest.mark.parametrize("path", [TODAYS + "all-clear/", TODAYS + "delete/"])
def test_changes_want_a_post(as_alice: Client, path: str) -> None:
    assert as_alice.get(path).status_code == 405


def test_other_peoples_check_ins_are_out_of_reach(as_alice: Client, mallory: User) -> None:
    hers = make_soreness(mallory, intensity=9).check_in
    assert "9 worst" not in as_alice.get("/check-in/").content.decode().split("<template")[0]
    as_alice.post(f"{TODAYS}delete/")
    as_alice.post(TODAYS, spot())
    assert stored(mallory) == [("left hamstring", "tightness", "next_morning", 9)]
    actions.delete_check_in(hers, by=mallory)
    assert as_alice.post(f"/check-in/restore/{hers.uid}/").status_code == 404
    assert as_alice.post(f"/check-in/restore/{uuid.uuid4()}/").status_code == 404
