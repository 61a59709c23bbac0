"""Sore places that a note names, offered to be marked: never by itself, and once."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import strip_tags

from runners.imports import actions, jobs
from runners.models import CheckIn, Run, SorenessEntry, User
from tests.factories import TODAY, days_ago, make_check_in, make_run, make_soreness
from tests.pages import read
from tests.runners.imports.test_import import _own_storage

__all__ = ["_own_storage"]

LIST = Path(__file__).parents[2] / "data/exports/runkeeper_cardioActivities.csv"
OFFERED = "Your note names a sore place"
SPOT = {"kind": "pain", "timing": "during", "intensity": "4"}


def page(client: Client, run: Run) -> str:
    return read(client, f"/runs/{run.uid}/")


def mark(client: Client, day: Any = TODAY, **said: Any) -> Any:
    return client.post(f"/check-in/{day}/mark/", {**SPOT, **said}, follow=True)


def test_one_tap_where_all_of_it_was_said(as_alice: Client, alice: User) -> None:
    run = make_run(alice, TODAY, note="Right knee pain 4/10 from km 8.")
    html = page(as_alice, run)
    assert OFFERED in html
    assert '<input type="hidden" name="place" value="knee-right">' in html
    assert '<option value="4" selected>4</option>' in html
    response = mark(as_alice, place="knee-right", back=f"/runs/{run.uid}/")
    assert response.redirect_chain[-1][0] == f"/runs/{run.uid}/"
    assert "Right knee marked." in strip_tags(response.content.decode())
    spot = SorenessEntry.objects.of(alice).get()
    assert (spot.area, spot.side, spot.kind, spot.intensity) == ("knee", "right", "pain", 4)
    assert spot.check_in.partial
    assert OFFERED not in page(as_alice, run)


def test_what_was_not_said_stays_open(as_alice: Client, alice: User) -> None:
    html = page(as_alice, make_run(alice, TODAY, note="Tight calf."))
    assert '<input type="checkbox" name="place" value="calf-left"> Left calf' in html
    assert '<option value="">1 to 10</option>' in html
    assert "selected" not in html[html.index(OFFERED) :]
    unfinished: list[dict[str, Any]] = [{"place": []}, {"place": "calf-left", "intensity": ""}]
    for said in unfinished:
        response = mark(as_alice, **said)
        assert "Not marked yet." in strip_tags(response.content.decode())
    assert not CheckIn.objects.exists()


def test_sent_twice_it_is_marked_once(as_alice: Client, alice: User) -> None:
    for _ in range(2):
        response = mark(as_alice, place=["calf-left", "calf-right"])
    assert "That was marked already." in strip_tags(response.content.decode())
    assert SorenessEntry.objects.of(alice).count() == 2


def test_a_full_check_in_stays_full_and_its_spots_stay(as_alice: Client, alice: User) -> None:
    check_in = make_check_in(alice, TODAY, note="Slept badly.")
    make_soreness(alice, TODAY, area="knee", side="right", intensity=8)
    mark(as_alice, place=["knee-right", "calf-left"])
    assert dict(SorenessEntry.objects.of(alice).values_list("area", "intensity")) == {
        "knee": 8,
        "calf": 4,
    }
    check_in.refresh_from_db()
    assert (check_in.partial, check_in.note) == (False, "Slept badly.")


@pytest.mark.parametrize(
    "said",
    [
        {"place": "evil"},
        {"place": "knee"},
        {"place": "knee-right", "intensity": "11"},
        {"place": "knee-right", "intensity": "0"},
        {"place": "knee-right", "kind": "evil"},
        {"place": "knee-right", "timing": ""},
    ],
)
def test_bad_input_changes_nothing(as_alice: Client, said: dict[str, str]) -> None:
    assert mark(as_alice, **said).status_code == 200
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "back",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"),
        *("nowhere", "no:page", "runners:diary", "diary/", "\0", ""),
    ],
)
def test_the_way_back_leads_nowhere_else(as_alice: Client, back: str) -> None:
    response = as_alice.post(
        f"/check-in/{TODAY}/mark/", {**SPOT, "place": "knee-right", "back": back}
    )
    assert response["Location"] == "/today/"


def test_no_day_to_come_is_marked(as_alice: Client) -> None:
    assert mark(as_alice, days_ago(-1), place="knee-right").status_code == 422
    assert mark(as_alice, "1969-01-01", place="knee-right").status_code == 404
    assert not CheckIn.objects.exists()


def test_without_consent_nothing_is_marked(as_alice: Client, alice: User) -> None:
    alice.consents.all().delete()
    mark(as_alice, place="knee-right")
    assert not CheckIn.objects.exists()


def test_a_note_that_says_it_is_fine_is_offered_nothing(as_alice: Client, alice: User) -> None:
    html = page(as_alice, make_run(alice, TODAY, note="Great run, knee seems fine."))
    assert OFFERED not in html


def test_after_an_import_the_notes_of_those_years_speak(as_alice: Client, alice: User) -> None:
    file = SimpleUploadedFile(LIST.name, LIST.read_bytes())
    brought = actions.begin([file], uid=uuid.uuid4(), by=alice)
    jobs.read_next()
    address = f"/import/{brought.uid}/"
    html = read(as_alice, address)
    assert "Sore places in your notes" in html
    assert html.count('action="/check-in/2013-') == 20
    mark(as_alice, "2013-04-20", place="knee-right", back=address)
    spot = SorenessEntry.objects.of(alice).get()
    assert spot.check_in.partial
    assert 'action="/check-in/2013-04-20/mark/"' not in read(as_alice, address)
