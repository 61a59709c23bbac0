"""Two web hosts with a disk each: what one of them takes, the other one has."""

import datetime as dt
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import serving
from tests.load import sign_up
from tests.serving import Answer, Visitor

pytestmark = pytest.mark.server

PATIENCE_S = 30
BLANK = {"effort": "4", "kind": "", "onset_min": "", "note": ""}
FILE = "activities/fit-run-fr110-header-crc-zero.fit"


@dataclass(frozen=True, slots=True)
class Hosts:
    """`first` has no worker. Each keeps what is its own in a folder of its name."""

    first: serving.Served
    second: serving.Served
    home: Path


@pytest.fixture(scope="module")
def hosts(
    served_env: dict[str, str], collected: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hosts]:
    home = tmp_path_factory.mktemp("hosts")
    database = served_env.get("DATABASE_URL", f"sqlite:///{served_env['LOCAL_DIR']}/limber.sqlite3")
    shared = {"SHARED_DIR": f"{home}/shared", "BACKUP_DIR": f"{home}/backups"}
    envs = [
        {**served_env, **shared, "DATABASE_URL": database, "LOCAL_DIR": f"{home}/{name}"}
        for name in ("first", "second")
    ]
    for env in envs:
        shutil.copytree(collected, Path(env["LOCAL_DIR"], "static"))
    with (
        serving.serving(envs[0], None, "--without-worker") as first,
        serving.serving(envs[1]) as second,
    ):
        yield Hosts(first, second, home)


@dataclass(slots=True)
class Nia:
    """One browser, whose requests go now to this host and now to that."""

    visitor: Visitor

    def to(self, host: serving.Served) -> Visitor:
        self.visitor.port = host.port
        self.visitor.headers["X-CSRFToken"] = self.visitor.token
        return self.visitor


@pytest.fixture
def nia(hosts: Hosts) -> Nia:
    """Signed up at the first."""
    return Nia(sign_up(Visitor(hosts.first.port), f"{uuid.uuid4().hex}@example.org"))


def wait_for(ask: Callable[[], Answer], has: bytes) -> Answer:
    until = time.monotonic() + PATIENCE_S
    while has not in (answer := ask()).body:
        assert time.monotonic() < until, answer.body.decode(errors="replace")
        time.sleep(0.5)
    return answer


def test_who_signed_in_at_one_is_known_at_the_other_until_the_end(hosts: Hosts, nia: Nia) -> None:
    assert nia.to(hosts.second).get("/diary/").status == 200
    assert nia.to(hosts.second).post("/accounts/logout/").status == 302
    assert nia.to(hosts.first).get("/diary/").status == 302


def test_what_was_saved_at_one_is_on_the_pages_of_the_other(hosts: Hosts, nia: Nia) -> None:
    """Also on those that are worked out, and kept in the memory of each process."""
    today = dt.datetime.now(dt.UTC).date()
    for number in range(4):
        at_second = [nia.to(hosts.second).get("/guidance/").status for _ in range(4)]
        run, day = uuid.uuid4(), str(today - dt.timedelta(days=1 + number))
        typed = {"uid": str(run), "day": day, "duration": "31:00", "distance": f"5.{number}3"}
        saved = nia.to(hosts.first).post("/runs/add/", **typed, **BLANK)
        assert (saved.status, {*at_second}) == (302, {200})
        pages = [nia.to(hosts.second).get(f"/runs/{run}/").body for _ in range(4)]
        assert {f"5.{number}3".encode() in page for page in pages} == {True}


def test_an_upload_begun_at_one_is_sent_to_the_other_and_read_by_its_worker(
    hosts: Hosts, nia: Nia, data_dir: Path
) -> None:
    uid, kind = uuid.uuid4(), "application/octet-stream"
    file = (data_dir / FILE).read_bytes()
    listed = f"{len(file)}\t{FILE}".encode()

    assert nia.to(hosts.first).send(f"/import/{uid}/begin/", listed, kind).status == 200
    assert nia.to(hosts.second).send(f"/import/{uid}/parts/0/", file, kind).status == 200

    wait_for(lambda: nia.to(hosts.first).get(f"/import/{uid}/"), b"report.csv")
    assert not (hosts.home / "first/imports").exists()
    assert not (hosts.home / "second/imports").exists()


def test_what_one_worker_made_is_taken_out_at_the_other(hosts: Hosts, nia: Nia) -> None:
    uid = str(uuid.uuid4())
    assert nia.to(hosts.first).post("/export/", uid=uid).status == 302

    made = wait_for(lambda: nia.to(hosts.first).get(f"/export/{uid}.zip"), b"PK")

    assert made.status == 200
    assert [path.name for path in (hosts.home / "shared").iterdir()].count("exports") == 1
