"""The sources of the library: each has a place."""

import pytest
from django.test import Client

from guidance.knowledge import current_knowledge
from guidance.library.entries import url_of
from tests.pages import read

LIBRARY = "/guidance/library/"


@pytest.mark.slow
@pytest.mark.parametrize("key", current_knowledge().sources)
def test_every_source_has_a_place(client: Client, key: str) -> None:
    page = read(client, LIBRARY + "sources/")
    assert f'id="{key}"' in page
    assert current_knowledge().sources[key].words.lower() in page.lower()
    assert url_of(key) == f"{LIBRARY}sources/#{key}"
