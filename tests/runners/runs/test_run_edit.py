"""Changing a run."""

import datetime as dt

import pytest
from django.test import Client

from runners.models import Run, User
from tests.factories import days_ago, make_run
from tests.pages import carried
from tests.runners.runs.sending import typed

HTMX = {"HX-Request": "true"}


def test_edit_form_is_filled(as_alice: Client, alice: User) -> None:
    run = make_run(alice, distance_m=12_345, duration_s=3_750, effort=7, kind="race")

    form = as_alice.get(f"/runs/{run.uid}/edit/").context["form"]

    page = str(form)
    assert 'value="12.345"' in page
    assert 'value="1:02:30"' in page
    assert (form["effort"].value(), form["kind"].value()) == (7, "race")


@pytest.mark.parametrize("units", ["km", "mi"])
def test_edit_without_a_change_changes_nothing(as_alice: Client, alice: User, units: str) -> None:
    User.objects.update(units=units)
    run = make_run(alice, distance_m=15_049, climb_m=80, source="fit", fingerprint="f" * 64)
    before = Run.objects.filter(pk=run.pk).values().get()
    form = as_alice.get(f"/runs/{run.uid}/edit/").context["form"]
    sent = {field.name: field.value() or "" for field in form}

    as_alice.post(f"/runs/{run.uid}/edit/", sent)

    after = Run.objects.filter(pk=run.pk).values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


def test_edit_changes_the_run(as_alice: Client, alice: User) -> None:
    run = make_run(alice, effort=5, kind="easy")

    edit = f"/runs/{run.uid}/edit/"

    response = as_alice.post(edit, typed(distance="", duration="30") | carried(as_alice, edit))

    run.refresh_from_db()
    assert response["Location"] == f"/runs/{run.uid}/"
    assert (run.distance_m, run.duration_s, run.effort, run.kind) == (None, 1_800, None, "")


def test_other_day_forgets_the_hour(as_alice: Client, alice: User) -> None:
    started_at = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
    run = make_run(alice, started_at=started_at)

    edit = f"/runs/{run.uid}/edit/"

    as_alice.post(edit, typed(day="2026-11-20") | carried(as_alice, edit))

    run.refresh_from_db()
    assert (run.day, run.started_at) == (dt.date(2026, 11, 20), None)


def test_wrong_edit_is_refused(as_alice: Client, alice: User) -> None:
    run = make_run(alice)

    response = as_alice.post(f"/runs/{run.uid}/edit/", typed(distance="1000"), headers=HTMX)

    run.refresh_from_db()
    assert response.status_code == 422
    assert b"<h1" not in response.content
    assert b'value="1000"' in response.content
    assert run.distance_m == 10_000


def test_run_can_be_edited_after_a_flight_west(as_alice: Client, alice: User) -> None:
    run = make_run(alice, days_ago(-1))
    edit = f"/runs/{run.uid}/edit/"

    as_alice.post(edit, typed(day="2026-11-24", note="hot") | carried(as_alice, edit))

    run.refresh_from_db()
    assert run.note == "hot"
