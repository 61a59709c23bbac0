"""Slow, large and hostile requests through `deploy/nginx.conf`: Limber answers others meanwhile."""

import contextlib
import ssl
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.conftest import Behind
from tests.load import (
    Grown,
    connect,
    drip,
    head,
    large_body,
    multipart,
    seconds,
    sign_up,
    slow_ones,
)
from tests.serving import Visitor

MEGABYTE = 1_000_000
POLICY = "Content-Security-Policy"
PATIENT_S = 2.0  # what somebody with an innocent page waits at most
NOTED_WITHIN_S = 5  # nginx answers first
GIVEN_BACK_S = 6  # by nginx, what a flood before has taken: 100 at 20 a second
TOKEN = "a-token-that-no-log-may-hold"
FORM = head("/accounts/login/", "Content-Length: 1000", "Cookie: csrftoken=x") + b"--edge"
FILE = head("/runs/add/file/", "Content-Length: 20000000", "Cookie: __Host-sessionid=x") + b"--edge"


def slowest_page(behind: Behind) -> float:
    """Seconds of the slowest of a few pages, a form that is sent among them."""
    visitor = behind.visitor()
    times = [seconds(lambda: visitor.get("/accounts/login/")) for _ in range(5)]
    form = {"login": "nobody@example.org", "password": "wrong"}
    return max(*times, seconds(lambda: visitor.post("/accounts/login/", **form)))


@pytest.mark.parametrize("number", [20, 200])
def test_slow_bodies_hold_nobody_up(behind: Behind, number: int) -> None:
    with slow_ones(behind.port, number, FORM, tls=True) as lines:
        assert slowest_page(behind) < PATIENT_S
        drip(lines)
        assert slowest_page(behind) < PATIENT_S


def test_slow_uploads_are_few_for_one_visitor(behind: Behind) -> None:
    with slow_ones(behind.port, 40, FILE, tls=True) as lines:
        assert slowest_page(behind) < PATIENT_S
        refused = 0
        for line in lines:
            line.settimeout(0.2)
            try:
                refused += line.recv(100).startswith(b"HTTP/1.1 429")
            except TimeoutError:
                continue
        assert refused == 30


def test_a_silent_body_ends(behind: Behind) -> None:
    with slow_ones(behind.port, 20, FORM, tls=True) as lines:
        time.sleep(12)
        for line in lines:
            line.settimeout(1)
            with contextlib.suppress(ConnectionError):
                assert line.recv(100)[:12] in (b"", b"HTTP/1.1 408")


def test_slow_headers_hold_nobody_up_and_end(behind: Behind) -> None:
    with slow_ones(
        behind.port, 200, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", tls=True
    ) as lines:
        ends = time.monotonic() + 14
        while time.monotonic() < ends:
            alive = drip(lines)
            assert slowest_page(behind) < PATIENT_S
            time.sleep(1)
        assert alive == 0


def test_slow_readers_hold_nobody_up(behind: Behind) -> None:
    ask = b"GET /privacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20
    with slow_ones(behind.port, 100, ask, tls=True):
        assert slowest_page(behind) < PATIENT_S


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_a_large_body_fills_neither_disk_nor_memory(behind: Behind, chunked: bool) -> None:
    front = Grown(behind.nginx.pid, behind.home)
    limber = Grown(behind.limber.process.pid, behind.home)

    def look() -> None:
        front.look()
        limber.look()

    answer = large_body(
        behind.port,
        "/accounts/login/",
        300 * MEGABYTE,
        chunked=chunked,
        tls=True,
        meanwhile=look,
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert front.disk < 3 * MEGABYTE
    assert limber.disk < 3 * MEGABYTE
    assert front.memory < 20 * MEGABYTE
    assert limber.memory < 20 * MEGABYTE


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_a_large_body_past_nginx_is_not_read_either(behind: Behind, chunked: bool) -> None:
    grown = Grown(behind.limber.process.pid, behind.home)

    answer = large_body(
        behind.limber.port,
        "/accounts/login/",
        300 * MEGABYTE,
        chunked=chunked,
        meanwhile=grown.look,
    )

    # Past the proxy nothing says that TLS is there: Limber sends it away, and reads nothing either.
    assert answer.startswith((b"HTTP/1.1 413 ", b"HTTP/1.1 301 "))
    assert grown.disk < 3 * MEGABYTE
    assert grown.memory < 20 * MEGABYTE


@pytest.mark.parametrize("path", ["/runs/add/file/", f"/import/{uuid.uuid4()}/parts/0/"])
def test_an_upload_without_a_session_ends_at_nginx(behind: Behind, path: str) -> None:
    grown = Grown(behind.nginx.pid, behind.home)

    answer = large_body(behind.port, path, 20 * MEGABYTE, tls=True, meanwhile=grown.look)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert grown.disk < MEGABYTE


def test_the_largest_file_and_part_of_somebody_signed_in_arrive(behind: Behind) -> None:
    visitor = sign_up(behind.visitor())
    visitor.headers["X-CSRFToken"] = visitor.token
    upload, kind = f"/import/{uuid.uuid4()}", "application/octet-stream"

    assert visitor.send(f"{upload}/begin/", b"4000000\tyears.zip", kind).status == 200
    part = visitor.send(f"{upload}/parts/0/", b"x" * 4 * MEGABYTE, kind)

    assert part.body.endswith(b"\n\n4000000")  # and nothing is lacking

    answer = visitor.send("/runs/add/file/", *multipart(visitor, b"<" * 25 * MEGABYTE))

    assert answer.status == 422
    assert b"too large" not in answer.body


@pytest.mark.parametrize("size", [9_000, 60_000, 5 * MEGABYTE])
def test_a_large_header_is_refused(behind: Behind, size: int) -> None:
    with connect(behind.port, tls=True) as line:
        with contextlib.suppress(OSError):
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * size + b"\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400 ")
    assert slowest_page(behind) < PATIENT_S


def test_a_forged_address_changes_nothing(behind: Behind) -> None:
    statuses = []
    for n in range(31):
        visitor = behind.visitor()
        visitor.headers["X-Forwarded-For"] = f"192.0.2.{n}"
        visitor.get("/accounts/login/")
        form = {"login": f"made-up-{n}@example.org", "password": "wrong"}
        statuses.append(visitor.post("/accounts/login/", **form).status)

    assert statuses[-1] == 429


def test_a_flood_of_pages_is_slowed_down(behind: Behind) -> None:
    def page(_n: int) -> int:
        return behind.visitor().get("/privacy/").status

    time.sleep(6)  # so that what came before counts no more
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(page, range(300)))

    assert statuses.count(200) >= 100
    assert set(statuses) == {200, 429}


def test_what_nginx_answers_alone_says_what_pages_say(behind: Behind) -> None:
    time.sleep(GIVEN_BACK_S)
    alone = behind.visitor().post("/import/", uid="x")
    page = behind.visitor().get("/privacy/")

    assert (alone.status, page.status) == (413, 200)
    for answer in (alone, page):
        for name in ("Strict-Transport-Security", "X-Content-Type-Options", POLICY):
            assert len(answer.headers.get_all(name, [])) == 1, name
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers[POLICY]


def test_old_ciphers_are_refused(behind: Behind) -> None:
    def greet(cipher: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(cipher)
        with connect(behind.port) as line, context.wrap_socket(line):
            pass

    greet("ECDHE-ECDSA-AES128-GCM-SHA256")
    for cipher in ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
        with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
            greet(cipher)


def test_who_asks_without_tls_is_led_there_but_for_a_monitor(behind: Behind) -> None:
    plain = Visitor(behind.plain_port)

    page, monitor = plain.get("/privacy/"), plain.get("/healthz", Authorization="Bearer x")

    assert (page.status, page.headers["Location"]) == (301, "https://127.0.0.1/privacy/")
    assert (monitor.status, monitor.headers["Location"]) == (403, None)
    assert {each.headers["X-Content-Type-Options"] for each in (page, monitor)} == {"nosniff"}


def test_no_log_holds_a_token_or_a_query(behind: Behind) -> None:
    """Not of pages that are missing, too large, too many, nor while Limber is away."""
    paths = [f"/invitations/{TOKEN}/", f"/plan/{TOKEN}.ics", f"/nowhere/?{TOKEN}", f"/{TOKEN}/"]
    visitor = behind.visitor()
    time.sleep(GIVEN_BACK_S)
    ids = []
    for path in paths:
        ids.append(visitor.get(path, **{"X-Request-ID": TOKEN}).headers["X-Request-ID"])
        large_body(behind.port, path, 3 * MEGABYTE, tls=True)
    threads = [threading.Thread(target=lambda: behind.visitor().get(paths[0])) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    behind.limber.process.terminate()
    behind.limber.process.wait(timeout=20)
    assert visitor.get(paths[0]).status == 502

    deadline = time.monotonic() + NOTED_WITHIN_S
    while "GET 502" not in (said := behind.logs()):
        assert time.monotonic() < deadline, said

    assert TOKEN not in said
    # One id in both logs, whatever the visitor says of it.
    assert [said.count(id_) for id_ in ids] == [2] * len(paths)
