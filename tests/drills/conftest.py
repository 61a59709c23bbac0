"""A Limber behind a real nginx with the configuration of `deploy/`, all of it on this machine."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import serving
from tests.load import NOT_CHECKED, connect
from tests.serving import Visitor

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
START_S = 10
WHOLE = """\
daemon off;
{user}
pid {home}/nginx.pid;
error_log {home}/start.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {home}/bodies;
    proxy_temp_path {home}/answers;
    fastcgi_temp_path {home}/1;
    uwsgi_temp_path {home}/2;
    scgi_temp_path {home}/3;
    include {home}/limber.conf;
}}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.drill)


@dataclass(frozen=True, slots=True)
class Behind:
    """Limber, and the nginx in front of it; `plain_port` is that without TLS."""

    limber: serving.Served
    nginx: "subprocess.Popen[bytes]"
    port: int
    plain_port: int
    home: Path

    def visitor(self) -> Visitor:
        return Visitor(self.port, headers={"Referer": "https://127.0.0.1/"}, tls=NOT_CHECKED)

    def logs(self) -> str:
        return "".join(log.read_text() for log in self.home.glob("*.log"))


@pytest.fixture(scope="module")
def behind(
    served_env: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Behind]:
    assert NGINX is not None, "The drills need nginx: make drill gets it, or says how."
    home = tmp_path_factory.mktemp("behind")
    variables = {**served_env, **serving.PRODUCTION, "TMPDIR": str(home)}
    del variables["DEBUG"]
    with (home / "limber.log").open("w+") as log, serving.serving(variables, log) as limber:
        port, plain_port = serving.free_port(), serving.free_port()
        configure(home, port=port, plain_port=plain_port, to=limber.port)
        nginx = subprocess.Popen([NGINX, "-c", home / "nginx.conf", "-p", home])
        try:
            wait_until_open(port, nginx, home)
            yield Behind(limber, nginx, port, plain_port, home)
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def configure(home: Path, *, port: int, plain_port: int, to: int) -> None:
    """The configuration as it is, but for ports, paths and a certificate of its own."""
    conf = (serving.ROOT / "deploy/nginx.conf").read_text()
    changes = {
        r"^ *listen \[.*\n": "",
        r"listen 80;": f"listen 127.0.0.1:{plain_port};",
        r"listen 443 ": f"listen 127.0.0.1:{port} ",
        r"server 127\.0\.0\.1:8000": f"server 127.0.0.1:{to}",
        r"/etc/limber/tls/": f"{home}/",
        r"<limber\.example\.org>": "127.0.0.1",
        r"/var/log/nginx/": f"{home}/",
    }
    for pattern, written in changes.items():
        conf, found = re.subn(pattern, written, conf, flags=re.MULTILINE)
        assert found, pattern
    (home / "limber.conf").write_text(conf)
    user = "user root;" if os.getuid() == 0 else ""  # its folder is closed to others
    (home / "nginx.conf").write_text(WHOLE.format(home=home, user=user))
    make_certificate(home)


def make_certificate(home: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-keyout", str(home / "key.pem"), "-out", str(home / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )


def wait_until_open(port: int, nginx: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and nginx.poll() is None:
        try:
            connect(port).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    nginx.kill()
    raise AssertionError((home / "start.log").read_text())
