"""A runner's own long reads, with a real streaming replica that is level, behind, or away."""

import csv
import io
import os
import re
import signal
import socket
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.db import InternalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.replica import REPLICA, reading_from_replica
from config.replica_settings import settings_of
from runners import replica as replica_module
from runners import standing
from runners.exports.archive import write
from runners.hosting.checkup import all_findings
from runners.hosting.what_ended import close_doors
from runners.models import Run, User
from runners.replica import Health
from tests.factories import PASSWORD, TODAY, days_ago, make_link, make_plan, make_run, make_soreness
from tests.pages import carried
from tests.postgres import replica_of
from tests.races import signed_in
from tests.runners.coaching.links.sharing import page_of

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.usefixtures("noon"),
    pytest.mark.skipif(
        "postgres" not in os.environ.get("DATABASE_URL", ""), reason="SQLite has no replica"
    ),
]

WITHIN_S = 20
OWN = ["/trends/", "/trends/weeks.csv", "/diary/"]
# Of a runner's log. Everything else is the primary's.
LOGS = {"runners_run", "runners_checkin", "runners_sorenessentry", "runners_standing"}


class Standby:
    """The replica, as somebody who looks after it sees it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def ask(self, sql: str) -> Any:
        name = connection.settings_dict["NAME"]
        with psycopg.connect(
            host=str(self.home), user="postgres", dbname=name, autocommit=True
        ) as to:
            return to.execute(sql).fetchone()

    def catch_up(self) -> None:
        """With what is written until now; other tests write to the same server all the time."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            (written,) = cursor.fetchone()
        has_it = f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"
        until(lambda: bool(self.ask(has_it)[0]))

    def pause(self) -> None:
        self.catch_up()
        self.ask("SELECT pg_wal_replay_pause()")
        until(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()")[0] == "paused")

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """All of its processes."""
        main = int((self.home / "data/postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        processes = [main, *map(int, children)]
        try:
            for process in processes:
                os.kill(process, signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def resume(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")


def until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + WITHIN_S
    while not is_so():
        assert monotonic() < deadline
        sleep(0.01)


def home_of_the_primary() -> Path:
    (home,) = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"]
    return Path(home)


@pytest.fixture(scope="module")
def standby_home() -> Iterator[Path]:
    with replica_of(home_of_the_primary()) as own_home:
        yield own_home


@contextmanager
def served_with(host: str, port: str = "") -> Iterator[None]:
    """Limber as it is with this `REPLICA_URL`."""
    ours = connections.settings["default"]
    address = {**ours, "HOST": host, "PORT": port, "USER": "postgres", "OPTIONS": {}}
    connections.settings[REPLICA] = settings_of(address)
    try:
        yield
    finally:
        connections[REPLICA].close()
        connections[REPLICA].close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's
        del connections[REPLICA], connections.settings[REPLICA]


@pytest.fixture
def health(transactional_db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Health:
    """Of a process that has just started, in a test that may open this connection too."""
    ensure = BaseDatabaseWrapper.ensure_connection

    def ensure_connection(self: BaseDatabaseWrapper) -> None:
        if self.connection is None and self.alias == REPLICA:
            with self.wrap_database_errors:
                self.connect()
        else:
            ensure(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", ensure_connection)
    settings.DATABASE_ROUTERS = ["config.replica.Router"]
    monkeypatch.setattr(replica_module, "health", Health())
    return replica_module.health


@pytest.fixture
def standby(health: Health, standby_home: Path) -> Iterator[Standby]:
    standby = Standby(standby_home)
    with served_with(str(standby_home)):
        yield standby
    standby.resume()


@pytest.fixture
def logged(transactional_db: None, alice: User) -> User:
    """Alice with a few days, and where she stands."""
    make_run(alice, days_ago(1), note="by the river")
    make_soreness(alice, days_ago(1))
    make_plan(alice, days_ago(3))
    standing.renew([alice])
    return alice


Asked = dict[str, list[str]]


@contextmanager
def asked() -> Iterator[Asked]:
    """What each of the two databases is asked meanwhile."""
    said: Asked = {"default": [], REPLICA: []}

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said[context["connection"].alias].append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in said:
            stack.enter_context(connections[alias].execute_wrapper(note))
        yield said


def tables(statements: list[str]) -> set[str]:
    return {table for sql in statements for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# What goes where


def test_a_runners_own_long_pages_read_the_log_from_the_replica(
    standby: Standby, logged: User
) -> None:
    client = signed_in(logged)
    page(client, "/today/")
    standby.catch_up()
    for address in OWN:
        with asked() as said:
            page(client, address)

        assert tables(said[REPLICA]) >= {"runners_run", "runners_checkin", "runners_standing"}
        assert tables(said[REPLICA]) <= LOGS | {"runners_user", "django_migrations"}
        assert not tables(said["default"]) & (LOGS - {"runners_standing"})
        assert tables(said["default"]) >= {"runners_session", "runners_user", "runners_standing"}


def test_the_standing_is_asked_for_once_of_each(standby: Standby, logged: User) -> None:
    client = signed_in(logged)
    page(client, "/trends/")
    standby.catch_up()
    for address in ("/trends/", "/diary/"):
        with asked() as said:
            page(client, address)
        for statements in said.values():
            assert sum('FROM "runners_standing"' in sql for sql in statements) == 1


def test_an_export_reads_the_log_from_the_replica_and_the_rest_from_the_primary(
    standby: Standby, logged: User, bob: User
) -> None:
    make_link(bob, logged)
    standby.catch_up()
    with asked() as said:
        taken = archive_of(logged)

    assert "by the river" in taken["runs.csv"]
    assert "Bob Birch" in taken["coaches.csv"]
    of_guidance = {f"guidance_{name}" for name in ("answer", "checkresult", "screen", "plan")}
    assert tables(said[REPLICA]) >= (LOGS | of_guidance)
    kept_back = {"user", "consent", "coachlink", "note", "reminder", "accessrecord", "team"}
    assert tables(said["default"]) >= {f"runners_{name}" for name in kept_back}
    assert not tables(said[REPLICA]) & {f"runners_{name}" for name in kept_back}


def archive_of(person: User) -> dict[str, str]:
    written = io.BytesIO()
    write(person, written)
    with zipfile.ZipFile(written) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_nothing_else_asks_it(standby: Standby, logged: User, bob: User) -> None:
    """Other pages of the runner, pages about somebody else, signing in."""
    make_link(bob, logged)
    runner, coach = signed_in(logged), signed_in(bob)
    standby.catch_up()
    with asked() as said:
        for address in ("today", "settings", "settings/sharing", "guidance", "guidance/plan"):
            page(runner, f"/{address}/")
        page(coach, "/athletes/")
        for part in ("", "diary/", "trends/", "guidance/"):
            page(coach, f"/athletes/{logged.pk}/{part}")
        Client().post("/accounts/login/", {"login": logged.email, "password": "wrong"})
        Client().post("/accounts/login/", {"login": logged.email, "password": PASSWORD})
    assert tables(said["default"]) >= LOGS | {"runners_session"}
    assert said[REPLICA] == []


def test_what_is_written_in_there_goes_to_the_primary(standby: Standby, logged: User) -> None:
    standby.catch_up()
    with reading_from_replica():
        run = Run.objects.of(logged).get()
        assert run._state.db == REPLICA
        run.note = "by the sea"
        run.save(update_fields=["note"])
    assert Run.objects.of(logged).get().note == "by the sea"


def test_it_takes_no_write(standby: Standby, logged: User) -> None:
    standby.catch_up()
    with (
        pytest.raises(InternalError, match="read-only transaction"),
        connections[REPLICA].cursor() as cursor,
    ):
        cursor.execute("UPDATE runners_run SET note = ''")
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SHOW default_transaction_read_only")
        assert cursor.fetchone() == ("on",)


def test_without_one_a_page_asks_nothing_more(logged: User, django_assert_num_queries: Any) -> None:
    client = signed_in(logged)
    page(client, "/trends/weeks.csv")
    with django_assert_num_queries(3) as said:
        page(client, "/trends/weeks.csv")
    assert not [query for query in said.captured_queries if "runners_standing" in query["sql"]]


# Behind


def test_while_it_is_paused_other_peoples_saves_change_nothing(
    standby: Standby, logged: User, bob: User
) -> None:
    client = signed_in(logged)
    page(client, "/today/")
    standby.pause()
    make_run(bob)
    with asked() as said:
        page(client, "/diary/")
    assert "runners_run" in tables(said[REPLICA])


def test_while_it_is_paused_an_own_save_is_seen_at_once(standby: Standby, logged: User) -> None:
    client = signed_in(logged)
    before = rows(page(client, "/trends/weeks.csv"))
    standby.pause()

    run = {"day": TODAY.isoformat(), "distance": "12", "duration": "1:00:00", "note": "up the hill"}
    added = client.post("/runs/add/", {**run, "uid": "9e107d9d-372b-4cba-9a6c-4d3c2f1e0b7a"})
    assert added.status_code == 302, added.content.decode()

    assert "up the hill" in page(client, "/diary/")
    after = rows(page(client, "/trends/weeks.csv"))
    assert sum_of(after) == pytest.approx(sum_of(before) + 12)
    assert "up the hill" in archive_of(logged)["runs.csv"]
    deleted = Run.objects.of(logged).get(note="up the hill")
    client.post(f"/runs/{deleted.uid}/delete/")
    assert rows(page(client, "/trends/weeks.csv")) == before

    standby.resume()
    standby.catch_up()
    with asked() as said:
        assert rows(page(client, "/trends/weeks.csv")) == before
    assert "runners_run" in tables(said[REPLICA])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def sum_of(weeks: list[dict[str, str]]) -> float:
    return sum(float(week["distance_km"] or 0) for week in weeks)


def test_while_it_is_paused_a_switch_turned_off_hides_and_a_sign_out_counts_at_the_next_click(
    standby: Standby, logged: User, bob: User
) -> None:
    link = make_link(bob, logged)
    coach, runner, elsewhere = signed_in(bob), signed_in(logged), signed_in(logged)
    assert "by the river" in page(coach, f"/athletes/{logged.pk}/diary/")
    standby.pause()

    address = page_of(link)
    switches = {"runs": "on", "soreness": "on", "guidance": "on"}
    assert runner.post(address, {**switches, **carried(runner, address)}).status_code == 302
    elsewhere.post("/accounts/logout/")

    link.refresh_from_db()
    assert not link.notes
    assert "by the river" not in page(coach, f"/athletes/{logged.pk}/diary/")
    assert elsewhere.get("/diary/").status_code == 302
    assert "by the river" in page(runner, "/diary/")


def test_a_replica_that_lacks_a_migration_is_not_read(standby: Standby, logged: User) -> None:
    client = signed_in(logged)
    standby.pause()
    newest = MigrationRecorder(connection)
    newest.record_applied("runners", "9999_rows_written_anew")
    try:
        with asked() as said:
            page(client, "/trends/")
        assert "runners_run" not in tables(said[REPLICA])
        standby.resume()
        standby.catch_up()
        with asked() as said:
            page(client, "/trends/")
            page(client, "/trends/")
        assert "runners_run" in tables(said[REPLICA])
        assert sum("django_migrations" in sql for sql in said[REPLICA]) == 1
    finally:
        newest.record_unapplied("runners", "9999_rows_written_anew")


def test_a_runner_without_a_standing_reads_the_primary(standby: Standby, alice: User) -> None:
    make_run(alice)
    client = signed_in(alice)
    standby.catch_up()
    with asked() as said:
        page(client, "/trends/weeks.csv")
    assert tables(said[REPLICA]) <= {"runners_standing"}
    assert "runners_run" in tables(said["default"])


def test_what_a_restore_brings_back_is_not_taken_for_what_was_there(
    standby: Standby, logged: User
) -> None:
    client = signed_in(logged)
    standby.pause()
    Run.objects.of(logged).update(note="by the sea")  # as it was once, with the count of then
    close_doors()
    client.force_login(logged)
    assert "by the sea" in page(client, "/diary/")


# Away


@pytest.fixture
def silent() -> Iterator[str]:
    """The port of somebody who takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


def test_a_dead_one_costs_a_page_a_short_wait_once(
    health: Health, logged: User, silent: str, caplog: Any
) -> None:
    client = signed_in(logged)
    with served_with("127.0.0.1", silent):
        took = []
        for _ in range(3):
            began = monotonic()
            assert "by the river" in page(client, "/diary/")
            took.append(monotonic() - began)

    assert took[0] < 3
    assert max(took[1:]) < 0.8
    said = [record for record in caplog.records if record.name == "runners.replica"]
    assert [record.getMessage() for record in said] == [
        "The replica is left alone for 30 s: the database does not answer"
    ]


def test_one_that_hangs_costs_a_page_a_short_wait_once(standby: Standby, logged: User) -> None:
    """While its machine goes on: what is sent to it arrives, and nothing ends by itself."""
    client = signed_in(logged)
    standby.catch_up()
    page(client, "/diary/")
    connections[REPLICA].close()  # as after each request
    took = []
    with standby.hanging():
        for _ in range(3):
            began = monotonic()
            assert "by the river" in page(client, "/diary/")
            took.append(monotonic() - began)

    assert 1 < took[0] < 5
    assert max(took[1:]) < 0.8


def test_one_that_dies_in_the_middle_of_a_page_costs_nobody_the_page(
    standby: Standby, logged: User
) -> None:
    client = signed_in(logged)
    standby.catch_up()
    page(client, "/diary/")
    with asked() as said:
        page(client, "/diary/")
    killed: list[Any] = []

    def kill(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "runners_checkin" in sql and not killed:
            pid = connections[REPLICA].connection.info.backend_pid
            killed.append(standby.ask(f"SELECT pg_terminate_backend({pid}, 5000)"))
        return execute(sql, params, many, context)

    with asked() as said, connections[REPLICA].execute_wrapper(kill):
        assert "by the river" in page(client, "/diary/")

    assert killed == [(True,)]
    assert "runners_run" in tables(said["default"])


def test_after_a_while_it_is_asked_again(standby: Standby, logged: User, health: Health) -> None:
    health.note(InternalError())
    assert not health.may_be_asked()
    health._left_alone_until = monotonic() - 1
    assert health.may_be_asked()
    assert not health.may_be_asked()  # one at a time, until it has answered
    health.answers()
    assert health.may_be_asked()


# What the doctor says


def said_of_it() -> tuple[bool, str]:
    (found,) = [each for each in all_findings(timezone.now()) if each.what == "replica"]
    return found.is_right, found.said


def test_the_doctor_says_how_it_is(standby: Standby, logged: User) -> None:
    standby.catch_up()
    assert said_of_it() == (True, "It follows the primary.")
    standby.pause()
    is_right, said = said_of_it()
    assert not is_right
    assert "paused" in said


def test_the_doctor_says_where_it_is_none(health: Health) -> None:
    with served_with(str(home_of_the_primary())):
        is_right, said = said_of_it()
    assert not is_right
    assert "no streaming replica" in said


def test_the_doctor_says_that_it_is_away(health: Health, silent: str) -> None:
    with served_with("127.0.0.1", silent):
        is_right, _ = said_of_it()
    assert not is_right
