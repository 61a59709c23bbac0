"""`manage.py serve`, started as `make run` starts it."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runners import demo
from tests import serving
from tests.bench.processes import tree
from tests.serving import Visitor

pytestmark = pytest.mark.server
FAR_FUTURE = "max-age=315360000, public, immutable"


@pytest.fixture(scope="module")
def served(served_env: dict[str, str]) -> Iterator[serving.Served]:
    with serving.serving(served_env) as served:
        yield served


def test_landing_page_is_served_whole(served: serving.Served) -> None:
    answers = Visitor(served.port).first_visit("/")
    assert {address: answer.status for address, answer in answers.items()} == dict.fromkeys(
        answers, 200
    )
    assert len(answers) > 3  # the page, its style, its scripts


def test_static_files_come_compressed_and_stay_in_the_cache(served: serving.Served) -> None:
    pieces = Visitor(served.port).first_visit("/")
    for address in [a for a in pieces if a.endswith((".css", ".js"))]:
        headers = Visitor(served.port).get(address, **{"Accept-Encoding": "br"}).headers
        assert headers["Content-Encoding"] == "br", address
        assert headers["Cache-Control"] == FAR_FUTURE, address


def test_unknown_host_is_refused(served: serving.Served) -> None:
    assert Visitor(served.port).get("/", Host="evil.example").status == 400


def test_demo_runner_can_look_around(served_env: dict[str, str], served: serving.Served) -> None:
    assert demo.EMAIL in serving.manage(served_env, "load_demo")
    visitor = Visitor(served.port)
    visitor.get("/")
    assert visitor.post("/demo/").status == 302
    assert visitor.get("/settings/").status == 200


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_server_ends_cleanly(
    served_env: dict[str, str], tmp_path: Path, ending: signal.Signals
) -> None:
    with serving.serving(served_env, cwd=tmp_path) as served:
        served.process.send_signal(ending)
        assert served.process.wait(timeout=20) == 0


def test_without_a_worker_it_is_the_server_alone_in_any_folder(
    served_env: dict[str, str], tmp_path: Path
) -> None:
    with serving.serving(served_env, None, "--without-worker", cwd=tmp_path) as served:
        commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in tree(served.process.pid)]
        assert all("preloaded.py" in command for command in commands)
        assert len(commands) == 3  # it, and two that answer
        served.process.terminate()
        assert served.process.wait(timeout=20) == 0


def test_taken_port_is_told_in_one_line(served_env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=serving.ROOT,
            env=served_env,
            capture_output=True,
            text=True,
        )
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == [
        f"CommandError: Cannot serve on 127.0.0.1:{port}: Address already in use."
        f" Another port may be free: PORT={port + 1} make run"
    ]
