"""An entry of the library: what each kind says, under which address and name."""

import pytest
from django.template import Context, Template
from django.test import Client

from guidance.knowledge import current_knowledge
from guidance.library.entries import entries, url_of
from guidance.rules.catalogue import Cause, Check, Remedy
from guidance.saying import say
from tests.pages import read

LIBRARY = "/guidance/library/"
EVERY_ID = [
    id_
    for shelf in (
        current_knowledge().causes,
        current_knowledge().signals,
        current_knowledge().patterns,
        current_knowledge().checks,
        current_knowledge().questions,
        current_knowledge().remedies,
        current_knowledge().flags,
        current_knowledge().levels,
    )
    for id_ in shelf
]


def test_every_id_is_in_the_library_once() -> None:
    assert sorted(entries()) == sorted(EVERY_ID)
    assert len({entry.url for entry in entries().values()}) == len(EVERY_ID)


@pytest.mark.parametrize("id_", EVERY_ID)
def test_every_id_has_a_page_for_anyone(client: Client, id_: str) -> None:
    entry = entries()[id_]
    page = read(client, url_of(id_))
    assert f"<h1>{entry.name}</h1>" in page
    assert "Not a diagnosis" in page
    for source in entry.thing.sources:
        assert current_knowledge().sources[source].words in page


FOUND = [
    id_
    for id_, entry in entries().items()
    if isinstance(entry.thing, Cause | Check | Remedy) and entry.thing.found
]


@pytest.mark.parametrize("id_", FOUND)
def test_page_shows_what_was_found_where_and_how_sure_that_is(client: Client, id_: str) -> None:
    page = read(client, url_of(id_))
    thing = entries()[id_].thing
    assert isinstance(thing, Cause | Check | Remedy)
    assert page.count("What was found") == page.count("How sure that makes us") == 1
    assert f"evidence: {current_knowledge().words['evidence'][thing.evidence]}" in page
    lines = page.partition("What was found")[2].partition("How sure that makes us")[0]
    for found in thing.found:
        assert found.words in lines
        assert [key for key in found.sources if f'href="{url_of(key)}"' not in lines] == []


def test_what_nobody_tested_says_so(client: Client) -> None:
    page = read(client, url_of("remedy:cat_cow"))
    assert "What was found" not in page
    assert "the view of experts only" in page
    assert "Nobody has tested it" in page


def test_judgement_is_named_as_ours(client: Client) -> None:
    assert "our judgement" in read(client, url_of("alt:low_back_referred"))


@pytest.mark.parametrize(
    ("id_", "address"),
    [
        ("cause:weak_glutes", "causes/weak-glutes/"),
        ("alt:doms", "explanations/doms/"),
        ("check:heel_to_seat", "checks/heel-to-seat/"),
        ("remedy:cat_cow", "remedies/cat-cow/"),
        ("flag:limp", "warning-signs/limp/"),
        ("sig:slr_long", "signals/slr-long/"),
        ("pattern:recurring", "patterns/recurring/"),
        ("ask:onset", "questions/onset/"),
        ("no_pattern", "outcomes/no-pattern/"),
        ("escalate:urgent", "levels/urgent/"),
    ],
)
def test_address_is_made_of_the_id(id_: str, address: str) -> None:
    assert url_of(id_) == LIBRARY + address


def test_address_of_an_unknown_id_is_refused() -> None:
    with pytest.raises(KeyError):
        url_of("remedy:leeches")


def test_filter_gives_the_address() -> None:
    shown = Template("{{ id|library_url }}").render(Context({"id": "remedy:plank"}))
    assert shown == LIBRARY + "remedies/plank/"


@pytest.mark.parametrize(
    "address",
    ["checks/doms/", "causes/doms/", "causes/leeches/", "potions/plank/", "checks/heel_to_seat/"],
)
def test_wrong_kind_or_slug_is_404(client: Client, db: None, address: str) -> None:
    assert client.get(LIBRARY + address).status_code == 404


def test_cause_leads_to_checks_and_remedies(client: Client) -> None:
    page = read(client, url_of("cause:weak_glutes"))
    cause = current_knowledge().causes["cause:weak_glutes"]
    linked = (*cause.best_next, *cause.starter_plan, "sig:late_onset", "sig:sudden_moment")
    assert [id_ for id_ in linked if f'href="{url_of(id_)}"' not in page] == []
    assert cause.against in page
    assert f'href="{LIBRARY}article/#paragraph-7"' in page


def test_check_shows_steps_ranges_and_when_not(client: Client) -> None:
    page = read(client, url_of("check:single_leg_bridge"))
    check = current_knowledge().checks["check:single_leg_bridge"]
    words = (
        check.not_with,
        *check.steps,
        *(band.shown for band in check.bands if band.shown[0].isdigit()),
        *(say(block.said) for block in check.blocks),
    )
    assert [line for line in words if line not in page] == []
    assert f'href="{url_of("sig:bridge_low")}"' in page


def test_remedy_shows_dose_forms_and_when_not(client: Client) -> None:
    page = read(client, url_of("remedy:eccentric_hamstring"))
    remedy = current_knowledge().remedies["remedy:eccentric_hamstring"]
    words = (remedy.dose, remedy.easier, remedy.harder, remedy.effect, remedy.against)
    assert [line for line in words if line not in page] == []
    assert [block for block in remedy.blocks if say(block.said) not in page] == []
    assert f'href="{url_of("cause:overlengthened_hamstrings")}"' in page


def test_warning_sign_says_what_to_do(client: Client) -> None:
    page = read(client, url_of("flag:calf_swelling"))
    assert " ".join(current_knowledge().flags["flag:calf_swelling"].do) in page
    assert "Get care today" in page
    assert f'href="{url_of("remedy:massage")}"' in page


@pytest.mark.parametrize(
    ("id_", "name"),
    [
        ("sig:front_short", "Front of the thigh measures short"),
        ("sig:back_linked", "Does it follow the back?"),
        ("sig:plank_low", "Plank held only a short time"),
    ],
)
def test_evidence_line_without_its_answer_has_a_name(id_: str, name: str) -> None:
    assert entries()[id_].name == name


def test_no_entry_is_listed_with_a_blank() -> None:
    lines = [f"{entry.name} {entry.short}" for entry in entries().values()]
    assert [line for line in lines if "…" in line or "{" in line] == []
