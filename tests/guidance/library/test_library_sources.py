"""The sources of the library: each has a place, and something that rests on it."""

import pytest
from django.test import Client

from guidance.knowledge import current_knowledge
from guidance.library.entries import url_of
from guidance.library.page import entries_from_source
from tests.pages import read

LIBRARY = "/guidance/library/"


@pytest.mark.slow
@pytest.mark.parametrize("key", current_knowledge().sources)
def test_every_source_has_a_place(client: Client, key: str) -> None:
    page = read(client, LIBRARY + "sources/")
    assert f'id="{key}"' in page
    assert current_knowledge().sources[key].words.lower() in page.lower()
    assert url_of(key) == f"{LIBRARY}sources/#{key}"


def test_every_source_leads_to_what_rests_on_it(client: Client) -> None:
    page = read(client, LIBRARY + "sources/")
    studies = [key for key in current_knowledge().sources if key not in ("ARTICLE", "JUDGE")]
    assert page.count("Behind: ") == len(studies)
    assert [key for key in studies if not entries_from_source(key)] == []
