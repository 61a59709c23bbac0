"""What a first visit costs over the wire, measured at the real server with the demo data."""

from collections.abc import Iterator

import pytest

from tests import serving
from tests.serving import Visitor

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def ana(served_env: dict[str, str]) -> Iterator[Visitor]:
    """Looks around as the demo runner."""
    serving.manage(served_env, "load_demo")
    with serving.serving(served_env) as served:
        visitor = Visitor(served.port)
        visitor.get("/")
        visitor.post("/demo/")
        yield visitor


@pytest.mark.parametrize(
    ("path", "limit"),
    [("/today/", 60_000), ("/trends/", 150_000)],  # bytes
)
def test_first_visit_is_light(ana: Visitor, path: str, limit: int) -> None:
    answers = ana.first_visit(path)
    costs = {address: answer.on_the_wire for address, answer in answers.items()}
    assert [address for address, answer in answers.items() if answer.status != 200] == []
    assert sum(costs.values()) < limit, costs
