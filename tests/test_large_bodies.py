"""A real server and bodies larger than it wants: neither its disk nor its memory fills."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import serving
from tests.load import Grown, large_body, multipart, sign_up, wait_until_settled
from tests.serving import Visitor

pytestmark = pytest.mark.server
MEGABYTE = 1_000_000
LARGE = 60 * MEGABYTE
ROUNDS = 4  # so that each of the processes has shown one


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("large-bodies")


@pytest.fixture(scope="module")
def served(served_env: dict[str, str], home: Path) -> Iterator[serving.Served]:
    with serving.serving({**served_env, "TMPDIR": str(home)}) as served:
        for _ in range(ROUNDS):  # what a process takes for its first pages is not that of a body
            Visitor(served.port).get("/accounts/login/")
        wait_until_settled(served.process.pid)
        yield served


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/runs/add/file/", "/nowhere/"])
def test_a_large_anonymous_body_is_not_read(
    served: serving.Served, home: Path, path: str, chunked: bool
) -> None:
    grown = Grown(served.process.pid, home)

    answer = large_body(served.port, path, LARGE, chunked=chunked, meanwhile=grown.look)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    assert grown.disk < MEGABYTE
    assert grown.memory < 20 * MEGABYTE


def test_the_file_of_somebody_signed_in_is_read_and_not_kept(
    served: serving.Served, home: Path
) -> None:
    visitor = sign_up(Visitor(served.port))
    grown = Grown(served.process.pid, home)

    answer = visitor.send("/runs/add/file/", *multipart(visitor, b"<" * 24 * MEGABYTE))

    assert answer.status == 422
    assert b"That was too large" not in answer.body
    assert grown.disk_left() < MEGABYTE
