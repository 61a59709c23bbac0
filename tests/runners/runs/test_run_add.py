"""Adding a run by hand: what is read, what is refused, and nothing stored twice."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from runners.accounts import actions as account_actions
from runners.limits import is_too_fast
from runners.models import Run, User
from runners.runs import actions as run_actions
from tests.factories import TODAY, make_run
from tests.pages import folded, read
from tests.runners.runs.sending import typed

HTMX = {"HX-Request": "true"}


def errors(response: Any) -> dict[str, list[str]]:
    form = response.context["form"]
    return {name: list(messages) for name, messages in form.errors.items()}


def test_form_has_today_and_an_id_of_its_own(as_alice: Client) -> None:
    first = as_alice.get("/runs/add/").context["form"]
    second = as_alice.get("/runs/add/").context["form"]

    assert first["day"].value() == TODAY
    assert first["uid"].value() != second["uid"].value()


def test_form_fragment_has_no_heading(as_alice: Client) -> None:
    page = as_alice.get("/runs/add/").content
    fragment = as_alice.get("/runs/add/", headers=HTMX).content

    assert b"<h1>Log a run</h1>" in page
    assert b"<h1" not in fragment
    assert b'id="run-form"' in fragment


def test_run_is_saved_with_all_that_was_typed(as_alice: Client, alice: User) -> None:
    sent = typed(
        day="2026-11-20", distance="12,4", duration="1:02:30", effort="6", kind="tempo",
        onset_min="40", note="Windy.",
    )  # fmt: skip

    response = as_alice.post("/runs/add/", sent)

    run = Run.objects.of(alice).get()
    assert response["Location"] == f"/runs/{sent['uid']}/"
    assert (run.day, run.distance_m, run.duration_s) == (dt.date(2026, 11, 20), 12_400, 3_750)
    assert (run.effort, run.kind, run.onset_min, run.note) == (6, "tempo", 40, "Windy.")
    assert (run.source, run.started_at, run.load) == ("typed", None, 375)


def test_effort_kind_and_distance_may_stay_unknown(as_alice: Client, alice: User) -> None:
    as_alice.post("/runs/add/", {"day": "2026-11-23", "duration": "45"})

    run = Run.objects.of(alice).get()
    assert (run.duration_s, run.distance_m, run.effort, run.kind) == (2_700, None, None, "")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45", 2_700),
        ("45:00", 2_700),
        (" 1:02:30 ", 3_750),
        ("1:2:30", 3_750),
        ("0:45", 45),
        ("90", 5_400),
        ("75:30", 4_530),
        ("48:00:00", 172_800),
        ("45 min", 2_700),
        ("45 Minutes", 2_700),
        ("45'", 2_700),
        ("1h05", 3_900),
        ("1 h 05 min", 3_900),
        ("1 hour", 3_600),
        ("45 min 30 s", 2_730),
        ("1h 2m 30s", 3_750),
        ("1:10", 70),
    ],
)
def test_duration_is_read(as_alice: Client, alice: User, text: str, seconds: int) -> None:
    as_alice.post("/runs/add/", typed(distance="", duration=text))

    assert Run.objects.of(alice).get().duration_s == seconds


@pytest.mark.parametrize(
    ("text", "units", "metres"),
    [
        ("10", "km", 10_000),
        ("10.55", "km", 10_550),
        ("10,55", "km", 10_550),
        (",5", "km", 500),
        ("6.21", "mi", 9_994),
        ("", "km", None),
        ("5.123456789", "km", 5_123),
        ("5 km", "km", 5_000),
        ("5 KM", "mi", 5_000),
        ("10k", "km", 10_000),
        ("3,1 miles", "km", 4_989),
    ],
)
def test_distance_is_read(
    as_alice: Client, alice: User, text: str, units: str, metres: int | None
) -> None:
    User.objects.update(units=units)

    as_alice.post("/runs/add/", typed(distance=text))

    assert Run.objects.of(alice).get().distance_m == metres


@pytest.mark.parametrize(
    ("distance", "text", "seconds"),
    [
        ("10", "1:10", 4_200),
        ("42.2", "4:30", 16_200),
        ("100", "10:30", 37_800),
        ("0.4", "1:10", 70),
        ("1", "3:30", 210),
        ("10", "50:00", 3_000),
        ("10", "1:10:00", 4_200),
    ],
)
def test_pair_of_figures_is_read_by_the_pace(
    as_alice: Client, alice: User, distance: str, text: str, seconds: int
) -> None:
    as_alice.post("/runs/add/", typed(distance=distance, duration=text))

    assert Run.objects.of(alice).get().duration_s == seconds


def test_pair_that_is_too_slow_in_hours_stays_too_fast(as_alice: Client) -> None:
    response = as_alice.post("/runs/add/", typed(distance="5", duration="2:30"))

    assert "5.00 km in 2:30 is 0:30 /km, faster than anyone has run." in response.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("day", "2026-11-24", "This day has not come yet."),
        ("day", "", "On which day was it?"),
        ("day", "soon", "Write the date as 2026-11-23."),
        ("day", "0026-11-20", "Look at the year: this is too long ago."),
        ("duration", "", "How long did it take?"),
        ("duration", "0", "A run of 0 seconds is no run yet. How long did it take?"),
        ("duration", "0:00:00", "A run of 0 seconds is no run yet. How long did it take?"),
        ("duration", "fast", "Write the time as 45, 45:00 or 1:02:30."),
        ("duration", "-45", "Write the time as 45, 45:00 or 1:02:30."),
        ("duration", "45.5", "Write the time as 45, 45:00 or 1:02:30."),
        ("duration", "min", "Write the time as 45, 45:00 or 1:02:30."),
        ("duration", "1h1h", "Write the time as 45, 45:00 or 1:02:30."),
        ("duration", "1:1:1:1", "Write the time as 45, 45:00 or 1:02:30."),
        ("duration", "٤٥", "Write the time as 45, 45:00 or 1:02:30."),
        (
            "duration",
            "45:75",
            "Minutes and seconds go up to 59. Write the time as 45, 45:00 or 1:02:30.",
        ),
        (
            "duration",
            "1:60:00",
            "Minutes and seconds go up to 59. Write the time as 45, 45:00 or 1:02:30.",
        ),
        ("duration", "48:00:01", "A run can take up to 48 hours. Log a longer one day by day."),
        ("distance", "far", "Write the distance as a number of km: 12.4."),
        ("distance", "1e3", "Write the distance as a number of km: 12.4."),
        ("distance", "5 m", "Write the distance as a number of km: 12.4."),
        ("distance", "-3", "Write the distance as a number of km: 12.4."),
        ("distance", "0", "This is no distance. Leave it empty if you don't know it."),
        ("distance", "1000", "A run can have up to 500 km. Is a decimal point missing?"),
        ("effort", "11", "Choose a number from 1 to 10."),
        ("effort", "0", "Choose a number from 1 to 10."),
        ("kind", "swim", "Choose one of these kinds."),
        ("onset_min", "-1", "Write the minute as a number from 0."),
        ("onset_min", "late", "Write the minute as a whole number."),
        ("onset_min", "51", "The run took 50:00: minute 50 is the last."),
    ],
)
def test_wrong_value_is_refused_with_the_reason(
    as_alice: Client, alice: User, field: str, text: str, reason: str
) -> None:
    response = as_alice.post("/runs/add/", typed(**{field: text}, note="Stays here."))

    assert response.status_code == 422
    assert errors(response) == {field: [reason]}
    assert "Stays here." in response.content.decode()
    assert response.context["form"][field].value() == text
    assert not Run.objects.exists()


@pytest.mark.slow
def test_pace_faster_than_any_human_is_refused(as_alice: Client) -> None:
    response = as_alice.post("/runs/add/", typed(distance="42.2", duration="1:33:00"))

    assert response.status_code == 422
    assert errors(response) == {
        "duration": [
            "42.2 km in 1:33:00 is 2:12 /km, faster than anyone has run."
            " Look at the distance and the time again."
        ]
    }
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("distance_m", "record_s"),
    [(1_000, 132), (3_000, 437), (10_000, 1_571), (21_098, 3_402), (42_195, 7_235)],
)
def test_world_record_passes_and_a_tenth_faster_does_not(distance_m: int, record_s: int) -> None:
    assert not is_too_fast(distance_m, record_s)
    assert is_too_fast(distance_m, record_s * 0.9)


@pytest.mark.parametrize(
    ("zone", "status"), [("Pacific/Auckland", 302), ("Europe/Vienna", 422), ("UTC", 422)]
)
def test_future_is_judged_by_the_day_of_the_runner(
    as_alice: Client, zone: str, status: int
) -> None:
    """At noon of Monday in Vienna it is Tuesday in Auckland."""
    User.objects.update(time_zone=zone)

    response = as_alice.post("/runs/add/", typed(day="2026-11-24"))

    assert response.status_code == status


def test_same_form_twice_is_one_row_and_one_answer(as_alice: Client, alice: User) -> None:
    sent = typed()

    answers = [as_alice.post("/runs/add/", sent) for _ in range(2)]

    assert Run.objects.of(alice).count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


def test_id_of_another_runner_gives_a_run_of_ones_own(as_alice: Client, mallory: User) -> None:
    theirs = make_run(mallory, note="Mallory's.")

    as_alice.post("/runs/add/", typed(uid=str(theirs.uid)))

    theirs.refresh_from_db()
    assert theirs.note == "Mallory's."
    assert Run.objects.count() == 2


def test_form_of_a_deleted_run_offers_undo(as_alice: Client, alice: User) -> None:
    sent = typed()
    as_alice.post("/runs/add/", sent)
    run_actions.delete_run(Run.objects.of(alice).get(), by=alice)

    response = as_alice.post("/runs/add/", sent, follow=True)

    assert response.redirect_chain == [("/diary/", 302)]
    assert f'action="/runs/{sent["uid"]}/restore/"' in response.content.decode()


def test_nothing_is_saved_without_consent(as_alice: Client, alice: User) -> None:
    account_actions.withdraw_consent(by=alice)

    response = as_alice.post("/runs/add/", typed())

    assert response["Location"] == "/settings/consent/"
    assert not Run.objects.exists()


# The form


def places(page: str, *parts: str) -> list[int]:
    assert [part for part in parts if part not in page] == []
    return [page.index(part) for part in parts]


def test_distance_and_time_come_first(as_alice: Client) -> None:
    page = read(as_alice, "/runs/add/")

    order = places(
        page, 'name="distance"', 'name="duration"', 'name="effort"', "More", 'name="kind"',
        'name="onset_min"', 'name="note"', 'type="file"', "Save run",
    )  # fmt: skip
    assert order == sorted(order)
    assert page.count("autofocus") == 1
    assert '<a class="back" href="/today/" aria-label="Back to Today">' in page
    assert '<details class="card unfold">' in page
    assert "Today" in page[page.index("data-day") : page.index("change the day")]


def test_a_form_that_comes_back_has_no_focus_of_its_own(as_alice: Client) -> None:
    page = as_alice.post("/runs/add/", typed(duration="")).text

    assert "autofocus" not in page


@pytest.mark.parametrize(
    "fields", [{"note": "Windy."}, {"kind": "easy"}, {"onset_min": "0"}, {"onset_min": "x"}]
)
def test_more_is_open_where_something_stands_in_it(
    as_alice: Client, fields: dict[str, str]
) -> None:
    page = as_alice.post("/runs/add/", typed(duration="", **fields)).text

    assert '<details class="card unfold" open>' in page


@pytest.mark.parametrize(
    ("day", "shown", "is_open"),
    [
        ("2026-11-23", "Today", False),
        ("2026-11-20", "Fri 20 Nov", False),
        ("2025-11-20", "Thu 20 Nov 2025", False),
        ("soon", "Which day?", True),
        ("2026-11-24", "Tue 24 Nov", True),
    ],
)
def test_the_day_stands_on_its_pill(as_alice: Client, day: str, shown: str, is_open: bool) -> None:
    page = folded(as_alice.post("/runs/add/", typed(duration="", day=day)).text)

    assert f"<span data-day> {shown} </span>" in page
    assert ('<details class="when" open>' in page) is is_open
