"""`docs/rules.md` says the figures of the code."""

import datetime as dt

import pytest
from django.conf import settings

from runners.accounts import leaving
from runners.activity_files import unpack
from runners.check_ins import forms as check_in_forms
from runners.coaching.teams import actions as teams
from runners.imports import json_lists, parcels, reading, tables
from runners.limits import MAX_CLIMB_M, MAX_DISTANCE_M, MAX_DURATION_S, SLOWEST_M_PER_S
from runners.models import AccessRecord, CheckIn, Run, Session, SorenessEntry, Team, User
from runners.models.logs import FIRST_DAY
from runners.writes import UNDO_KEPT
from tests.serving import ROOT

PAGE = " ".join((ROOT / "docs/rules.md").read_text().split())
MEGABYTE = 1_000_000


def longest(model: type, field: str) -> str:
    return f"{model._meta.get_field(field).max_length:,}"  # type: ignore[attr-defined]  # a model


def megabytes(figure: int) -> str:
    return f"{figure // MEGABYTE:,} MB"


SAID = [
    f"| {MAX_DISTANCE_M // 1000} km, {MAX_DURATION_S // 3600} hours, {MAX_CLIMB_M:,} m of climb |",
    f"slower than {SLOWEST_M_PER_S} m/s",
    f"from {FIRST_DAY.year} until today",
    f"| spots of one day | {check_in_forms.MAX_SPOTS} |",
    f"| {longest(Run, 'note')} characters; {longest(SorenessEntry, 'note')} |",
    f"| {longest(CheckIn, 'note')} characters; ",
    f"| {longest(User, 'name')} characters; {longest(Team, 'name')} |",
    f"| teams of a coach | {teams.MOST_TEAMS} |",
    f"| {megabytes(unpack.LARGEST_XML)} | {megabytes(unpack.LARGEST_FIT)} |",
    f"| {megabytes(unpack.LARGEST_XML)} | {megabytes(unpack.LARGEST_XML)} |",
    f"| {megabytes(tables.LARGEST)}, {tables.MOST_ROWS:,} rows |",
    f"| {megabytes(json_lists.LARGEST_JSON)}; {megabytes(reading.LARGEST_EXPORT)} |",
    f"| {megabytes(settings.IMPORT_MOST_BYTES)}, {settings.IMPORT_MOST_FILES:,} files,"
    f" {parcels.MOST_ENTRIES:,} entries | {megabytes(parcels.MOST_UNPACKED)} in all",
    f"{megabytes(settings.IMPORT_QUOTA)} lie here at most,"
    f" and {megabytes(settings.IMPORT_DISK_STAYS_FREE)} of the disk",
    f"{dt.timedelta(seconds=settings.SESSION_COOKIE_AGE).days} days without use,"
    f" {Session.LONGEST.days} days in any case",
    "within five minutes" if settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 300 else "",
    "a deleted run for a day" if dt.timedelta(days=1) == UNDO_KEPT else "",
    "left for fourteen days" if leaving.DAYS == 14 else "",
    "for twelve months" if AccessRecord.KEPT_MONTHS == 12 else "",
    f"{settings.EMAIL_TIMEOUT} seconds for the server",
    "three deep" if parcels.DEEPEST == 3 else "",
    "ten a minute and sixty an hour"
    if settings.RATE_LIMITS["read_file"] == "10/m/user,60/h/user"
    else "",
]


@pytest.mark.parametrize("said", SAID)
def test_a_figure_of_the_code_stands_on_the_page(said: str) -> None:
    assert said
    assert said in PAGE
