"""Several runs of one file: chosen from, and saved in one go."""

import datetime as dt
import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from runners.accounts import actions as account_actions
from runners.models import Run, User
from runners.runs import actions as run_actions
from runners.runs.several import RunsForm
from tests.factories import make_run
from tests.pages import folded
from tests.races import at_once, signed_in, sqlite_in
from tests.runners.activity_files.small_files import fit, records, session

FIRST = 1_083_744_000  # 4 May 2024, 08:00 in UTC
HOUR, DAY = 3_600, 86_400
PHONE = "tcx-googlefit-several-activities-no-gps.tcx"


def three_runs(**changes: Any) -> bytes:
    """On three days, 5, 6 and 7 km in half an hour."""
    return fit(
        b"".join(
            session(**{"start": FIRST + n * DAY, "distance_m": 5_000 + n * 1_000, **changes})
            for n in range(3)
        )
    )


def upload(client: Client, data: bytes, name: str = "runs.fit", **headers: str) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post("/runs/add/file/", {"file": file}, headers=headers)


def sent(response: Any, *numbers: int) -> dict[str, Any]:
    """What the page would send, with the runs of these numbers ticked; by itself as it is."""
    form: RunsForm = response.context["form"]
    chosen = [form.offered[number].uid for number in numbers]
    return {"from_file": form["from_file"].value(), "chosen": chosen or form["chosen"].value()}


def test_all_runs_are_offered_and_none_is_stored(as_alice: Client) -> None:
    response = upload(as_alice, three_runs())

    page = folded(response.content.decode())
    assert response.status_code == 200
    assert "There are 3 runs in your file." in page
    assert [row.offered.distance_m for row in response.context["form"].rows] == [
        5_000,
        6_000,
        7_000,
    ]
    assert page.count(" checked") == 3
    assert "Sat 4 May 2024, 10:00" in page  # in Vienna
    assert not Run.objects.exists()


def test_ticked_runs_are_saved(as_alice: Client, alice: User) -> None:
    choice = sent(upload(as_alice, three_runs()), 0, 2)

    response = as_alice.post("/runs/add/several/", choice, follow=True)

    runs = list(Run.objects.of(alice).order_by("day"))
    assert [(run.day.day, run.distance_m, run.duration_s) for run in runs] == [
        (4, 5_000, 1_800),
        (6, 7_000, 1_800),
    ]
    assert {(run.source, run.effort, run.kind, run.note) for run in runs} == {("fit", None, "", "")}
    assert "2 runs saved." in response.content.decode()
    assert response.redirect_chain == [("/diary/?day=2024-05-06", 302)]


def test_each_run_has_its_own_pace_and_height(as_alice: Client, alice: User) -> None:
    ran = [
        (n * DAY + at, (3 + n) * at) for n in range(2) for at in range(0, 1_000, 5)
    ]  # at 3 and at 4 m/s
    sessions = b"".join(session(FIRST + n * DAY, 995, (3 + n) * 995) for n in range(2))

    as_alice.post("/runs/add/several/", sent(upload(as_alice, fit(sessions + records(ran)))))

    paces = [
        {pace for _, pace, _ in run.profile or ()}
        for run in Run.objects.filter(runner=alice).order_by("day")
    ]
    assert paces == [{333}, {250}]


def test_standing_is_renewed_once_for_all_runs(
    as_alice: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    choice = sent(upload(as_alice, three_runs()))

    with django_capture_on_commit_callbacks() as renewals:
        as_alice.post("/runs/add/several/", choice)

    assert len(renewals) == 1


def test_choice_sent_twice_is_saved_once(as_alice: Client, alice: User) -> None:
    choice = sent(upload(as_alice, three_runs()))

    for _ in range(2):
        assert as_alice.post("/runs/add/several/", choice).status_code == 302

    assert Run.objects.of(alice).count() == 3


def test_file_read_again_marks_what_is_there(as_alice: Client, alice: User) -> None:
    as_alice.post("/runs/add/several/", sent(upload(as_alice, three_runs()), 1))
    (there,) = Run.objects.of(alice)

    response = upload(as_alice, three_runs())

    form = response.context["form"]
    assert [row.known for row in form.rows] == [None, there, None]
    assert form["chosen"].value() == [form.offered[number].uid for number in (0, 2)]
    assert f'href="/runs/{there.uid}/">In your diary</a>' in response.content.decode()
    as_alice.post("/runs/add/several/", sent(response))
    assert Run.objects.of(alice).count() == 3


def test_two_pages_of_one_file_save_each_run_once(as_alice: Client, alice: User) -> None:
    """Both were opened before either was saved."""
    pages = [sent(upload(as_alice, three_runs()), *numbers) for numbers in ((0, 1), (1, 2))]

    for choice in pages:
        response = as_alice.post("/runs/add/several/", choice, follow=True)

    assert Run.objects.of(alice).count() == 3
    assert "Run saved. One you had already." in response.content.decode()


def test_runs_that_are_all_there_are_not_saved_again(as_alice: Client, alice: User) -> None:
    pages = [sent(upload(as_alice, three_runs())) for _ in range(2)]

    for choice in pages:
        response = as_alice.post("/runs/add/several/", choice, follow=True)

    assert Run.objects.of(alice).count() == 3
    assert "Nothing was saved: you have these runs already." in response.content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_save_each_run_once(
    as_alice: Client, alice: User, tmp_path: Path
) -> None:
    choice = sent(upload(as_alice, three_runs()))

    with sqlite_in(tmp_path):
        answers = at_once(
            *(
                partial(browser.post, "/runs/add/several/", choice)
                for browser in (signed_in(alice), signed_in(alice))
            )
        )
        count = Run.objects.of(alice).count()

    assert [answer.status_code for answer in answers] == [302, 302]
    assert count == 3


def test_deleted_run_does_not_come_back_with_an_old_page(as_alice: Client, alice: User) -> None:
    choice = sent(upload(as_alice, three_runs()))
    as_alice.post("/runs/add/several/", choice)
    run_actions.delete_run(Run.objects.of(alice).latest("day"), by=alice)

    as_alice.post("/runs/add/several/", choice)

    assert Run.objects.of(alice).count() == 2


def test_nothing_ticked_is_asked_again(as_alice: Client) -> None:
    choice = {**sent(upload(as_alice, three_runs())), "chosen": []}

    response = as_alice.post("/runs/add/several/", choice)
    fragment = as_alice.post("/runs/add/several/", choice, headers={"HX-Request": "true"})

    assert (response.status_code, fragment.status_code) == (422, 422)
    assert response.context["form"].errors == {"chosen": ["Choose at least one run."]}
    assert len(response.context["form"].rows) == 3
    assert b"<h1" not in fragment.content
    assert not Run.objects.exists()


def test_upload_by_htmx_answers_the_choice_alone(as_alice: Client) -> None:
    response = upload(as_alice, three_runs(), **{"HX-Request": "true"})

    assert b"<h1" not in response.content
    assert b'id="run-form"' in response.content


@pytest.mark.parametrize("number", ["00000000-0000-0000-0000-000000000000", "x", ""])
def test_run_that_was_not_offered_cannot_be_chosen(as_alice: Client, number: str) -> None:
    choice = {**sent(upload(as_alice, three_runs())), "chosen": [number]}

    assert as_alice.post("/runs/add/several/", choice).status_code == 422
    assert not Run.objects.exists()


def changed(choice: dict[str, Any]) -> dict[str, Any]:
    return {**choice, "from_file": choice["from_file"] + "x"}


def missing(choice: dict[str, Any]) -> dict[str, Any]:
    return {"chosen": choice["chosen"]}


@pytest.mark.parametrize("change", [changed, missing])
def test_changed_choice_is_not_believed(
    as_alice: Client, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    choice = change(sent(upload(as_alice, three_runs())))

    response = as_alice.post("/runs/add/several/", choice)

    assert response.status_code == 422
    assert "hoose" in str(response.context["form"].errors["from_file"])
    assert not Run.objects.exists()


def test_choice_of_another_runner_is_not_believed(as_alice: Client, mallory: User) -> None:
    choice = sent(upload(as_alice, three_runs()))
    as_alice.force_login(mallory)

    assert as_alice.post("/runs/add/several/", choice).status_code == 422
    assert not Run.objects.exists()


def test_facts_of_one_run_are_no_choice(as_alice: Client) -> None:
    """Each hidden field opens at its own address only."""
    one = as_alice.post("/runs/add/file/", {"file": SimpleUploadedFile("a.fit", fit(session()))})
    token = one.context["form"]["from_file"].value()

    response = as_alice.post("/runs/add/several/", {"from_file": token, "chosen": ["x"]})

    assert response.status_code == 422


def test_choice_fades_after_a_day(as_alice: Client, noon: time_machine.Traveller) -> None:
    choice = sent(upload(as_alice, three_runs()))

    noon.shift(dt.timedelta(days=1, seconds=1))

    assert as_alice.post("/runs/add/several/", choice).status_code == 422


def test_choice_needs_consent(as_alice: Client, alice: User) -> None:
    choice = sent(upload(as_alice, three_runs()))
    account_actions.withdraw_consent(by=alice)

    response = as_alice.post("/runs/add/several/", choice)

    assert response["Location"] == "/settings/consent/"
    assert not Run.objects.exists()


def test_phone_that_took_a_stroll_for_runs_is_asked_about(
    as_alice: Client, alice: User, data_dir: Path
) -> None:
    response = upload(as_alice, (data_dir / "activities" / PHONE).read_bytes(), PHONE)

    form = response.context["form"]
    assert response.content.decode().count("This is slower than a stroll. Was it a run?") == 2
    assert form["chosen"].value() == [form.offered[2].uid]
    as_alice.post("/runs/add/several/", sent(response, 0, 1, 2))
    assert Run.objects.of(alice).count() == 3


def test_run_without_a_date_cannot_be_chosen(as_alice: Client) -> None:
    """The clock of the watch was set after the first of them."""
    data = fit(session(start=1_000) + session(start=FIRST) + session(start=FIRST + DAY))

    response = upload(as_alice, data)

    form = response.context["form"]
    assert [bool(row.box) for row in form.rows] == [False, True, True]
    assert "Log this one by hand, with its day." in response.content.decode()
    assert as_alice.post("/runs/add/several/", sent(response, 0)).status_code == 422


def test_file_with_a_run_of_tomorrow_is_refused(
    as_alice: Client, noon: time_machine.Traveller
) -> None:
    noon.move_to(dt.datetime(2024, 5, 5, 12, tzinfo=dt.UTC))

    response = upload(as_alice, three_runs())

    assert response.status_code == 422
    assert "By this file the run is of 6 May 2024" in response.context["file_error"]


def test_run_of_another_runner_is_not_known(as_alice: Client, mallory: User) -> None:
    start = dt.datetime.fromtimestamp(FIRST + 631_065_600, dt.UTC)
    make_run(mallory, start.date(), started_at=start)

    rows = upload(as_alice, three_runs()).context["form"].rows

    assert [row.known for row in rows] == [None] * 3


def test_effort_of_the_watch_is_kept(as_alice: Client, alice: User) -> None:
    """Answered on the watch after the run: 40 is 4 of 10."""
    fields = ((2, 4, 0x86), (7, 4, 0x86), (8, 4, 0x86), (9, 4, 0x86), (5, 1, 0), (193, 1, 2))
    head = struct.pack("<BBBHB", 0x40, 0, 0, 18, len(fields)) + b"".join(map(bytes, fields))
    body = b"".join(
        struct.pack("<BIIIIBB", 0, FIRST + n * DAY, 1_800_000, 1_800_000, 500_000, 1, 40)
        for n in range(2)
    )

    as_alice.post("/runs/add/several/", sent(upload(as_alice, fit(head + body))))

    assert {run.effort for run in Run.objects.of(alice)} == {4}


# Runs of the diary that these may be


def typed_like_the_second(alice: User) -> Run:
    """On 5 May 2024, by hand: without a clock time."""
    return make_run(alice, dt.date(2024, 5, 5), distance_m=6_000, duration_s=1_800)


def test_run_that_may_be_there_is_not_ticked(as_alice: Client, alice: User) -> None:
    there = typed_like_the_second(alice)

    response = upload(as_alice, three_runs())

    form = response.context["form"]
    assert [row.perhaps for row in form.rows] == [None, there, None]
    assert form["chosen"].value() == [form.offered[number].uid for number in (0, 2)]
    assert "Perhaps this one of your diary" in response.text


def test_run_ticked_in_spite_of_it_is_another(as_alice: Client, alice: User) -> None:
    typed_like_the_second(alice)
    choice = sent(upload(as_alice, three_runs()), 0, 1, 2)

    as_alice.post("/runs/add/several/", choice)

    assert Run.objects.of(alice).count() == 4


def test_run_typed_since_the_page_was_opened_is_asked_about(as_alice: Client, alice: User) -> None:
    choice = sent(upload(as_alice, three_runs()))
    there = typed_like_the_second(alice)

    response = as_alice.post("/runs/add/several/", choice)

    assert response.status_code == 422
    assert "one of these may be in it" in response.text
    assert list(Run.objects.of(alice)) == [there]
    as_alice.post("/runs/add/several/", sent(response, 0, 1, 2))
    assert Run.objects.of(alice).count() == 4


def test_repeats_of_one_file_are_runs_of_their_own(as_alice: Client, alice: User) -> None:
    """Four minutes apart and as long as each other: from two files they would be taken for one."""
    repeats = fit(
        b"".join(
            session(start=FIRST + n * 240, distance_m=1_000, timer_s=200, elapsed_s=200)
            for n in range(3)
        )
    )

    as_alice.post("/runs/add/several/", sent(upload(as_alice, repeats)))

    assert Run.objects.of(alice).count() == 3
