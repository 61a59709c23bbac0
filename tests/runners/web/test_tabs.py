"""The tabs at the foot and in the header: `runners/web/context.py` says which one is open."""

import re

import pytest
from django.test import Client

from runners.models import User

CURRENT = re.compile(r'<a href="([^"]*)" aria-current="page">')


@pytest.mark.parametrize("tab", ["/today/", "/diary/", "/trends/", "/guidance/"])
@pytest.mark.usefixtures("noon")
def test_page_is_marked_in_the_header_and_in_the_bar(client: Client, alice: User, tab: str) -> None:
    client.force_login(alice)
    assert CURRENT.findall(client.get(tab).text) == [tab, tab]


@pytest.mark.usefixtures("noon")
def test_bar_has_an_icon_for_each_word_and_a_plus_in_the_middle(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    assert shown(client.get("/settings/").text) == ["Today", "Diary", "+", "Trends", "Guidance"]


@pytest.mark.usefixtures("noon")
def test_bar_of_a_coach_has_no_plus(client: Client, bob: User) -> None:
    client.force_login(bob)
    assert shown(client.get("/athletes/").text) == ["Athletes", "Invites", "My log"]


def shown(page: str) -> list[str]:
    """The words beside the icons of the bar."""
    _, _, bar = page.partition('<nav class="tabs"')
    bar, _, _ = bar.partition("</nav>")
    return [word.strip() or "+" for word in re.findall(r"</svg>([^<]*)</(?:a|button)>", bar)]
