import datetime as dt
import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.template.loader import get_template
from django.test import Client
from pytest_django import Settings

from runners.accounts import actions
from runners.activity_files import Activity
from runners.activity_files.activity import Code, Doubt, Remark
from runners.activity_files.sports import OTHER_SPORTS
from runners.limits import MAX_CLIMB_M, MAX_DISTANCE_M, MAX_DURATION_S
from runners.models import Run, User
from runners.runs import uploads
from runners.runs.file_facts import FileFacts, local_day
from runners.web.notices import words
from tests.factories import days_ago, make_run
from tests.pages import carried, folded
from tests.runners.activity_files.small_files import fit, session

HTMX = {"HX-Request": "true"}
FENIX = "fit-run-fenix2.fit"  # 15 August 2015, 9.01 km in 47:12, 64 m up
NO_DATE = "fit-run-fr70-footpod-no-gps.fit"
EXPECTED = json.loads((Path(__file__).parents[2] / "data/expected.json").read_text())
TOO_SHORT = ("gpx-nike-fractional-seconds",)  # stops after a few seconds
RUNS = {
    one["file"].removeprefix("activities/"): one["expected"][0]
    for one in EXPECTED["activities"]
    if one["kind"] == "run" and one["expected"][0]["start_utc"] and one["id"] not in TOO_SHORT
    if len(one["expected"]) == 1
}


@pytest.fixture
def files(data_dir: Path) -> Path:
    return data_dir / "activities"


def upload(client: Client, path: Path, **typed: Any) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    headers = typed.pop("headers", None)
    return client.post("/runs/add/file/", {"file": file, **typed}, headers=headers)


def filled(response: Any) -> dict[str, Any]:
    """What the form of an answer would send."""
    form = response.context["form"]
    return {field.name: field.value() or "" for field in form}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(RUNS))
def test_file_fills_the_form(as_alice: Client, files: Path, name: str) -> None:
    expected = RUNS[name]

    response = upload(as_alice, files / name)

    form = response.context["form"].initial
    start = dt.datetime.fromisoformat(expected.get("start_local") or expected["start_utc"])
    assert form["day"] == start.date()
    if expected["timer_s"]:
        assert form["duration"] == pytest.approx(expected["timer_s"], abs=1)
    assert form["duration"] <= expected["elapsed_s"] + 1
    assert form["distance"] == pytest.approx(expected["distance_m"], rel=0.01, abs=2)
    assert not Run.objects.exists()


def test_save_keeps_what_the_runner_did_not_type(
    as_alice: Client, alice: User, files: Path
) -> None:
    sent = {**filled(upload(as_alice, files / FENIX)), "effort": "6", "kind": "long"}

    as_alice.post("/runs/add/", sent)

    run = Run.objects.of(alice).get()
    assert (run.day, run.distance_m, run.duration_s) == (dt.date(2015, 8, 15), 9_008, 2_832)
    assert run.started_at == dt.datetime(2015, 8, 15, 14, 45, 8, tzinfo=dt.UTC)
    assert (run.source, run.climb_m, run.effort, run.kind) == ("fit", 64, 6, "long")
    assert len(run.fingerprint) == 64


def test_pace_and_height_are_kept_and_no_place(as_alice: Client, alice: User, files: Path) -> None:
    sent = filled(upload(as_alice, files / FENIX))

    for _ in range(2):  # the answer was lost, and it was sent again
        assert as_alice.post("/runs/add/", sent).status_code == 302

    profile = Run.objects.get(runner=alice).profile or []
    assert profile[:2] == [[261, 333, 56], [521, 357, 44]]
    assert len(profile) <= 60
    assert {len(point) for point in profile} == {3}
    assert len(sent["from_file"]) < 2_000  # of the hidden field that carries it


def test_pace_and_height_stay_through_an_edit(as_alice: Client, alice: User, files: Path) -> None:
    as_alice.post("/runs/add/", filled(upload(as_alice, files / FENIX)))
    run = Run.objects.get(runner=alice)

    page = f"/runs/{run.uid}/edit/"
    sent = {"day": "2015-08-15", "distance": "9.1", "duration": "48:00", "note": "Warm."}
    as_alice.post(page, {**carried(as_alice, page), **sent})

    changed = Run.objects.get(runner=alice)
    assert (changed.distance_m, changed.note) == (9_100, "Warm.")
    assert changed.profile == run.profile


def test_a_form_from_before_there_were_profiles_is_saved(
    as_alice: Client, alice: User, files: Path
) -> None:
    sent = filled(upload(as_alice, files / FENIX))
    facts = FileFacts.opened(sent["from_file"], runner=alice).to_json()
    del facts["profile"]
    sent["from_file"] = signing.dumps(facts, salt=f"runners.run-file.{alice.pk}")

    as_alice.post("/runs/add/", sent)

    run = Run.objects.get(runner=alice)
    assert (run.source, run.profile) == ("fit", None)


def test_effort_of_the_watch_is_chosen(as_alice: Client, files: Path) -> None:
    response = upload(as_alice, files / "fit-run-fr965-feel-rpe.fit")

    assert response.context["form"]["effort"].value() == 4


@pytest.mark.parametrize(("offset_s", "day"), [(-5 * 3600, 20), (None, 21), (9 * 3600, 21)])
def test_day_is_where_it_was_run_else_the_runners(
    alice: User, offset_s: int | None, day: int
) -> None:
    activity = Activity(
        format="fit",
        sport="running",
        started_at=dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC),
        utc_offset_s=offset_s,
        duration_s=1_800,
        elapsed_s=1_800,
        distance_m=5_000,
        climb_m=None,
        effort=None,
        fingerprint="f" * 64,
    )

    assert local_day(activity, runner=alice) == dt.date(2026, 11, day)


@pytest.mark.slow
def test_run_is_shown_on_the_clock_of_the_place(as_alice: Client, alice: User, files: Path) -> None:
    """Alice lives in Vienna; it was noon in Singapore, six in the morning at her home."""
    read = upload(as_alice, files / "fit-run-fr965-feel-rpe.fit")
    as_alice.post("/runs/add/", filled(read))

    run = Run.objects.of(alice).get()
    page = folded(as_alice.get(f"/runs/{run.uid}/").content.decode())
    assert run.utc_offset_s == 8 * 3_600
    assert "Started 12:05" in folded(read.content.decode())
    assert "14 May, 12:05</p>" in page


@pytest.mark.parametrize(
    ("started_at", "offset_s", "hour"),
    [
        (dt.datetime(2026, 11, 22, 6, 40, tzinfo=dt.UTC), None, "07:40"),
        (dt.datetime(2026, 11, 22, 6, 40, tzinfo=dt.UTC), -5 * 3_600, "01:40"),
        (dt.datetime(2026, 11, 22, 6, 40, tzinfo=dt.UTC), 14 * 3_600, "20:40"),
    ],
)
def test_clock_of_the_place_else_of_the_runner(
    as_alice: Client, alice: User, started_at: dt.datetime, offset_s: int | None, hour: str
) -> None:
    run = make_run(alice, days_ago(1), started_at=started_at, utc_offset_s=offset_s)

    assert f", {hour}</p>" in folded(as_alice.get(f"/runs/{run.uid}/").content.decode())


def test_another_day_forgets_the_clock_of_the_place(
    as_alice: Client, alice: User, files: Path
) -> None:
    sent = filled(upload(as_alice, files / FENIX))

    as_alice.post("/runs/add/", {**sent, "day": "2026-11-20"})

    assert Run.objects.of(alice).get().utc_offset_s is None


def test_form_that_was_opened_before_the_clock_was_told(
    as_alice: Client, alice: User, files: Path
) -> None:
    """Its hidden field lacks what was added since."""
    sent = filled(upload(as_alice, files / FENIX))
    facts = signing.loads(sent["from_file"], salt=f"runners.run-file.{alice.pk}")
    del facts["utc_offset_s"], facts["doubt"]
    old = signing.dumps(facts, salt=f"runners.run-file.{alice.pk}")

    as_alice.post("/runs/add/", {**sent, "from_file": old})

    assert Run.objects.of(alice).get().utc_offset_s is None


def test_file_without_a_date_asks_for_the_day(as_alice: Client, alice: User, files: Path) -> None:
    response = upload(as_alice, files / NO_DATE, day="2026-11-23")
    sent = filled(response)
    refused = as_alice.post("/runs/add/", sent)
    as_alice.post("/runs/add/", {**sent, "day": "2026-11-20"})

    assert "The watch did not know the date." in response.content.decode()
    assert sent["day"] == ""
    assert refused.status_code == 422
    run = Run.objects.of(alice).get()
    assert (run.day, run.started_at, run.source) == (dt.date(2026, 11, 20), None, "fit")


def test_another_day_than_the_files_forgets_the_hour(
    as_alice: Client, alice: User, files: Path
) -> None:
    sent = filled(upload(as_alice, files / FENIX))

    as_alice.post("/runs/add/", {**sent, "day": "2026-11-20"})

    assert Run.objects.of(alice).get().started_at is None


@pytest.mark.slow
def test_same_file_again_is_recognised(as_alice: Client, alice: User, files: Path) -> None:
    as_alice.post("/runs/add/", filled(upload(as_alice, files / FENIX)))
    run = Run.objects.of(alice).get()

    response = upload(as_alice, files / FENIX)

    page = folded(response.content.decode())
    assert response.status_code == 422
    assert "Already in your diary" in page
    assert f'<a href="/runs/{run.uid}/">Sat 15 Aug 2015, 9.01 km</a>' in page
    assert not response.context["form"]["from_file"].value()


@pytest.mark.slow
def test_same_run_from_another_file_is_recognised(
    as_alice: Client, alice: User, files: Path
) -> None:
    as_alice.post("/runs/add/", filled(upload(as_alice, files / "fit-run-fr610-paired.fit")))

    response = upload(as_alice, files / "tcx-run-fr610-paired.tcx")

    assert response.status_code == 422
    assert response.context["known"] == Run.objects.of(alice).get()


@pytest.mark.slow
def test_file_opened_twice_is_saved_once(as_alice: Client, alice: User, files: Path) -> None:
    first, second = (filled(upload(as_alice, files / FENIX)) for _ in range(2))

    as_alice.post("/runs/add/", first)
    response = as_alice.post("/runs/add/", {**second, "note": "Stays here."})

    assert response.status_code == 422
    assert "Already in your diary" in response.content.decode()
    assert "Stays here." in response.content.decode()
    assert Run.objects.of(alice).count() == 1


def test_run_of_another_runner_is_not_recognised(
    as_alice: Client, mallory: User, files: Path
) -> None:
    sent = filled(upload(as_alice, files / FENIX))
    facts = FileFacts.opened(sent["from_file"], runner=User.objects.get(name="Alice Ash"))
    make_run(mallory, fingerprint=facts.fingerprint, started_at=facts.started_at)

    assert upload(as_alice, files / FENIX).status_code == 200


def test_refused_file_keeps_what_was_typed(as_alice: Client, files: Path) -> None:
    response = upload(
        as_alice,
        files / "fit-yoga-venu3-no-distance.fit",
        distance="7,5",
        effort="3",
        note="Stays.",
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "This file holds yoga, so there is no run to log from it." in page
    assert 'value="7,5"' in page
    assert re.search(r'<input[^>]* value="3"[^>]* checked>', page)
    assert "Stays." in page
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"not a run at all", "look like a FIT, GPX or TCX file"),
        (b"\x1f\x8b", "damaged"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    as_alice: Client, content: bytes, sentence: str
) -> None:
    file = SimpleUploadedFile("run.fit", content)

    response = as_alice.post("/runs/add/file/", {"file": file})

    assert response.status_code == 422
    assert sentence in response.context["file_error"]


def test_upload_without_a_file_asks_for_one(as_alice: Client) -> None:
    response = as_alice.post("/runs/add/file/", {"note": "Stays."})

    assert response.status_code == 422
    assert response.context["file_error"] == "Choose a FIT, GPX or TCX file first."


def test_too_large_a_file_is_dropped_and_the_rest_stays(
    as_alice: Client, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_XML", 100_000)

    response = upload(as_alice, files / FENIX, note="Typed after the file.")

    assert response.status_code == 422
    assert response.context["file_error"].startswith("This file is too large.")
    assert "Typed after the file." in response.content.decode()


def test_many_files_at_once_are_dropped_like_a_large_one(
    as_alice: Client, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_XML", 100_000)
    others = {f"other-{n}": SimpleUploadedFile("x.gpx", b"x" * 60_000) for n in range(2)}

    response = upload(as_alice, files / FENIX, **others)

    assert response.status_code == 422
    assert "This file is too large." in response.text


@pytest.mark.slow
def test_files_are_read_a_few_a_minute_and_sixty_an_hour(
    as_alice: Client, bob: User, noon: time_machine.Traveller
) -> None:
    def sent(client: Client, number: int) -> list[int]:
        return [client.post("/runs/add/file/", {"note": "x"}).status_code for _ in range(number)]

    assert sent(as_alice, 11) == [422] * 10 + [429]
    for _ in range(5):
        noon.shift(dt.timedelta(minutes=1))
        assert 429 not in sent(as_alice, 10)
    noon.shift(dt.timedelta(minutes=1))
    assert sent(as_alice, 1) == [429]
    other = Client()
    other.force_login(bob)
    assert sent(other, 1) == [422]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_too_many_files_keep_what_was_typed(
    as_alice: Client, files: Path, settings: Settings, headers: dict[str, str]
) -> None:
    settings.RATE_LIMITS = {"read_file": "1/m/user"}
    upload(as_alice, files / FENIX)

    response = upload(as_alice, files / FENIX, note="windy", distance="9", headers=headers)

    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 60
    assert "Wait a minute, or log the run by hand." in response.text
    assert filled(response)["note"] == "windy"
    assert filled(response)["distance"] == "9"
    assert ("<h1" in response.text) is not bool(headers)


def test_file_from_the_future_is_refused(
    as_alice: Client, files: Path, noon: time_machine.Traveller
) -> None:
    noon.move_to(dt.datetime(2015, 8, 14, 12, tzinfo=dt.UTC))

    response = upload(as_alice, files / FENIX)

    assert response.status_code == 422
    assert "By this file the run is of 15 August 2015" in response.context["file_error"]


def test_upload_by_htmx_answers_the_form_alone(as_alice: Client, files: Path) -> None:
    response = upload(as_alice, files / FENIX, headers=HTMX)

    assert response.status_code == 200
    assert b"<h1" not in response.content
    assert b'id="run-form"' in response.content


def test_changed_facts_are_not_believed(as_alice: Client, files: Path) -> None:
    sent = filled(upload(as_alice, files / FENIX))

    response = as_alice.post("/runs/add/", {**sent, "from_file": sent["from_file"] + "x"})

    assert response.status_code == 422
    assert response.context["file_error"] == "The file was read too long ago. Choose it again."
    assert not Run.objects.exists()


def test_facts_of_another_runner_are_not_believed(
    as_alice: Client, mallory: User, files: Path
) -> None:
    sent = filled(upload(as_alice, files / FENIX))
    as_alice.force_login(mallory)

    assert as_alice.post("/runs/add/", sent).status_code == 422
    assert not Run.objects.exists()


def test_facts_fade_after_a_day(
    as_alice: Client, files: Path, noon: time_machine.Traveller
) -> None:
    sent = filled(upload(as_alice, files / FENIX))

    noon.shift(dt.timedelta(days=1, seconds=1))

    assert as_alice.post("/runs/add/", sent).status_code == 422


def test_save_with_a_file_that_was_not_read_says_so(as_alice: Client) -> None:
    sent = {"file": "run.fit", "day": "2026-11-23", "duration": "45"}

    response = as_alice.post("/runs/add/", sent)

    assert response.status_code == 422
    assert response.context["file_error"] == "Press “Read the file” first, then save."
    assert not Run.objects.exists()


# Was it a run?

GENERIC = fit(session(sport=0))
A_RIDE = fit(session(distance_m=15_000))
A_STROLL = fit(session(distance_m=900))
QUESTIONS = [
    (GENERIC, "The watch does not say that this was a run. Was it?"),
    (A_RIDE, "This is faster than anyone runs over that distance. Was it a run?"),
    (A_STROLL, "This is slower than a stroll. Was it a run?"),
]


def upload_bytes(client: Client, data: bytes) -> Any:
    return client.post("/runs/add/file/", {"file": SimpleUploadedFile("run.fit", data)})


def test_every_doubt_has_its_question() -> None:
    for doubt in get_args(Doubt):
        assert words(f"runners/runs/_doubt.html#{doubt}").endswith("?")


def test_every_file_that_holds_no_run_is_told_why() -> None:
    for code in get_args(Code):
        get_template(f"runners/runs/_no_run.html#{code}")  # raises TemplateDoesNotExist


def test_every_remark_and_every_other_sport_has_its_words() -> None:
    for remark in get_args(Remark):
        assert words(f"runners/runs/_remark.html#{remark}").endswith(".")
    for sport in OTHER_SPORTS.values():
        assert words("runners/runs/_no_run.html#not_a_run", sport=sport)


@pytest.mark.parametrize(("data", "question"), QUESTIONS)
def test_doubtful_file_is_saved_after_a_yes_only(
    as_alice: Client, alice: User, data: bytes, question: str
) -> None:
    response = upload_bytes(as_alice, data)
    sent = filled(response)

    unanswered = as_alice.post("/runs/add/", sent)

    assert response.status_code == 200
    assert question in response.content.decode()
    assert (unanswered.status_code, question in unanswered.content.decode()) == (422, True)
    assert list(unanswered.context["form"].errors) == ["was_run"]
    assert not Run.objects.exists()
    as_alice.post("/runs/add/", {**sent, "was_run": "on"})
    assert Run.objects.of(alice).get().duration_s == 1_800


def test_pace_put_right_needs_no_answer(as_alice: Client, alice: User) -> None:
    sent = filled(upload_bytes(as_alice, A_RIDE))

    as_alice.post("/runs/add/", {**sent, "distance": "5"})

    assert Run.objects.of(alice).get().distance_m == 5_000


def test_a_yes_to_one_question_is_none_to_another(as_alice: Client) -> None:
    """Of a generic activity, and then a pace is typed that nobody runs."""
    sent = filled(upload_bytes(as_alice, GENERIC))

    response = as_alice.post("/runs/add/", {**sent, "was_run": "on", "distance": "20"})

    assert list(response.context["form"].errors) == ["duration"]


def test_run_without_doubt_is_not_asked_about(as_alice: Client, files: Path) -> None:
    assert "was_run" not in upload(as_alice, files / FENIX).context["form"].fields


def test_run_that_was_confirmed_can_be_changed(as_alice: Client, alice: User) -> None:
    """Its effort is added later; its pace is not asked about again."""
    sent = filled(upload_bytes(as_alice, A_RIDE))
    as_alice.post("/runs/add/", {**sent, "was_run": "on"})
    run = Run.objects.of(alice).get()
    form = as_alice.get(f"/runs/{run.uid}/edit/").context["form"]

    as_alice.post(
        f"/runs/{run.uid}/edit/",
        {**{field.name: field.value() or "" for field in form}, "effort": "7"},
    )

    assert Run.objects.of(alice).get().effort == 7


def test_damaged_file_says_so_and_is_saved(as_alice: Client, alice: User, files: Path) -> None:
    response = upload(as_alice, files / "fit-broken-strava-android.fit")

    assert "This file is damaged or was cut off." in response.content.decode()
    as_alice.post("/runs/add/", filled(response))
    run = Run.objects.of(alice).get()
    assert (run.day, run.distance_m, run.duration_s) == (dt.date(2021, 9, 27), 11_274, 3_558)


# What the reader takes, the form and the table take too


@pytest.mark.parametrize(
    ("distance_m", "timer_s"), [(MAX_DISTANCE_M, MAX_DURATION_S), (1, 30), (400_000, 120_000)]
)
def test_largest_run_of_a_file_can_be_saved(
    as_alice: Client, alice: User, distance_m: int, timer_s: int
) -> None:
    sent = filled(upload_bytes(as_alice, fit(session(distance_m=distance_m, timer_s=timer_s))))

    as_alice.post("/runs/add/", {**sent, "was_run": "on"})

    run = Run.objects.of(alice).get()
    assert (run.distance_m, run.duration_s) == (distance_m, timer_s)


@pytest.mark.parametrize(
    ("distance_m", "timer_s"), [(MAX_DISTANCE_M + 1, 150_000), (5_000, MAX_DURATION_S + 1)]
)
def test_what_cannot_be_saved_is_refused_when_it_is_read(
    as_alice: Client, distance_m: int, timer_s: int
) -> None:
    response = upload_bytes(as_alice, fit(session(distance_m=distance_m, timer_s=timer_s)))

    assert response.status_code == 422
    assert response.context["file_error"].startswith("By this file the run")


@pytest.mark.parametrize(
    "beyond", [{"climb_m": MAX_CLIMB_M + 1}, {"utc_offset_s": 50_401}, {"utc_offset_s": -50_401}]
)
def test_table_refuses_what_no_file_can_say(alice: User, beyond: dict[str, int]) -> None:
    with pytest.raises(IntegrityError):
        make_run(alice, days_ago(1), **beyond)


def test_upload_needs_the_token_of_the_page(alice: User, files: Path) -> None:
    """The view is exempt from the first check, and must make its own."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    assert upload(client, files / FENIX).status_code == 403


def test_upload_needs_sign_in_and_consent(as_alice: Client, alice: User, files: Path) -> None:
    assert upload(Client(), files / FENIX).status_code == 302
    actions.withdraw_consent(by=alice)

    assert upload(as_alice, files / FENIX)["Location"] == "/settings/consent/"
