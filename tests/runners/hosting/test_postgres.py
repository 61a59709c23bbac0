"""How the tools of PostgreSQL are called. That they do their work is shown by `test_restore.py`."""

import pytest

from runners.hosting import Refused, postgres

PARAMS = {
    "dbname": "limber",
    "user": "limber",
    "password": "secret",
    "host": "db.example.org",
    "sslmode": "require",
    "options": "-c lock_timeout=2500ms",
    "pool": True,
    "prepare_threshold": None,
}


class Connection:
    def get_connection_params(self) -> dict[str, object]:
        return PARAMS


@pytest.fixture(autouse=True)
def _connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "connection", Connection())


def test_the_password_stands_in_no_list_of_processes() -> None:
    address = postgres._address()
    assert sorted(address.split()) == [
        "dbname=limber",
        "host=db.example.org",
        "sslmode=require",
        "user=limber",
    ]
    postgres._run("sh", "-c", 'test "$PGPASSWORD" = secret')


def test_what_a_tool_says_is_told() -> None:
    with pytest.raises(Refused, match=r"sh failed: no such server$"):
        postgres._run("sh", "-c", "echo no such; echo server; exit 1")
    with pytest.raises(Refused, match="apt-get install postgresql-client"):
        postgres._run("there-is-no-such-tool")
