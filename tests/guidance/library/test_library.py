"""The library. An anonymous visitor costs no query: only tests that sign in ask for a database."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.knowledge import current_knowledge
from guidance.library.entries import entries, search, url_of
from tests.pages import read

LIBRARY = "/guidance/library/"
HTMX = {"HX-Request": "true"}


def test_front_page_leads_to_every_page(client: Client) -> None:
    page = read(client, LIBRARY)
    assert [e.id for e in entries().values() if f'href="{e.url}"' not in page] == []


def test_front_page_says_what_evidence_means(client: Client) -> None:
    page = read(client, LIBRARY)
    assert [m for m in current_knowledge().words["evidence"].values() if m not in page] == []


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("bridge", "check:single_leg_bridge"),
        ("BRIDGES", "check:single_leg_bridge"),
        ("massa", "remedy:massage"),
        ("nerve irrit", "alt:sciatic_neural"),
        ("cola", "flag:dark_urine"),
        ("tuck the tail", "remedy:standing_quad_stretch"),
        ("60 footballers", "cause:weak_glutes"),
        ("amateurs", "remedy:physical_therapy"),
        ("hard chair", "check:sit_bone"),
    ],
)
def test_search_finds_by_word_and_beginning(wanted: str, first: str) -> None:
    assert search(wanted)[0].id == first


def test_search_wants_all_words() -> None:
    assert search("bridge submarine") == []


@pytest.mark.parametrize(
    "wanted",
    ["", " ", "?", "%", "(((", "\0", "' OR 1=1 --", "<script>alert(1)</script>", "a" * 100_000],
)
def test_hostile_search_is_harmless(client: Client, wanted: str) -> None:
    response = client.get(LIBRARY, {"q": wanted})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_search_without_hits_says_so(client: Client) -> None:
    assert "No page has these words" in read(client, LIBRARY + "?q=submarine")


def test_search_answers_htmx_with_a_fragment(client: Client) -> None:
    fragment = client.get(LIBRARY, {"q": "plank"}, headers=HTMX).text.strip()
    assert fragment.startswith('<div class="stack" id="found">')
    assert "<h1" not in fragment
    assert url_of("remedy:plank") in fragment


@pytest.mark.parametrize("address", [LIBRARY, LIBRARY + "causes/weak-glutes/"])
def test_signed_in_visitor_costs_three_queries(
    as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    with django_assert_num_queries(3):  # session, user, open warning
        assert as_alice.get(address).status_code == 200
