"""The same run twice: typed, read from a file, typed and read. "Is this the run you have?" """

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from runners.accounts import actions as account_actions
from runners.models import Run, User
from runners.runs import actions as run_actions
from runners.runs import queries
from runners.runs.filling import filled
from tests import pages
from tests.factories import TODAY, days_ago, make_run
from tests.runners.runs.sending import hidden, read, typed

HTMX = {"HX-Request": "true"}
FENIX = "fit-run-fenix2.fit"  # 15 August 2015, 9.01 km in 47:12, 64 m up
FENIX_DAY = "2015-08-15"
PAUSED = "fit-run-fr610-paired.fit"  # 19 October 2012, 8.38 km in 47:37, 58:43 with pauses
QUESTION = "Is this the run you have?"


def is_question(response: Any) -> bool:
    return response.status_code == 422 and "candidates" in response.context


def says_yes(client: Client, question: Any, run: Run) -> Any:
    return client.post("/runs/add/", {**hidden(question), "same_as": str(run.uid)})


def says_no(client: Client, question: Any) -> Any:
    return client.post("/runs/add/", hidden(question))


# Typed twice


def test_typed_three_times_is_asked_about(as_alice: Client, alice: User) -> None:
    answers = [as_alice.post("/runs/add/", typed()) for _ in range(3)]

    assert [one.status_code for one in answers] == [302, 422, 422]
    assert QUESTION in answers[1].content.decode()
    assert Run.objects.of(alice).count() == 1


def test_question_shows_both_and_keeps_what_was_typed(as_alice: Client, alice: User) -> None:
    make_run(alice, distance_m=10_200, duration_s=3_060, note="Windy.")
    sent = typed(effort="4", note="Cold & grey.\nThen sun.", onset_min="12", kind="easy")

    response = as_alice.post("/runs/add/", sent)

    page = response.content.decode()
    for shown in ("10.2 km", "51:00", "Windy.", "10.0 km", "50:00", "Cold &amp; grey.",
                  "Yes, the same run", "No, another run", "Back to the form"):  # fmt: skip
        assert shown in page
    kept = {name: texts[0] for name, texts in hidden(response).items()}
    assert kept == {**sent, "really": kept["really"]}


def test_question_by_htmx_is_the_fragment(as_alice: Client, alice: User) -> None:
    make_run(alice)

    response = as_alice.post("/runs/add/", typed(), headers=HTMX)

    assert is_question(response)
    assert b"<h1" not in response.content
    assert b'id="run-form"' in response.content


def test_no_saves_another_run_and_is_not_asked_again(as_alice: Client, alice: User) -> None:
    make_run(alice)
    sent = typed()
    question = as_alice.post("/runs/add/", sent)

    answers = [says_no(as_alice, question) for _ in range(2)]

    assert [one["Location"] for one in answers] == [f"/runs/{sent['uid']}/"] * 2
    assert Run.objects.of(alice).count() == 2


def test_a_run_by_hand_takes_pace_and_height_of_its_file(as_alice: Client, alice: User) -> None:
    run = make_run(alice, dt.date.fromisoformat(FENIX_DAY), distance_m=9_000, duration_s=2_820)
    question = as_alice.post("/runs/add/", read(as_alice, FENIX))

    assert "the pace along the way" in question.content.decode()
    for _ in range(2):
        says_yes(as_alice, question, run)

    merged = Run.objects.get(runner=alice)
    assert (merged.pk, merged.distance_m, len(merged.profile or [])) == (run.pk, 9_000, 39)


def test_pace_and_height_that_are_there_stay(alice: User) -> None:
    there, new = [[500, 300, 10]], [[500, 280, 20]]

    assert "profile" not in filled(Run(profile=there, duration_s=1), Run(profile=new))
    assert filled(Run(duration_s=1), Run(profile=new))["profile"] == new


def test_yes_merges_and_sent_twice_changes_nothing_more(as_alice: Client, alice: User) -> None:
    run = make_run(alice, effort=5, note="Windy.")
    question = as_alice.post(
        "/runs/add/", typed(distance="10.1", effort="7", kind="easy", note="Cold.")
    )

    first, second = (says_yes(as_alice, question, run) for _ in range(2))

    assert first["Location"] == second["Location"] == f"/runs/{run.uid}/"
    merged = Run.objects.of(alice).get()
    assert (merged.pk, merged.distance_m, merged.effort) == (run.pk, 10_000, 5)
    assert (merged.kind, merged.note) == ("easy", "Windy.\n\nCold.")


def test_two_that_may_be_it_are_both_shown(as_alice: Client, alice: User) -> None:
    """A day of two like runs, and a third sheet of paper."""
    morning, evening = make_run(alice, note="Morning."), make_run(alice, note="Evening.")
    question = as_alice.post("/runs/add/", typed(distance="10.1", effort="3"))

    page = question.content.decode()
    assert "Is it one of the runs you have?" in page
    assert page.count("Yes, the same run") == 2
    says_yes(as_alice, question, evening)

    morning.refresh_from_db()
    evening.refresh_from_db()
    assert (morning.effort, evening.effort) == (None, 3)


def test_no_to_two_is_one_answer(as_alice: Client, alice: User) -> None:
    make_run(alice)
    make_run(alice)

    says_no(as_alice, as_alice.post("/runs/add/", typed()))

    assert Run.objects.of(alice).count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"day": "2026-11-22"},
        {"distance": "9"},
        {"duration": "40:00"},
    ],
)
def test_another_run_is_not_asked_about(
    as_alice: Client, alice: User, fields: dict[str, str]
) -> None:
    make_run(alice)

    assert as_alice.post("/runs/add/", typed(**fields)).status_code == 302


def test_runs_of_others_and_deleted_ones_are_not_asked_about(
    as_alice: Client, alice: User, mallory: User
) -> None:
    make_run(mallory)
    run_actions.delete_run(make_run(alice), by=alice)

    assert as_alice.post("/runs/add/", typed()).status_code == 302


def test_back_to_the_form_keeps_all_and_asks_again(as_alice: Client, alice: User) -> None:
    make_run(alice)
    sent = typed(distance="10,1", note="Stays.")
    question = as_alice.post("/runs/add/", sent)

    response = as_alice.post("/runs/add/", {**hidden(question), "show": "form"})

    form = response.context["form"]
    assert response.status_code == 200
    assert {name: str(form[name].value()) for name in sent} == sent
    assert b"other than" not in response.content
    assert is_question(as_alice.post("/runs/add/", sent))


def test_what_was_really_meant_stays_said(as_alice: Client, alice: User) -> None:
    run = make_run(alice, TODAY.replace(year=2023))
    sent = typed(day=str(run.day))
    before = [f"day {run.day}"]
    question = as_alice.post("/runs/add/", {**sent, "really": before})

    asked = {**sent, "really": hidden(question)["really"]}
    assert asked["really"] == [*before, f"other than {run.uid}"]
    back = as_alice.post("/runs/add/", {**asked, "show": "form"})
    assert hidden(back)["really"] == before
    assert as_alice.post("/runs/add/", asked).status_code == 302


# A page that was open too long


def test_yes_to_a_run_that_was_deleted_saves_nothing_and_says_so(
    as_alice: Client, alice: User
) -> None:
    run = make_run(alice)
    question = as_alice.post("/runs/add/", typed(note="Stays."))
    run_actions.delete_run(run, by=alice)

    response = says_yes(as_alice, question, run)

    page = response.content.decode()
    assert response.status_code == 422
    assert "The run you have was changed or deleted meanwhile" in page
    assert "Stays." in page
    assert not Run.objects.of(alice).exists()
    assert "really" not in hidden(response)
    again = {**hidden(response), **typed(note="Stays.")}
    assert as_alice.post("/runs/add/", again).status_code == 302
    assert Run.objects.of(alice).get().note == "Stays."


def test_yes_to_a_run_that_is_another_by_now_does_not_merge(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    question = as_alice.post("/runs/add/", typed(effort="7"))
    Run.objects.filter(pk=run.pk).update(distance_m=21_097, duration_s=6_000)

    response = says_yes(as_alice, question, run)

    assert response.status_code == 422
    assert Run.objects.of(alice).get().effort is None


def test_yes_to_a_run_that_moved_asks_about_the_one_that_is_there(
    as_alice: Client, alice: User
) -> None:
    run = make_run(alice)
    question = as_alice.post("/runs/add/", typed(effort="7"))
    Run.objects.filter(pk=run.pk).update(day=days_ago(3))
    other = make_run(alice)

    response = says_yes(as_alice, question, run)

    assert is_question(response)
    assert [one["run"] for one in response.context["candidates"]] == [other]
    assert not Run.objects.of(alice).exclude(effort=None).exists()


def test_no_does_not_answer_for_a_run_that_came_since(as_alice: Client, alice: User) -> None:
    make_run(alice)
    question = as_alice.post("/runs/add/", typed())
    newer = make_run(alice)

    again = says_no(as_alice, question)

    assert is_question(again)
    assert [one["run"] for one in again.context["candidates"]] == [newer]
    assert says_no(as_alice, again).status_code == 302
    assert Run.objects.of(alice).count() == 3


def test_yes_to_the_run_of_another_runner_reaches_nothing(
    as_alice: Client, alice: User, mallory: User
) -> None:
    theirs = make_run(mallory)

    response = as_alice.post("/runs/add/", typed(effort="7", same_as=str(theirs.uid)))

    theirs.refresh_from_db()
    assert response.status_code == 422
    assert theirs.effort is None
    assert not Run.objects.of(alice).exists()


def test_yes_after_no_says_that_there_are_two(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    question = as_alice.post("/runs/add/", typed(effort="7"))
    says_no(as_alice, question)

    response = as_alice.post(
        "/runs/add/", {**hidden(question), "same_as": str(run.uid)}, follow=True
    )

    run.refresh_from_db()
    assert "You had saved this as another run." in response.content.decode()
    assert (run.effort, Run.objects.of(alice).count()) == (None, 2)


def test_file_of_a_question_left_open_for_a_day_is_asked_for_again(
    as_alice: Client, alice: User, noon: time_machine.Traveller
) -> None:
    run = make_run(alice, dt.date(2015, 8, 15), distance_m=9_100, duration_s=2_820)
    question = as_alice.post("/runs/add/", read(as_alice, FENIX, note="Stays."))
    noon.shift(dt.timedelta(days=1, seconds=1))

    response = says_yes(as_alice, question, run)

    run.refresh_from_db()
    assert response.status_code == 422
    assert response.context["file_error"] == "The file was read too long ago. Choose it again."
    assert "Stays." in response.content.decode()
    assert (run.fingerprint, Run.objects.of(alice).count()) == ("", 1)


def test_question_needs_consent_to_be_answered(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    question = as_alice.post("/runs/add/", typed(effort="7"))
    account_actions.withdraw_consent(by=alice)

    assert says_yes(as_alice, question, run)["Location"] == "/settings/consent/"
    run.refresh_from_db()
    assert run.effort is None


# Typed and read


def test_typed_then_read_merges_and_what_was_typed_stands(as_alice: Client, alice: User) -> None:
    run = make_run(
        alice, dt.date(2015, 8, 15), distance_m=9_100, duration_s=2_820, effort=6, note="Warm."
    )
    question = as_alice.post("/runs/add/", read(as_alice, FENIX, effort="4", kind="long"))

    assert is_question(question)
    assert (
        "adds the start, the time with pauses, the climb, the pace along the way and the kind."
        in (" ".join(question.content.decode().split()))
    )
    says_yes(as_alice, question, run)

    merged = Run.objects.of(alice).get()
    assert (merged.pk, merged.distance_m, merged.duration_s) == (run.pk, 9_100, 2_820)
    assert (merged.effort, merged.kind, merged.note) == (6, "long", "Warm.")
    assert merged.started_at == dt.datetime(2015, 8, 15, 14, 45, 8, tzinfo=dt.UTC)
    assert (merged.climb_m, merged.elapsed_s, merged.source) == (64, 2_832, "fit")
    assert len(merged.fingerprint) == 64


@pytest.mark.slow
def test_merged_file_is_known_from_then_on(as_alice: Client, alice: User) -> None:
    run = make_run(alice, dt.date(2012, 10, 19), distance_m=8_400, duration_s=2_857)
    says_yes(as_alice, as_alice.post("/runs/add/", read(as_alice, PAUSED)), run)

    for name in (PAUSED, "tcx-run-fr610-paired.tcx"):
        path = Path(__file__).parents[2] / "data/activities" / name
        file = SimpleUploadedFile(path.name, path.read_bytes())
        response = as_alice.post("/runs/add/file/", {"file": file})
        assert response.context["known"] == run


def test_run_typed_without_a_distance_gets_it(as_alice: Client, alice: User) -> None:
    run = make_run(alice, dt.date(2015, 8, 15), distance_m=None, duration_s=2_820)

    says_yes(as_alice, as_alice.post("/runs/add/", read(as_alice, FENIX)), run)

    assert Run.objects.of(alice).get().distance_m == 9_008


def test_read_then_typed_keeps_the_file_and_takes_the_words(as_alice: Client, alice: User) -> None:
    as_alice.post("/runs/add/", read(as_alice, FENIX))
    run = Run.objects.of(alice).get()
    sent = typed(
        day=FENIX_DAY,
        distance="9",
        duration="47",
        effort="6",
        note="Warm.",
        really=f"day {FENIX_DAY}",
    )

    says_yes(as_alice, as_alice.post("/runs/add/", sent), run)

    merged = Run.objects.of(alice).get()
    assert (merged.distance_m, merged.duration_s, merged.source) == (9_008, 2_832, "fit")
    assert (merged.effort, merged.note, merged.started_at) == (6, "Warm.", run.started_at)


def test_no_to_a_file_saves_it_as_a_run_of_its_own(as_alice: Client, alice: User) -> None:
    make_run(alice, dt.date(2015, 8, 15), distance_m=9_100, duration_s=2_820)

    says_no(as_alice, as_alice.post("/runs/add/", read(as_alice, FENIX)))

    assert sorted(Run.objects.of(alice).values_list("source", flat=True)) == ["fit", "typed"]


@pytest.mark.slow
def test_file_stored_meanwhile_is_not_merged_into_another_run(
    as_alice: Client, alice: User
) -> None:
    """One file goes into one run, also if two pages are answered differently."""
    run = make_run(alice, dt.date(2015, 8, 15), distance_m=9_100, duration_s=2_820)
    question = as_alice.post("/runs/add/", read(as_alice, FENIX))
    says_no(as_alice, as_alice.post("/runs/add/", read(as_alice, FENIX)))

    response = says_yes(as_alice, question, run)

    run.refresh_from_db()
    assert response.status_code == 422
    assert "Already in your diary" in response.content.decode()
    assert (run.fingerprint, Run.objects.of(alice).count()) == ("", 2)


def test_run_abroad_is_asked_about_under_the_day_of_the_place_or_of_home(alice: User) -> None:
    """Sunday evening in New York, by the file; typed for Monday, as it was in Vienna."""
    run = make_run(alice, TODAY)
    new = make_file_run(alice, dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC), days_ago(1))

    with pytest.raises(run_actions.PerhapsKnown) as perhaps:
        run_actions.add_run(new, by=alice)

    assert perhaps.value.runs == [run]


def make_file_run(runner: User, started_at: dt.datetime, day: dt.date, **fields: Any) -> Run:
    """Not stored yet."""
    fields = {"distance_m": 10_000, "duration_s": 3_000, "elapsed_s": 3_000, **fields}
    return Run(
        runner=runner, day=day, started_at=started_at, source="fit", fingerprint="a" * 64, **fields
    )


def test_two_devices_of_one_run_are_one(alice: User) -> None:
    started_at = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
    run = run_actions.add_run(make_file_run(alice, started_at, TODAY), by=alice)
    phone = make_file_run(
        alice, started_at + dt.timedelta(seconds=130), TODAY, distance_m=10_280, elapsed_s=3_100
    )
    phone.fingerprint = "b" * 64

    with pytest.raises(run_actions.RunKnown) as known:
        run_actions.add_run(phone, by=alice)

    assert known.value.run == run


def test_two_like_runs_of_one_day_with_their_clocks_are_two(alice: User) -> None:
    morning = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
    run_actions.add_run(make_file_run(alice, morning, TODAY), by=alice)
    evening = make_file_run(alice, morning + dt.timedelta(hours=10, minutes=12), TODAY)
    evening.fingerprint = "b" * 64

    run_actions.add_run(evening, by=alice)

    assert Run.objects.of(alice).count() == 2


def test_false_start_and_run_are_two(alice: User) -> None:
    """They start within a minute, which was taken for one run."""
    started_at = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
    false_start = make_file_run(
        alice, started_at, TODAY, distance_m=90, duration_s=35, elapsed_s=35
    )
    run_actions.add_run(false_start, by=alice)
    run = make_file_run(alice, started_at + dt.timedelta(seconds=50), TODAY)
    run.fingerprint = "b" * 64

    run_actions.add_run(run, by=alice)

    assert Run.objects.of(alice).count() == 2


# What a merge fills


def test_pauses_shorter_than_the_typed_time_are_not_taken(alice: User) -> None:
    run = make_run(alice, duration_s=3_100)
    new = make_file_run(alice, dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC), TODAY)

    assert "elapsed_s" not in filled(run, new)
    assert filled(make_run(alice, duration_s=3_000), new)["elapsed_s"] == 3_000


def test_minute_after_the_end_is_not_taken(alice: User) -> None:
    run = make_run(alice, duration_s=2_900)

    assert "onset_min" not in filled(run, Run(duration_s=3_000, onset_min=49))
    assert filled(run, Run(duration_s=3_000, onset_min=48))["onset_min"] == 48
    assert filled(run, Run(duration_s=3_000, onset_min=0))["onset_min"] == 0


def test_two_notes_too_long_for_one_are_both_kept(as_alice: Client, alice: User) -> None:
    run = make_run(alice, note="a" * 1_500)
    question = as_alice.post("/runs/add/", typed(note="b" * 1_500))

    response = says_yes(as_alice, question, run)

    run.refresh_from_db()
    assert is_question(response)
    assert "Together the two notes are over 2000 characters." in response.content.decode()
    assert hidden(response)["note"] == ["b" * 1_500]
    assert run.note == "a" * 1_500


# Undo, and edits


@pytest.mark.slow
def test_undo_is_refused_where_the_run_came_in_again(as_alice: Client, alice: User) -> None:
    """From a file of another format: other bytes, the same run."""
    as_alice.post("/runs/add/", read(as_alice, PAUSED))
    run = Run.objects.of(alice).get()
    run_actions.delete_run(run, by=alice)
    as_alice.post("/runs/add/", read(as_alice, "tcx-run-fr610-paired.tcx"))

    response = as_alice.post(f"/runs/{run.uid}/restore/", follow=True)

    assert "The same run is in your diary already." in response.content.decode()
    assert Run.objects.of(alice).get().source == "tcx"


def test_undo_brings_back_what_stood_beside_its_like(as_alice: Client, alice: User) -> None:
    started_at = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
    make_run(alice, started_at=started_at)
    run = make_run(alice, started_at=started_at, note="The one with the words.")
    run_actions.delete_run(run, by=alice)

    as_alice.post(f"/runs/{run.uid}/restore/")

    assert Run.objects.of(alice).count() == 2


def test_undo_asks_nothing_where_it_is_not_sure(as_alice: Client, alice: User) -> None:
    run = make_run(alice)
    run_actions.delete_run(run, by=alice)
    as_alice.post("/runs/add/", typed())

    as_alice.post(f"/runs/{run.uid}/restore/")

    assert Run.objects.of(alice).count() == 2


def test_edit_to_the_like_of_another_is_not_asked(as_alice: Client, alice: User) -> None:
    """Both are in the diary already, and the runner has just said what this one was."""
    make_run(alice)
    run = make_run(alice, distance_m=5_000, duration_s=1_500)

    seen = pages.carried(as_alice, f"/runs/{run.uid}/edit/")
    response = as_alice.post(f"/runs/{run.uid}/edit/", {**typed(), **seen})

    assert response.status_code == 302
    assert Run.objects.of(alice).count() == 2


# Finding


@pytest.mark.parametrize("runs", [1, 3])
def test_finding_takes_one_query(
    alice: User, runs: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(runs):
        make_run(alice)
    new = Run(day=TODAY, distance_m=10_000, duration_s=3_000)

    with django_assert_num_queries(1):
        assert len(queries.matches(alice, new)) == runs


def test_same_file_is_found_on_whatever_day(alice: User) -> None:
    run = make_run(alice, days_ago(400), fingerprint="f" * 64)
    new = Run(day=TODAY, distance_m=3_000, duration_s=900, fingerprint="f" * 64)

    [match] = queries.matches(alice, new)

    assert (match.run, match.decision.is_sure) == (run, True)


@pytest.mark.slow
def test_thousands_are_judged_by_one_query(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """An archive of eight years, half of which is in the diary."""
    stored = [
        Run(runner=alice, day=days_ago(n), distance_m=9_000 + n % 7 * 500, duration_s=3_000)
        for n in range(0, 3_000, 2)
    ]
    Run.objects.bulk_create(stored)
    archive = [
        Run(day=days_ago(n), distance_m=9_000 + n % 7 * 500, duration_s=3_000) for n in range(3_000)
    ]

    with django_assert_num_queries(1):
        known = queries.KnownRuns.all_of(alice)
    found = [known.matches(run) for run in archive]

    assert [[match.run for match in one] for one in found[::2]] == [[run] for run in stored]
    assert found[1::2] == [[]] * 1_500


def test_a_note_within_another_one_is_a_note_of_its_own(as_alice: Client, alice: User) -> None:
    run = make_run(alice, note="calf not good after the hill")
    question = as_alice.post("/runs/add/", typed(note="good"))

    for _ in range(2):
        as_alice.post("/runs/add/", {**hidden(question), "same_as": str(run.uid)})

    run.refresh_from_db()
    assert run.note == "calf not good after the hill\n\ngood"
