"""Starts a real Limber, `manage.py serve`, beside the tests, and asks it what a browser asks."""

import contextlib
import gzip
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import IO

import psycopg

ROOT = Path(__file__).resolve().parent.parent
START_S = 30  # seconds within which the server must answer
# Of the tests' own environment a server gets nothing that could change how it behaves.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")

TRYING_OUT = {"DEBUG": "True", "HASHED_STATIC": "True"}
PRODUCTION = {
    "SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "127.0.0.1",
    "HOST_NAME": "Limber",
    "HOST_CONTACT": "hello@limber.example",
    "BEHIND_PROXY": "True",
}
SAID_BY_PROXY = {"X-Forwarded-Proto": "https"}


def environment(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a Limber that keeps its files in `home`."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "LOCAL_DIR": str(home), **variables}


def manage(env: Mapping[str, str], *command: str) -> str:
    """What `manage.py` printed; it must have succeeded."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def prepare(env: Mapping[str, str]) -> None:
    """The steps of `make run` before the server starts."""
    manage(env, "migrate", "--verbosity", "0")
    manage(env, "collectstatic", "--noinput", "--verbosity", "0")


@contextlib.contextmanager
def own_database(address: str | None) -> Iterator[dict[str, str]]:
    """Variables for an empty database beside the one of the tests, on the same kind of server."""
    if not address or not address.startswith("postgres"):
        yield {}  # an SQLite file of its own
        return
    parts = urllib.parse.urlsplit(address)
    name = f"served_{uuid.uuid4().hex}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        yield {"DATABASE_URL": parts._replace(path=f"/{name}").geturl()}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def on_the_wire(self) -> int:
        """Bytes of head and body, as they were sent."""
        head = sum(len(f"{name}: {value}\r\n".encode()) for name, value in self.headers.items())
        return head + len(self.body)


@dataclass(slots=True)
class Visitor:
    """Asks a server, each time over a new connection, and keeps cookies as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None

    @property
    def token(self) -> str:
        """For a form. In production its cookie has the prefix of this host."""
        return self.cookies.get("__Host-csrftoken") or self.cookies.get("csrftoken", "")

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Answer:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, headers)

    def send(self, path: str, body: bytes, kind: str) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": kind})

    def _ask(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**self.headers, **headers, **({"Cookie": cookies} if cookies else {})}
        connection = self._connection()
        with contextlib.closing(connection):
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        return answer

    def _connection(self) -> http.client.HTTPConnection:
        if self.tls is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.tls)

    def first_visit(self, path: str) -> dict[str, Answer]:
        """The page and all that a browser fetches for it with an empty cache, by address.

        Asks for gzip, which browsers take without TLS as well; over TLS Brotli makes it less.
        """
        page = self.get(path, **{"Accept-Encoding": "gzip"})
        answers = {path: page}
        waiting = pieces_of_page(unpacked(page))
        while waiting:
            address = waiting.pop()
            if address not in answers:
                piece = self.get(address, **{"Accept-Encoding": "gzip"})
                answers[address] = piece
                waiting += pieces_of_piece(address, unpacked(piece))
        return answers


def unpacked(answer: Answer) -> str:
    if answer.headers["Content-Encoding"] == "gzip":
        return gzip.decompress(answer.body).decode(errors="replace")
    return answer.body.decode(errors="replace")


def pieces_of_page(html: str) -> list[str]:
    """Addresses of styles, scripts, icons and pictures of a page of our own."""
    return re.findall(r'<(?:script|img|source)\b[^>]*?\bsrc(?:set)?="(/[^"]+)"', html) + re.findall(
        r'<link\b[^>]*?\bhref="(/[^"]+)"', html
    )


def pieces_of_piece(address: str, text: str) -> list[str]:
    """What a style sheet or a module brings with it in turn."""
    if address.endswith(".css"):
        found = re.findall(r"""url\(["']?([^"')]+)|@import ["']([^"']+)""", text)
    elif address.endswith(".js"):
        found = re.findall(r"""^import\b[^"']*(["'])([^"']+)\1""", text, re.MULTILINE)
    else:
        return []
    names = [name for pair in found for name in pair if name not in {"", "'", '"'}]
    own = [name for name in names if not name.startswith("data:")]
    return [urllib.parse.urljoin(address, name) for name in own]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    env: Mapping[str, str], log: IO[str] | None = None, *options: str, cwd: Path = ROOT
) -> Iterator["Served"]:
    """A server that answers by the time the block begins, and is gone after it.

    It has a line for each request, and nobody reads a pipe meanwhile: so they go to a file.
    """
    port = free_port()
    with log or tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), *options],
            cwd=cwd,
            env=env,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_until_open(port, process, said)
            yield Served(port, process)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass(frozen=True, slots=True)
class Served:
    port: int
    process: "subprocess.Popen[str]"


def wait_until_open(port: int, process: "subprocess.Popen[str]", said: IO[str]) -> None:
    """The workers listen on one socket: the first answer shows that one of them is there."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            Visitor(port).get("/privacy/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    process.wait()
    said.seek(0)
    raise AssertionError(f"The server did not start:\n{said.read()}")
