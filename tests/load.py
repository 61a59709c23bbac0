"""Requests that no browser would send, in bounds: large, slow and many, to this machine alone."""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from deploy.cluster.network import family
from tests.serving import Visitor

PIECE = 1_000_000  # bytes
PATIENCE_S = 20
NOT_CHECKED = ssl.create_default_context()  # a certificate made for one test
NOT_CHECKED.check_hostname = False
NOT_CHECKED.verify_mode = ssl.CERT_NONE
FORM = {
    "name": "Nia",
    "units": "km",
    "time_zone": "Europe/Vienna",
    "week_start": "1",
    "age_band": "adult",
}


def connect(port: int, *, tls: bool = False, source: str = "127.0.0.1") -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), PATIENCE_S, (source, 0))
    return NOT_CHECKED.wrap_socket(plain) if tls else plain


def head(path: str, *headers: str) -> bytes:
    """Of a form that is posted."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: multipart/form-data; boundary=edge",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def large_body(
    port: int,
    path: str,
    size: int,
    *,
    chunked: bool = False,
    tls: bool = False,
    cookies: str = "",
    meanwhile: Callable[[], None] = lambda: None,
) -> bytes:
    """Send as much of it as is taken; gives the start of the answer."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    start = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    with connect(port, tls=tls) as line:
        with contextlib.suppress(OSError):  # what is refused is not read to the end
            line.sendall(head(path, length, f"Cookie: {cookies}"))
            for piece in (start, *([b"a" * PIECE] * (size // PIECE))):
                line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
                meanwhile()
        meanwhile()
        return line.recv(4096)


@contextlib.contextmanager
def slow_ones(
    port: int, number: int, start: bytes, *, tls: bool = False
) -> Iterator[list[socket.socket]]:
    """So many connections that have sent the start of a request and hang."""
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(connect(port, tls=tls)) for _ in range(number)]
        for line in lines:
            line.sendall(start)
        sleep(1)  # so that each is where it hangs
        yield lines


def drip(lines: list[socket.socket], piece: bytes = b"a") -> int:
    """One more piece each; gives how many still take it."""
    taken = 0
    for line in lines:
        with contextlib.suppress(OSError):
            line.sendall(piece)
            taken += 1
    return taken


def seconds(call: Callable[[], object]) -> float:
    start = monotonic()
    call()
    return monotonic() - start


def wait_until_settled(pid: int) -> None:
    """Until a server and all its processes have loaded what they load at their start."""
    until, before, now = monotonic() + PATIENCE_S, 0, 1
    while now - before > PIECE and monotonic() < until:
        before = sum(map(resident, family(pid)))
        sleep(1)
        now = sum(map(resident, family(pid)))


LET_GO_S = 5.0  # within which a server removes what it wrote for a request


@dataclass(slots=True)
class Grown:
    """How much a server and all its processes have grown at most, in bytes, since the start."""

    pid: int
    folder: Path
    disk: int = 0
    memory: int = 0
    before: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.before = self._now()

    def look(self) -> None:
        disk, memory = self._now()
        self.disk = max(self.disk, disk - self.before[0])
        self.memory = max(self.memory, memory - self.before[1])

    def disk_left(self) -> int:
        """On the disk once the answer is there: a moment later its files are let go."""
        until = monotonic() + LET_GO_S
        while (left := self._now()[0] - self.before[0]) > 0 and monotonic() < until:
            sleep(0.05)
        return left

    def _now(self) -> tuple[int, int]:
        processes = family(self.pid)
        disk = folder_size(self.folder) + sum(map(unnamed, processes))
        return disk, sum(map(resident, processes))


def folder_size(folder: Path) -> int:
    size = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            size += file.stat().st_size if file.is_file() else 0
    return size


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


def unnamed(pid: int) -> int:
    """Bytes in files that a process holds open and that have no name any more."""
    size = 0
    with contextlib.suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                size += handle.stat().st_size if "(deleted)" in str(handle.readlink()) else 0
    return size


def sign_up(visitor: Visitor, email: str = "new@example.org") -> Visitor:
    """A new account, through the pages as a browser does it."""
    visitor.get("/accounts/signup/")
    person = {"email": email, "password1": "walk-before-you-run", "consent": "on"}
    assert visitor.post("/accounts/signup/", **person).status == 302
    visitor.get("/accounts/login/")
    known = {"login": person["email"], "password": person["password1"]}
    assert visitor.post("/accounts/login/", **known).status == 302
    visitor.get("/welcome/")
    assert visitor.post("/welcome/", **FORM).headers["Location"] == "/guidance/care-first/?step=2"
    return visitor


def multipart(visitor: Visitor, file: bytes) -> tuple[bytes, str]:
    """The body and its type."""
    token = visitor.token.encode()
    part = b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"csrfmiddlewaretoken", b"", token) + part % (b"file", b'; filename="x"', file)
    return body + b"--edge--\r\n", "multipart/form-data; boundary=edge"
