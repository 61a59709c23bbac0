"""The process that `serve` becomes: it keeps a server and a worker, and leaves nothing behind."""

import contextlib
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests import serving
from tests.serving import ROOT, Visitor

pytestmark = pytest.mark.server


@contextlib.contextmanager
def kept(folder: Path, server: str, worker: str) -> Iterator["subprocess.Popen[str]"]:
    """Two Python programs, which write their process ids into files of that name."""
    commands = []
    for name, program in (("server", server), ("worker", worker)):
        noted = f"import os, pathlib; pathlib.Path({str(folder / name)!r}).write_text("
        noted += f"str(os.getpid())); import signal, sys, time; {program}"
        commands.append([sys.executable, "-c", noted])
    program = "import sys; from runners.web import serving; "
    program += f"sys.exit(serving.keep(*{commands!r}))"
    keeper = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, text=True)
    try:
        yield keeper
    finally:
        keeper.kill()
        keeper.wait()


def pid_of(folder: Path, name: str, *, other_than: int = 0) -> int:
    def read() -> int:
        file = folder / name
        pid = int(file.read_text() or 0) if file.exists() else 0
        return 0 if pid == other_than else pid

    return wait_for(read)


def wait_for(looked_for: Callable[[], int], within_s: float = 20) -> int:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := looked_for():
            return found
        time.sleep(0.02)
    raise AssertionError("It did not happen in time.")


def children_of(pid: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_gone(pid: int) -> bool:
    """Also where nobody has asked for its exit status yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


STAYS = "time.sleep(60)"
ENDS_WELL = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both_promptly(tmp_path: Path, ending: signal.Signals) -> None:
    with kept(tmp_path, ENDS_WELL, STAYS) as keeper:
        pids = [pid_of(tmp_path, "server"), pid_of(tmp_path, "worker")]
        time.sleep(0.2)
        keeper.send_signal(ending)

        assert keeper.wait(timeout=5) == 0
        assert all(is_gone(pid) for pid in pids)


def test_a_server_that_ends_ends_the_worker_and_gives_its_status(tmp_path: Path) -> None:
    with kept(tmp_path, "time.sleep(0.5); sys.exit(7)", STAYS) as keeper:
        worker = pid_of(tmp_path, "worker")

        assert keeper.wait(timeout=10) == 7
        assert is_gone(worker)


def test_a_worker_that_dies_is_started_again_and_the_server_stays(tmp_path: Path) -> None:
    with kept(tmp_path, STAYS, STAYS):
        server, worker = pid_of(tmp_path, "server"), pid_of(tmp_path, "worker")

        for _round in range(2):
            os.kill(worker, signal.SIGKILL)
            worker = pid_of(tmp_path, "worker", other_than=worker)

        assert pid_of(tmp_path, "server") == server
        assert not is_gone(server)


def test_a_killed_keeper_leaves_no_orphan(tmp_path: Path) -> None:
    with kept(tmp_path, STAYS, STAYS) as keeper:
        pids = [pid_of(tmp_path, "server"), pid_of(tmp_path, "worker")]
        time.sleep(0.2)
        keeper.send_signal(signal.SIGKILL)

        wait_for(lambda: all(is_gone(pid) for pid in pids))


def test_serve_may_be_started_in_any_folder(tmp_path: Path) -> None:
    program = "import os, sys; sys.path.insert(0, sys.argv[1]); from runners.web import serving; "
    program += "server = [sys.executable, '-c', 'raise SystemExit(7)']; "
    program += "worker = [sys.executable, '-c', 'import time; time.sleep(60)']; "
    program += "serving.take_over(server, worker, dict(os.environ))"

    started = subprocess.run([sys.executable, "-c", program, str(ROOT)], cwd=tmp_path, timeout=20)

    assert started.returncode == 7


# The real ones


class TakesMail(socketserver.StreamRequestHandler):
    """As little of SMTP as a sender needs."""

    def handle(self) -> None:
        self.say("220 here")
        text: list[str] | None = None
        for line in self.rfile:
            words = line.decode().rstrip("\r\n")
            if text is not None:
                text.append(words)
                if words == ".":
                    self.server.taken.append("\n".join(text))  # type: ignore[attr-defined]
                    text = None
                    self.say("250 taken")
            elif words.upper() == "DATA":
                text = []
                self.say("354 go on")
            else:
                self.say("250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), TakesMail) as server:
        server.daemon_threads = True
        server.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], server.taken  # type: ignore[attr-defined]
        server.shutdown()


def test_a_served_limber_sends_its_mail_from_a_process_of_its_own(
    served_env: Mapping[str, str],
) -> None:
    with mail_server() as (port, taken):
        env = {
            **served_env,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "SITE_URL": "http://limber.test",
        }
        with serving.serving(env) as served:
            visitor = Visitor(served.port)
            visitor.get("/accounts/password/reset/")
            asked = visitor.post("/accounts/password/reset/", email="nobody@example.org")
            assert asked.headers["Location"] == "/accounts/password/reset/done/"
            wait_for(lambda: len(taken))

            pids = children_of(served.process.pid)
            assert len(pids) == 2
            served.process.terminate()
            assert served.process.wait(timeout=10) == 0
            assert all(is_gone(pid) for pid in pids)

    assert len(taken) == 1
    assert "http://limber.test/accounts/signup/" in taken[0]


def test_all_that_a_served_limber_logs_is_json(
    served_env: Mapping[str, str], tmp_path: Path
) -> None:
    """Of its web processes, of the one above them, of the worker, of the one above all."""
    variables = {**served_env, **serving.PRODUCTION}
    del variables["DEBUG"]
    with (tmp_path / "log").open("w+") as log, serving.serving(variables, log) as served:
        visitor = Visitor(served.port, headers=serving.SAID_BY_PROXY)
        given = visitor.get("/nowhere/?secret", **{"X-Request-ID": "0af7" * 8}).headers
        visitor.get("/", Host="secret.example")
        server, worker = children_of(served.process.pid)
        for pid in (children_of(server)[-1], worker):
            os.kill(pid, signal.SIGKILL)
        path = Path(log.name)
        said = ("Unexpected exit from worker", "The worker died", "Bad Request")
        wait_for(lambda: all(each in path.read_text() for each in said))

    start, *lines = path.read_text().splitlines()
    assert start.startswith("Limber is at ")
    told = [json.loads(line) for line in lines]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in told)
    assert all(line["time"].endswith("+00:00") for line in told)
    assert [line["status"] for line in told if line.get("request") == "0af7" * 8] == [404]
    assert given["X-Request-ID"] == "0af7" * 8
    assert "secret" not in path.read_text()
