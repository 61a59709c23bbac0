"""Every route, every form on it and every file it takes, attacked by everybody.

Routes come from the URLs, fields from the pages themselves: a new page is attacked the day it is
written. Everybody asks for the addresses of Zebedea, who has a row in every table. What a request
does is taken back before the next one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from runners.hosting.tables import Sum, Table, columns, in_order, name, plain, read
from runners.models import Import, ImportState, User
from tests.drills import hostile
from tests.drills.everybody import (
    COACH,
    HALF_WAY,
    HOST,
    OWNER,
    PEOPLE,
    SOMEBODY,
    STRANGER,
    Browser,
    World,
    read_all,
    whole_world,
)
from tests.drills.hostile import VALUES
from tests.drills.routes import Field, Form, route_of
from tests.test_access import SIGN_IN, TABLE
from tests.test_coach_access import ROWS
from tests.zebedea import ADDRESS, NAME, WORD

pytestmark = pytest.mark.django_db
OTHER_PEOPLE = [who for who in PEOPLE if who not in (OWNER, COACH)]
OTHERS = ("HEAD", "PUT", "DELETE", "OPTIONS", "BREW")
WRITES = ("UPDATE", "DELETE")
MOST_OF_A_FORM = 10  # of a form with many fields each gets some of the values

# Where nobody is answered with anything but a 404, and why.
NOT_REACHED = {
    "runners:look-around": "only where the demo is: `tests/runners/accounts/test_landing.py`",
    "mfa_remove_webauthn": "only a browser makes a passkey: `tests/browser/test_second_step.py`",
}
# Mail programs post there on their own (RFC 8058): the address is the proof. And browsers, of what
# they have refused: nothing of it is stored.
OF_OTHERS = {"runners:digest-stop", "runners:reminder-stop", "runners:csp-reports"}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with (
        django_db_blocker.unblock(),
        whole_world(tmp_path_factory.mktemp("every-route")) as made,
    ):
        yield made


def told(wrong: list[str]) -> str:
    return "\n".join(["", *wrong])


# Who may


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` are those of hers that stand in the answer."""

    route: str
    method: str
    address: str
    status: int
    fault: str
    is_refused: bool
    words: tuple[str, ...]


@pytest.fixture(scope="module")
def asked(world: World) -> dict[str, list[Asked]]:
    """By everybody, for each route by each method, and for some more of its addresses."""
    return {who: list(ask_for_all(world, who)) for who in PEOPLE}


def ask_for_all(world: World, who: str) -> Iterator[Asked]:
    for number, route in enumerate(world.routes):
        first = world.reached(route)[0][1]
        her_coachs = world.found[COACH].addresses.get(route, [])[:1]
        others = OTHERS if who == OWNER else OTHERS[number % len(OTHERS) :][:1]
        ways = [(method, first, False) for method in ("GET", "POST", *others)]
        if who in (STRANGER, SOMEBODY, OWNER, COACH, HOST):
            ways += [("GET", first, True)]
        ways += [("GET", address, False) for address in her_coachs if address != first]
        for method, address, htmx in ways:
            answer = world.people[who].ask(method, address, htmx=htmx)
            said = answer.content.decode(errors="replace")
            yield Asked(
                route,
                f"{method} by htmx" if htmx else method,
                address,
                answer.status,
                answer.fault(address),
                answer.leads_to_sign_in or answer.status == 404,
                tuple(word for word in (WORD, NAME, ADDRESS) if word in said),
            )


def test_somebody_is_answered_by_every_route(world: World, asked: dict[str, list[Asked]]) -> None:
    """With something of its own: neither that it is not there, nor that the method is wrong."""
    answered = {
        each.route
        for who in (STRANGER, OWNER, COACH, HOST, HALF_WAY)
        for each in asked[who]
        if each.method in ("GET", "POST") and not each.is_refused and each.status != 405
    }

    assert world.routes.keys() - answered == NOT_REACHED.keys()


def test_what_is_public_is_what_the_tables_say(world: World) -> None:
    told = {row[0] for row in (*TABLE, *ROWS) if row[3] != SIGN_IN}

    assert {route.name for route in world.routes.values() if route.is_public} == told


@pytest.mark.parametrize("who", PEOPLE)
def test_no_method_breaks_a_route(asked: dict[str, list[Asked]], who: str) -> None:
    wrong = [f"{each.method} {each.address}: {each.fault}" for each in asked[who] if each.fault]
    assert not wrong, told(wrong)


def test_strangers_have_to_sign_in(world: World, asked: dict[str, list[Asked]]) -> None:
    shut = {route.name for route in world.routes.values() if not route.is_public}

    assert [each for each in asked[STRANGER] if each.route in shut and not each.is_refused] == []


@pytest.mark.parametrize("who", OTHER_PEOPLE)
def test_nobody_else_reads_what_she_wrote(asked: dict[str, list[Asked]], who: str) -> None:
    """A host knows who has an account."""
    for word in (WORD,) if who == HOST else (WORD, NAME, ADDRESS):
        assert routes_with(word, asked[who]) == set()


def test_she_and_her_coach_do(asked: dict[str, list[Asked]]) -> None:
    """What is looked for above is there to be found."""
    assert len(routes_with(WORD, asked[OWNER])) > 15
    assert len(routes_with(ADDRESS, asked[OWNER])) > 5
    assert {"runners:athlete-diary", "runners:athlete-notes"} < routes_with(WORD, asked[COACH])


def routes_with(word: str, answers: list[Asked]) -> set[str]:
    return {each.route for each in answers if word in each.words}


@pytest.mark.parametrize("who", [STRANGER, SOMEBODY, OWNER, COACH, HOST])
def test_a_form_of_others_changes_nothing(world: World, who: str) -> None:
    browser = world.people[who].strict()
    before = sums()
    taken = [
        f"{address}: {answer.status} {answer.error}"
        for route, (_, address) in world.first().items()
        if route not in OF_OTHERS
        for sent in (b"", b"csrfmiddlewaretoken=" + b"a" * 32)
        if (answer := browser.ask("POST", address, sent, keeps=True)).status != 403
        and not answer.leads_to_sign_in
    ]

    assert taken == []
    assert sums() == before


def sums() -> dict[str, Sum]:
    return {name(table): Sum.of(table, "default") for table in in_order()}


@pytest.mark.parametrize("who", OTHER_PEOPLE)
def test_nobody_else_changes_what_was_there(world: World, who: str) -> None:
    """By the forms of her pages and of her coach's, sent as they stand to where they lead."""
    browser, before = world.people[who], {table: rows(table) for table in in_order()}
    forms = [form for each in (OWNER, COACH) for form in world.found[each].forms]
    sent = [(form, press) for form in forms if form.method == "POST" for press in form.ways]
    sent = [each for each in sent if route_of(each[1].action) not in OF_OTHERS]
    wrong = []
    for form, press in sent:
        body = hostile.query([*form.filled_in(), *press.pairs]).encode()
        with transaction.atomic(), CaptureQueriesContext(connection) as asked_for:
            browser.ask("POST", press.action, body, keeps=True)
            writes = [each["sql"] for each in asked_for if each["sql"].startswith(WRITES)]
            touched = [
                table for table in before if any(f'"{name(table)}"' in sql for sql in writes)
            ]
            wrong += [
                f"{press.action}: {name(table)} {row}"
                for table in touched
                for row in before[table] - rows(table)
                if browser.person not in people_of(table, row)
            ]
            transaction.set_rollback(True)

    assert not wrong, told(wrong)


def rows(table: Table) -> set[str]:
    return {json.dumps(plain(row)) for row in read(table, "default")}


def people_of(table: Table, row: str) -> list[int]:
    """Whom it is of, by their keys."""
    return [
        value
        for column, value in zip(columns(table), json.loads(row), strict=True)
        if (User if column.primary_key and table is User else column.related_model) is User
    ]


# What is sent in the place of what a page offers


def forms_of(world: World) -> list[tuple[str, Form]]:
    """Each once, with who sends it, and what views read without a page that offers it."""
    found: dict[Any, tuple[str, Form]] = {}
    for who in (OWNER, COACH, HOST, *PEOPLE):
        for form in world.found[who].forms:
            found.setdefault(form.kind, (who, form))
    offered = {route_of(press.action) for _, form in found.values() for press in form.ways}
    for route, (who, address) in world.first().items():
        names = world.routes[route].names_read("POST")
        if names and route not in offered:
            fields = [Field(each, "text", "") for each in sorted(names)]
            found[route] = (who, Form(address, "POST", address, fields))
    return list(found.values())


Pairs = list[tuple[str, str]]


def attacks(number: int, form: Form) -> Iterator[tuple[Pairs, list[tuple[str, str, bytes]]]]:
    """What is sent, and which files with it. `number` says which of the values a form gets that
    not each of them gets.
    """
    as_it_is = form.filled_in()
    for changed, value in some(
        number, ((each.name, value) for each in form.fields for value in VALUES)
    ):
        yield [(each, value if each == changed else kept) for each, kept in as_it_is], []
    values = VALUES if len(form.fields) < 3 else VALUES[number % 4 :: 4]
    for value in values if form.fields else ():
        yield [(each.name, value) for each in form.fields], []
    for changed in dict.fromkeys(each.name for each in form.fields):
        number += 1
        rest = [pair for pair in as_it_is if pair[0] != changed]
        match number % 4:
            case 0:
                yield rest, []
            case 1:
                yield [*rest, (f"{changed}[]", "1"), (f"{changed}[a]", "1")], []
            case 2:
                yield [*as_it_is, *[(changed, str(one)) for one in range(200)]], []
            case 3:
                yield rest, [(changed, "x.txt", b"\xff\0")]


def some(number: int, values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of many only every so-manieth, beginning with another one for each form."""
    every = list(values)
    step = max(1, round(len(every) / MOST_OF_A_FORM))
    return every[number % step :: step]


def test_no_value_breaks_a_form(world: World) -> None:
    wrong = []
    for one, (who, form) in enumerate(forms_of(world)):
        as_it_is = {f"{key}={value[:40]}" for key, value in form.filled_in()}
        for number, (pairs, files) in enumerate(attacks(one, form)):
            problem = sent(world.people[who], form, number, pairs, files)
            if problem:
                changed = [f"{key}={value[:40]}" for key, value in pairs]
                changed = [each for each in changed if each not in as_it_is]
                wrong.append(f"{who} {form.action} {changed[:3]}: {problem}")
    assert not wrong, told(wrong)


def sent(
    browser: Browser, form: Form, number: int, pairs: Pairs, files: list[tuple[str, str, bytes]]
) -> str:
    """By each button in turn, now and then by htmx. What is wrong with the answer."""
    press = form.ways[number % len(form.ways)]
    htmx = number % 2 == 1
    pairs = [*pairs, *press.pairs]
    if form.method == "GET":
        between = "&" if "?" in press.action else "?"
        return browser.attack("GET", f"{press.action}{between}{hostile.query(pairs)}", htmx=htmx)
    if files or form.has_files:
        body, kind = hostile.multipart(pairs, files), hostile.WITH_FILES
    else:
        body, kind = hostile.query(pairs).encode(), hostile.FORM
    return browser.attack("POST", press.action, body, kind=kind, htmx=htmx)


def test_no_file_breaks_what_takes_it(world: World) -> None:
    wrong = []
    for who, form in forms_of(world):
        for taken in (each for each in form.fields if each.is_file):
            for press in form.ways:
                for named, content in hostile.FILES:
                    pairs = [*form.filled_in(), *press.pairs]
                    body = hostile.multipart(pairs, [(taken.name, named, content)])
                    kind = hostile.WITH_FILES
                    browser = world.people[who]
                    if problem := browser.attack(
                        "POST", press.action, body, kind=kind, then=read_and_not_broken
                    ):
                        wrong.append(f"{press.action} {named[:40]!r}: {problem}")
    assert not wrong, told(wrong)


def read_and_not_broken() -> str:
    """What was sent waits for a worker."""
    read_all()
    return "broke off" if Import.objects.filter(state=ImportState.BROKEN).exists() else ""


def test_no_body_breaks_a_route(world: World) -> None:
    wrong = [
        f"{address} {kind} {body[:40]!r}: {problem}"
        for number, (who, address) in enumerate(world.first().values())
        if world.people[who].ask("POST", address).status != 405
        for kind, body in hostile.BODIES[number % 2 :: 2]
        if (problem := world.people[who].ask("POST", address, body, kind=kind).fault(address))
    ]
    assert not wrong, told(wrong)


def test_no_argument_breaks_a_route(world: World) -> None:
    wrong = []
    for number, (who, address) in enumerate(world.first().values()):
        browser = world.people[who]
        method = browser.method_of(address)
        wrong += [
            f"{method} {other[:200]}: {problem}"
            for other in with_other_arguments(address, hostile.ARGUMENTS[number % 2 :: 2])
            if (problem := browser.ask(method, other).fault(other))
        ]
    assert not wrong, told(wrong)


def with_other_arguments(address: str, values: Iterable[str]) -> Iterator[str]:
    for value in resolve(address).kwargs.values():
        as_it_is = rf"(?<=[/-]){re.escape(quote(str(value), safe=':'))}(?=[/.-])"
        for other in values:
            changed = re.sub(as_it_is, hostile.quoted(other), address, count=1)
            assert changed != address
            yield changed


def test_no_query_breaks_a_route(world: World) -> None:
    wrong = []
    for one, (route, (who, address)) in enumerate(world.first().items()):
        names = world.routes[route].names_read("GET")
        names = names.union(*(found.queries.get(route, ()) for found in world.found.values()))
        asked_for = some(one, ((each, value) for each in sorted(names) for value in VALUES))
        for number, asked in enumerate(asked_for):
            at = f"{address}?{hostile.query([asked])}"
            if problem := world.people[who].attack("GET", at, htmx=number % 2 == 1):
                wrong.append(f"{at[:200]}: {problem}")
    assert not wrong, told(wrong)
