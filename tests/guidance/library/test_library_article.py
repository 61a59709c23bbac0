"""The article behind the library: each of its paragraphs has a place."""

from django.test import Client

from guidance.knowledge import current_knowledge
from tests.pages import read

LIBRARY = "/guidance/library/"


def test_every_paragraph_has_a_place(client: Client) -> None:
    page = read(client, LIBRARY + "article/")
    for note in current_knowledge().article.values():
        assert f'id="paragraph-{note.paragraph}"' in page
        assert note.says in page
        assert note.care in page
