"""Before the first questions are answered, few pages work; all others lead to the questions."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import make_user

OPEN = {
    *("runners:healthz", "runners:robots", "runners:security-txt"),
    "runners:csp-reports",
    "runners:welcome",
    "runners:privacy",
    "runners:delete-account",
    "runners:security",  # without a second step, where the host asks for one
    "runners:digest-stop",
    "runners:reminder-stop",
    "guidance:library",
    "guidance:library-article",
    "guidance:library-sources",
    "guidance:library-entry",
}


@pytest.fixture
def newcomer(db: None, client: Client) -> Client:
    client.force_login(make_user("Nora New", welcomed_at=None))
    return client


def views(
    patterns: list[URLPattern | URLResolver], namespace: str = ""
) -> Iterator[tuple[str, bool]]:
    """The name of each, and whether it works before."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from views(pattern.url_patterns, inner)
        else:
            is_open = getattr(pattern.callback, "opens_before_welcome", False)
            yield f"{namespace}{pattern.name}", is_open


def test_these_views_and_those_of_accounts_work_before() -> None:
    found = dict(views(get_resolver().url_patterns))

    assert {name for name, is_open in found.items() if is_open and ":" in name} == OPEN
    assert all(is_open for name, is_open in found.items() if name.startswith("account_"))


@pytest.mark.parametrize(
    "path",
    ["/welcome/", "/privacy/", "/guidance/library/", "/accounts/email/", "/accounts/logout/"],
)
def test_a_page_that_works_before(newcomer: Client, path: str) -> None:
    assert newcomer.get(path).headers.get("Location") != "/welcome/"


@pytest.mark.parametrize("path", ["/", "/today/", "/settings/", "/settings/consent/", "/athletes/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_other_page_leads_to_the_questions(newcomer: Client, path: str, method: str) -> None:
    response = getattr(newcomer, method)(path)

    assert (response.status_code, response["Location"]) == (302, "/welcome/")


@pytest.mark.parametrize("path", ["/static/nothing.css", "/nowhere/"])
def test_what_leads_nowhere_says_so(newcomer: Client, path: str) -> None:
    assert newcomer.get(path).status_code == 404
