"""A page that was open too long, or twice, erases nothing: each form meets what came since.

`carried` is what the page gave when it was opened; what happens before it is sent is another tab.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from runners.models import CheckIn, CoachLink, Note, Run, SorenessEntry, User
from tests.factories import TODAY, make_check_in, make_link, make_note, make_run, make_soreness
from tests.pages import base_in, carried
from tests.runners.check_ins.test_check_in import HTMX, TODAYS, spot, stored
from tests.signing_in import give_password

pytestmark = pytest.mark.slow

CALF: dict[str, Any] = {"place": "calf-right", "intensity": "3"}
CLEAR = f"{TODAYS}all-clear/"


def hamstring(intensity: int = 6) -> tuple[str, str, str, int]:
    return ("left hamstring", "tightness", "next_morning", intensity)


def calf(intensity: int = 3) -> tuple[str, str, str, int]:
    return ("right calf", "tightness", "next_morning", intensity)


@pytest.fixture
def as_bob(noon: time_machine.Traveller, client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


# Check-in


def test_two_tabs_on_one_day_keep_both_spots(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})

    response = as_alice.post(TODAYS, {**spot(**CALF), **seen})

    assert response.status_code == 302
    assert stored(alice) == [hamstring(), calf()]


def test_a_spot_taken_out_in_one_tab_stays_out(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)
    make_soreness(alice, area="calf", side="right", intensity=3)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})  # takes the calf out

    both = {**spot(), **spot(1, **CALF), **spot(2, place="knee-left", intensity="2"), **seen}
    as_alice.post(TODAYS, both)

    assert stored(alice) == [hamstring(), ("left knee", "tightness", "next_morning", 2)]


def test_one_spot_changed_in_both_tabs_is_asked(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=5)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(intensity="6"), **seen})

    response = as_alice.post(TODAYS, {**spot(intensity="2"), **spot(1, **CALF), **seen})

    assert response.status_code == 409
    assert "Changed in another window meanwhile" in response.text
    assert "6 tight, as saved meanwhile" in response.text
    assert "2 tight, as here" in response.text
    assert stored(alice) == [hamstring(6)]


@pytest.mark.parametrize(("choice", "left"), [("mine", 2), ("stored", 6)])
def test_the_answer_is_saved_with_all_the_rest(
    as_alice: Client, alice: User, choice: str, left: int
) -> None:
    make_soreness(alice, intensity=5)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(intensity="6"), **seen})
    typed = {**spot(intensity="2"), **spot(1, **CALF)}
    asked = as_alice.post(TODAYS, {**typed, **seen}).context

    answer = {"base": asked["base"], asked["clashes"][0].name: choice}
    response = as_alice.post(TODAYS, {**typed, **answer})

    assert response.status_code == 302
    assert sorted(stored(alice)) == [hamstring(left), calf()]


def test_without_an_answer_it_is_asked_again(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=5)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(intensity="6"), **seen})
    asked = as_alice.post(TODAYS, {**spot(intensity="2"), **seen}).context

    response = as_alice.post(TODAYS, {**spot(intensity="2"), "base": asked["base"]})

    assert response.status_code == 409
    assert "Choose one of the two." in response.text
    assert stored(alice) == [hamstring(6)]


def test_all_clear_against_new_spots_is_asked(as_alice: Client, alice: User) -> None:
    """Today was opened before the spot came, so its button knows nothing of it."""
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})

    response = as_alice.post(CLEAR)

    assert response.status_code == 409
    assert "Left hamstring" in response.text
    assert stored(alice) == [hamstring()]


def test_all_clear_in_spite_of_them_takes_a_yes(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})
    asked = as_alice.post(CLEAR, seen).context

    as_alice.post(CLEAR, {"confirmed": "yes", "base": asked["base"]})

    assert stored(alice) == []
    assert CheckIn.objects.of(alice).exists()


def test_a_yes_to_all_clear_holds_for_the_spots_it_was_asked_about(
    as_alice: Client, alice: User
) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})
    asked = as_alice.post(CLEAR, seen).context
    make_soreness(alice, area="calf", side="right", intensity=3)

    response = as_alice.post(CLEAR, {"confirmed": "yes", "base": asked["base"]})

    assert response.status_code == 409
    assert stored(alice) == [hamstring(), calf()]


def test_spots_against_an_all_clear_said_meanwhile_are_asked(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(CLEAR, seen)

    response = as_alice.post(TODAYS, {**spot(), **seen})

    assert response.status_code == 409
    assert "all clear, as saved meanwhile" in response.text
    assert stored(alice) == []


@pytest.mark.parametrize(("choice", "left"), [("mine", [hamstring()]), ("stored", [])])
def test_the_day_is_what_was_chosen(
    as_alice: Client, alice: User, choice: str, left: list[Any]
) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(CLEAR, seen)
    asked = as_alice.post(TODAYS, {**spot(), **seen}).context

    as_alice.post(TODAYS, {**spot(), "base": asked["base"], "keep-clear": choice})

    assert stored(alice) == left


def test_going_back_from_the_question_does_not_take_the_new_spots_out(
    as_alice: Client, alice: User
) -> None:
    """The page behind the question never had them, so saving it is no word against them."""
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})
    asked = as_alice.post(CLEAR, {**spot(**CALF), **seen}).context
    back = as_alice.post(TODAYS, {**dict(asked["typed"]), "base": asked["base"], "show": "form"})

    as_alice.post(TODAYS, {**spot(**CALF), "base": back.context["base"]})

    assert stored(alice) == [hamstring(), calf()]


def test_a_day_emptied_in_two_tabs_is_not_taken_for_clear(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)
    make_soreness(alice, area="calf", side="right", intensity=3)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), **seen})

    response = as_alice.post(TODAYS, {**spot(**CALF), **seen})

    assert response.status_code == 409
    assert stored(alice) == [hamstring()]


def test_the_note_of_the_day_is_a_thing_of_its_own(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(), "note": "Slept badly.", **seen})

    as_alice.post(TODAYS, {**spot(), **spot(1, **CALF), "note": "", **seen})

    assert CheckIn.objects.of(alice).get().note == "Slept badly."
    assert stored(alice) == [hamstring(), calf()]


def test_all_clear_on_a_page_without_the_note_keeps_it(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, TODAYS)
    as_alice.post(CLEAR, {"note": "Slept badly.", **seen})

    as_alice.post(CLEAR, {"note": "", **seen})

    assert CheckIn.objects.of(alice).get().note == "Slept badly."


def test_the_same_check_in_sent_again_is_the_same(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, TODAYS)
    first = as_alice.post(TODAYS, {**spot(), "note": "Cold.", **seen})
    before = CheckIn.objects.values().get()

    again = as_alice.post(TODAYS, {**spot(), "note": "Cold.", **seen})

    assert (first.status_code, again.status_code) == (302, 302)
    assert stored(alice) == [hamstring()]
    assert CheckIn.objects.values().get() == before


def test_delete_on_a_page_that_is_old_asks_to_look_again(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)
    seen = carried(as_alice, TODAYS)
    make_soreness(alice, area="calf", side="right", intensity=3)

    response = as_alice.post(f"{TODAYS}delete/", seen)

    assert response.status_code == 409
    assert "Look at it again first." in response.text
    assert stored(alice) == [hamstring(), calf()]
    assert as_alice.post(f"{TODAYS}delete/", {"base": response.context["base"]}).status_code == 302
    assert stored(alice) == []


def test_a_base_of_somebody_else_is_none(
    as_alice: Client, alice: User, mallory: User, client: Client
) -> None:
    other = Client()
    other.force_login(mallory)
    make_soreness(alice, intensity=6)

    as_alice.post(TODAYS, {**spot(**CALF), **carried(other, TODAYS)})

    assert stored(alice) == [hamstring(), calf()]


@pytest.mark.parametrize("base", ["", "x", "W10:1vABCD:forged", "\x00", "a" * 5000])
def test_a_broken_base_erases_nothing(as_alice: Client, alice: User, base: str) -> None:
    make_soreness(alice, intensity=6)

    response = as_alice.post(TODAYS, {**spot(**CALF), "base": base})

    assert response.status_code == 302
    assert stored(alice) == [hamstring(), calf()]


def test_the_question_is_a_fragment_for_htmx(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=5)
    seen = carried(as_alice, TODAYS)
    as_alice.post(TODAYS, {**spot(intensity="6"), **seen})

    response = as_alice.post(TODAYS, {**spot(intensity="2"), **seen}, headers=HTMX)

    assert response.status_code == 409
    assert "<h1" not in response.text


def test_htmx_is_told_to_show_a_question(as_alice: Client) -> None:
    assert '{"code": "409|422|429", "swap": true}' in as_alice.get("/today/").text


# Check-in: the whole day is gone, or changed while its question was open


def answered(response: Any, **more: str) -> dict[str, str]:
    """All that a question carries, sent back with an answer."""
    context = response.context
    return {**dict(context.get("typed") or ()), "base": context["base"], **more}


def test_a_spot_on_a_clear_day_that_was_deleted_is_saved(as_alice: Client, alice: User) -> None:
    make_check_in(alice)
    seen = carried(as_alice, TODAYS)
    as_alice.post(f"{TODAYS}delete/")

    assert as_alice.post(TODAYS, {**spot(), **seen}).status_code == 302
    assert stored(alice) == [hamstring()]


@pytest.mark.parametrize("sent", [{}, spot()])
def test_all_clear_on_a_day_that_was_deleted_ends(
    as_alice: Client, alice: User, sent: dict[str, str]
) -> None:
    make_soreness(alice)
    seen = carried(as_alice, TODAYS)
    as_alice.post(f"{TODAYS}delete/")

    response = as_alice.post(CLEAR, {**sent, **seen})
    if response.status_code != 302:
        response = as_alice.post(CLEAR, answered(response, confirmed="yes"))

    assert response.status_code == 302
    assert stored(alice) == []


def test_all_clear_and_two_notes_are_asked_one_after_the_other(
    as_alice: Client, alice: User
) -> None:
    make_soreness(alice)
    CheckIn.objects.update(note="one")
    seen = carried(as_alice, TODAYS)
    CheckIn.objects.update(note="two")

    question = as_alice.post(CLEAR, {**spot(), "note": "three", **seen})
    notes = as_alice.post(CLEAR, answered(question, confirmed="yes"))
    chosen = {"note": "three", "base": notes.context["base"], "keep-note": "mine"}
    again = as_alice.post(CLEAR, {**spot(), **chosen})
    saved = as_alice.post(CLEAR, answered(again, confirmed="yes"))

    assert (notes.status_code, saved.status_code) == (409, 302)
    assert (stored(alice), CheckIn.objects.of(alice).get().note) == ([], "three")


def test_a_yes_on_a_day_that_was_clear_takes_off_only_what_it_was_asked_about(
    as_alice: Client, alice: User
) -> None:
    make_check_in(alice)
    seen = carried(as_alice, TODAYS)
    make_soreness(alice, area="knee")
    asked = as_alice.post(CLEAR, {"note": "", **seen})
    make_soreness(alice, area="calf", intensity=8)

    response = as_alice.post(CLEAR, answered(asked, confirmed="yes"))

    assert response.status_code == 409
    assert len(stored(alice)) == 2


def test_an_undo_leaves_a_newer_note(as_alice: Client, alice: User) -> None:
    first = make_soreness(alice).check_in
    as_alice.post(f"{TODAYS}delete/")
    as_alice.post(CLEAR, {"note": "Slept eight hours."})

    page = as_alice.post(f"/check-in/restore/{first.uid}/", follow=True)

    assert "they stay" in page.text
    assert CheckIn.objects.of(alice).get().note == "Slept eight hours."


# Runs


def edit_of(run: Run) -> str:
    return f"/runs/{run.uid}/edit/"


def as_typed(run: Run, **changed: str) -> dict[str, str]:
    return {"day": str(run.day), "distance": "10", "duration": "50:00"} | changed


def test_two_tabs_on_one_run_keep_both_changes(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    seen = carried(as_alice, edit_of(run))
    as_alice.post(edit_of(run), {**as_typed(run, effort="7"), **seen})

    response = as_alice.post(edit_of(run), {**as_typed(run, note="Windy."), **seen})

    run.refresh_from_db()
    assert response.status_code == 302
    assert (run.effort, run.note, run.distance_m, run.duration_s) == (7, "Windy.", 10_000, 3_000)


@pytest.mark.parametrize(("choice", "effort"), [("mine", 3), ("stored", 7)])
def test_one_field_of_a_run_changed_twice_is_asked(
    as_alice: Client, alice: User, choice: str, effort: int
) -> None:
    run = make_run(alice)
    seen = carried(as_alice, edit_of(run))
    as_alice.post(edit_of(run), {**as_typed(run, effort="7"), **seen})

    asked = as_alice.post(edit_of(run), {**as_typed(run, effort="3"), **seen})

    assert asked.status_code == 409
    run.refresh_from_db()
    assert run.effort == 7
    answer = {"base": asked.context["base"], "keep-effort": choice}
    as_alice.post(edit_of(run), {**as_typed(run, effort="3"), **answer})
    run.refresh_from_db()
    assert run.effort == effort


def test_an_edit_does_not_bring_a_deleted_run_back(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    seen = carried(as_alice, edit_of(run))
    as_alice.post(f"/runs/{run.uid}/delete/")

    response = as_alice.post(edit_of(run), {**as_typed(run, note="Windy."), **seen})

    assert response.status_code == 409
    assert "Leave it deleted" in response.text
    assert not Run.objects.of(alice).exists()


@pytest.mark.parametrize(("choice", "notes"), [("mine", ["Windy."]), ("stored", [])])
def test_a_deleted_run_comes_back_only_by_choice(
    as_alice: Client, alice: User, choice: str, notes: list[str]
) -> None:
    run = make_run(alice)
    seen = carried(as_alice, edit_of(run))
    as_alice.post(f"/runs/{run.uid}/delete/")
    typed = as_typed(run, note="Windy.")
    asked = as_alice.post(edit_of(run), {**typed, **seen}).context

    as_alice.post(edit_of(run), {**typed, "base": asked["base"], "keep-deleted": choice})

    assert [run.note for run in Run.objects.of(alice)] == notes


def test_a_distance_shown_rounded_is_no_change(as_alice: Client, alice: User) -> None:
    """In miles 15,049 m are shown as 9.351, which is one metre off."""
    User.objects.update(units="mi")
    run = make_run(alice, distance_m=15_049)
    seen = carried(as_alice, edit_of(run))
    Run.objects.update(distance_m=15_100)

    as_alice.post(edit_of(run), {**as_typed(run, distance="9.351", note="Windy."), **seen})

    run.refresh_from_db()
    assert (run.distance_m, run.note) == (15_100, "Windy.")


def test_a_distance_means_the_units_of_its_page(as_alice: Client, alice: User) -> None:
    """The settings were changed to miles while it was open."""
    run = make_run(alice)
    page = as_alice.get(edit_of(run)).text
    assert 'name="units" value="km"' in page
    seen = base_in(page)
    User.objects.update(units="mi")

    as_alice.post(edit_of(run), {**as_typed(run, units="km", duration="50:01"), **seen})
    as_alice.post("/runs/add/", {**as_typed(run, day="2026-11-20", distance="12"), "units": "km"})

    assert sorted(run.distance_m or 0 for run in Run.objects.of(alice)) == [10_000, 12_000]


# Notes


def test_a_note_changed_in_two_tabs_is_asked(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "Easy week.")
    edit = f"/notes/{note.uid}/edit/"
    seen = carried(as_bob, edit)
    as_bob.post(edit, {"text": "Hard week.", **seen})

    asked = as_bob.post(edit, {"text": "Rest week.", **seen})

    note.refresh_from_db()
    assert (asked.status_code, note.text) == (409, "Hard week.")
    as_bob.post(edit, {"text": "Rest week.", "base": asked.context["base"], "keep-text": "mine"})
    note.refresh_from_db()
    assert note.text == "Rest week."


@pytest.mark.parametrize(("choice", "is_back"), [("mine", True), ("stored", False)])
def test_a_deleted_note_comes_back_only_by_choice(
    as_bob: Client, bob: User, alice: User, choice: str, is_back: bool
) -> None:
    make_link(bob, alice)
    note = make_note(bob, alice, "Easy week.")
    edit = f"/notes/{note.uid}/edit/"
    seen = carried(as_bob, edit)
    as_bob.post(f"/notes/{note.uid}/delete/")

    asked = as_bob.post(edit, {"text": "Rest week.", **seen})

    assert (asked.status_code, "Leave it deleted" in asked.text) == (409, True)
    as_bob.post(edit, {"text": "Rest week.", "base": asked.context["base"], "keep-text": choice})
    assert Note.objects.filter(deleted_at=None, text="Rest week.").exists() == is_back


# Settings, sharing and teams: only what was changed


def settings_of(runner: User, **changed: str) -> dict[str, str]:
    return {
        "name": runner.name,
        "units": runner.units,
        "time_zone": runner.time_zone,
        "week_start": str(runner.week_start),
        "age_band": runner.age_band,
    } | changed


def test_settings_write_only_what_was_changed(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, "/settings/")
    as_alice.post("/settings/", {**settings_of(alice, units="mi"), **seen})

    as_alice.post("/settings/", {**settings_of(alice, name="Alice Aspen"), **seen})

    alice.refresh_from_db()
    assert (alice.name, alice.units) == ("Alice Aspen", "mi")


def test_one_setting_changed_in_two_tabs_is_asked(as_alice: Client, alice: User) -> None:
    seen = carried(as_alice, "/settings/")
    as_alice.post("/settings/", {**settings_of(alice, name="Alice Aspen"), **seen})

    response = as_alice.post("/settings/", {**settings_of(alice, name="Alice Alder"), **seen})

    alice.refresh_from_db()
    assert (response.status_code, alice.name) == (409, "Alice Aspen")
    assert "Alice Aspen, as saved meanwhile" in response.text


def test_the_first_questions_are_answered_once(as_alice: Client, alice: User) -> None:
    User.objects.update(welcomed_at=None)
    as_alice.post("/welcome/", settings_of(alice, name="Nia"))

    as_alice.post("/welcome/", settings_of(alice, name="Somebody else"))

    alice.refresh_from_db()
    assert alice.name == "Nia"


def switches_of(link: CoachLink) -> tuple[bool, ...]:
    link.refresh_from_db()
    return link.runs, link.soreness, link.guidance, link.notes


def test_an_old_page_never_widens_what_is_shared(as_alice: Client, alice: User, bob: User) -> None:
    link = make_link(bob, alice, "runs soreness")
    page = f"/settings/sharing/{link.pk}/"
    seen = carried(as_alice, page)
    as_alice.post(page, {"soreness": "on", **seen})  # runs are off from now on

    give_password(as_alice)
    as_alice.post(page, {"runs": "on", "soreness": "on", "guidance": "on", **seen})

    assert switches_of(link) == (False, True, True, False)


def test_a_switch_turned_two_ways_is_asked(as_alice: Client, alice: User, bob: User) -> None:
    """The old page would prolong what the newer one ended."""
    link = make_link(bob, alice, "runs", runs_until=TODAY)
    page = f"/settings/sharing/{link.pk}/"
    seen = carried(as_alice, page)
    as_alice.post(page, seen)

    response = as_alice.post(page, {"runs": "on", **seen})

    assert response.status_code == 409
    assert "off, as saved meanwhile" in response.text
    assert switches_of(link) == (False, False, False, False)


def test_a_team_renamed_twice_is_told(as_bob: Client, bob: User) -> None:
    track = bob.teams.create(name="Track")
    action = f"/athletes/teams/{track.pk}/"
    seen = carried(as_bob, "/athletes/teams/", action)
    as_bob.post(action, {"name": "Trail", **seen})

    page = as_bob.post(action, {"name": "Hills", **seen}, follow=True)

    track.refresh_from_db()
    assert track.name == "Trail"
    assert "It was renamed “Trail” in another window meanwhile." in page.text


def test_an_athlete_moved_twice_is_told(as_bob: Client, bob: User, alice: User) -> None:
    make_link(bob, alice)
    track, hills = bob.teams.create(name="Track"), bob.teams.create(name="Hills")
    action = f"/athletes/{alice.pk}/team/"
    seen = carried(as_bob, "/athletes/teams/", f"{action}?page=1")
    as_bob.post(action, {"team": track.pk, **seen})

    page = as_bob.post(action, {"team": hills.pk, **seen}, follow=True)

    assert CoachLink.objects.get().team == track
    assert "Alice Ash is in Track by now" in page.text


def test_one_select_used_twice_starts_from_its_own_answer(
    as_bob: Client, bob: User, alice: User
) -> None:
    make_link(bob, alice)
    track, hills = bob.teams.create(name="Track"), bob.teams.create(name="Hills")
    action = f"/athletes/{alice.pk}/team/"
    seen = carried(as_bob, "/athletes/teams/", f"{action}?page=1")
    answer = as_bob.post(action, {"team": track.pk, **seen}, headers=HTMX)

    as_bob.post(action, {"team": hills.pk, **base_in(answer.text)}, headers=HTMX)

    assert CoachLink.objects.get().team == hills


# What every such form has in common


@pytest.mark.parametrize(
    ("prepare", "url"),
    [
        (make_soreness, lambda row: TODAYS),
        (make_run, lambda row: f"/runs/{row.uid}/edit/"),
        (lambda runner: runner, lambda row: "/settings/"),
    ],
)
def test_a_page_of_yesterday_still_saves(
    as_alice: Client,
    alice: User,
    noon: time_machine.Traveller,
    prepare: Callable[[User], Any],
    url: Callable[[Any], str],
) -> None:
    page = url(prepare(alice))
    seen = carried(as_alice, page)
    noon.shift(dt.timedelta(days=1))
    typed = {
        TODAYS: spot(intensity="5"),
        "/settings/": settings_of(alice),
    }.get(page, {"day": str(TODAY), "distance": "10", "duration": "50:00"})

    assert as_alice.post(page, {**typed, **seen}).status_code == 302
    assert SorenessEntry.objects.count() + Run.objects.count() <= 1


def test_a_deletion_elsewhere_is_a_removal(as_alice: Client, alice: User) -> None:
    make_soreness(alice, intensity=6)
    seen = carried(as_alice, TODAYS)
    as_alice.post(f"{TODAYS}delete/")

    as_alice.post(TODAYS, {**spot(), **spot(1, **CALF), **seen})

    assert stored(alice) == [calf()]


def test_a_partial_day_stays_mergeable(as_alice: Client, alice: User) -> None:
    make_check_in(alice, partial=True)
    make_soreness(alice, intensity=6)
    seen = carried(as_alice, TODAYS)

    as_alice.post(TODAYS, {**spot(), **spot(1, **CALF), **seen})

    assert stored(alice) == [hamstring(), calf()]
    assert not CheckIn.objects.of(alice).get().partial
