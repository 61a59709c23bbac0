"""No page of a host shows anything that anybody logged, nor reads a table of it."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import runners.hosts
from guidance.models import FlagAnswer, Screen
from runners import standing
from runners.models import SharedStanding, Standing, User
from tests.factories import (
    days_ago,
    make_check_in,
    make_check_result,
    make_done,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_session,
    make_soreness,
    make_suggestion,
)
from tests.runners.hosts.acts import page_of
from tests.test_boundaries import MODULES, imports_of
from tests.test_coach_access import ALL

# What a host may know of people, and what tells how the machine does.
READ_FROM = {
    "account_emailaddress",
    "django_migrations",
    "mfa_authenticator",
    "post_office_email",
    "runners_coachapproval",
    "runners_coachlink",
    "runners_export",
    "runners_import",
    "runners_importshare",
    "runners_securityevent",
    "runners_session",
    "runners_user",
}
MODELS = {
    *("AccessRecord", "CoachApproval", "CoachLink", "Export", "ExportState", "Import"),
    *("SecurityEvent", "SecurityEventKind", "Session", "User"),
}
# Words and figures that stand nowhere but in what people logged.
SENTINELS = ("Quokka", "Zeppelin", "Marzipan", "Wombat", "77.3", "48.0", "77310")
OF_BODIES = ("hamstring", "calf", "tightness", "soreness", "sore ", "glutes", "plank", "injur")
LOGS = re.compile(r"\b\d+(\.\d+)? (km|mi|runs?|check-ins?)\b")


@pytest.fixture
def full(as_hanna: Client, alice: User, bob: User, hanna: User) -> list[str]:
    """A database in which everything about health is filled; gives the addresses of all pages."""
    for person in (alice, bob, hanna):
        make_run(person, distance_m=77_310, note="Quokka hill")
        for ago in range(12):
            make_soreness(person, days_ago(ago), intensity=7, note="Zeppelin behind the knee")
        make_check_in(person, days_ago(20), note="Marzipan")
        make_check_result(person)
        make_done(make_plan(person))
        screen = Screen.objects.create(runner=person, result="some", day=days_ago(0))
        FlagAnswer.objects.create(screen=screen, flag="flag:night_pain", yes=True)
        standing.current(person)
    make_link(bob, alice, ALL)
    make_link(hanna, bob, ALL)
    make_note(bob, alice, "Wombat pace, please")
    make_suggestion(bob, alice)
    standing.renew_stale_links(bob)
    make_session(alice)
    assert Standing.objects.count() == 3
    assert SharedStanding.objects.exists()
    pages = ["/host/", "/host/accounts/", "/host/coaching/", "/host/security/"]
    pages += ["/host/accounts/?q=alice&state=never", "/host/coaching/?q=bob"]
    for person in (alice, bob, hanna):
        pages += [page_of(person)] + ([f"{page_of(person)}erase/"] if person != hanna else [])
    return pages


def test_none_of_what_is_logged_is_on_any_page(as_hanna: Client, full: list[str]) -> None:
    assert "Quokka" in as_hanna.get("/diary/").text  # so that it would be seen
    for address in full:
        response = as_hanna.get(address)
        assert response.status_code == 200
        main = response.text.partition("<main")[2]
        said = [word for word in (*SENTINELS, *OF_BODIES) if word.lower() in main.lower()]
        assert (address, said, LOGS.findall(main)) == (address, [], [])


def test_no_table_of_what_is_logged_is_read(as_hanna: Client, full: list[str]) -> None:
    asked: set[str] = set()
    for address in full:
        with CaptureQueriesContext(connection) as queries:
            as_hanna.get(address)
        sql = " ".join(query["sql"] for query in queries)
        asked |= set(re.findall(r'(?:FROM|JOIN|UPDATE|INTO) "(\w+)"', sql))

    assert asked <= READ_FROM
    assert asked > {"runners_user", "runners_coachlink", "runners_import", "runners_securityevent"}


def test_their_modules_import_no_log() -> None:
    modules = [name for name in MODULES if name.startswith("runners.hosts.")]
    rooms = ("check_ins", "diary", "runs", "weeks", "standing", "digests", "prepared", "models.")
    imported = [name for module in modules for name in imports_of(module)]

    assert [n for n in imported if n.startswith(tuple(f"runners.{room}" for room in rooms))] == [
        *["runners.models.rows"]
    ]
    assert [name for name in imported if name.startswith("guidance")] == []
    assert models_named() <= MODELS


def models_named() -> set[str]:
    """The names that modules of this room import from `runners.models`."""
    names: set[str] = set()
    for path in Path(runners.hosts.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "runners.models":
                names |= {alias.name for alias in node.names}
    assert "User" in names
    return names
