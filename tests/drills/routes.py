"""What there is to attack: every route of Limber, addresses that lead somewhere, forms as pages
offer them. Nothing of it is written down by hand, so that a new page is in it by itself.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import islice, product
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.apps import apps
from django.db.models import CharField, UUIDField
from django.db.models import Field as ModelField
from django.urls import (
    NoReverseMatch,
    Resolver404,
    URLPattern,
    URLResolver,
    get_resolver,
    resolve,
    reverse,
)

from tests.factories import PASSWORD, TODAY

MOST_VALUES = 4  # of each column that an address may name
MOST_GUESSES = 400
TOKEN = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is its pattern as the URLs have it, `arguments` are the names in it, with the kinds
    of their converters ("" for none).
    """

    name: str
    path: str
    view: Callable[..., Any]
    arguments: dict[str, str]

    @property
    def is_public(self) -> bool:
        return not getattr(self.view, "login_required", True)

    @property
    def is_for_hosts(self) -> bool:
        return getattr(self.view, "is_for_hosts", False)

    @property
    def takes_posts_of_others(self) -> bool:
        """Forms that no page of Limber sent, by Django's mark."""
        return getattr(self.view, "csrf_exempt", False)

    def names_read(self, of: str) -> set[str]:
        """What its view asks `request.POST` or `request.GET` for, by name or by a form."""
        view = inspect.unwrap(self.view)
        source = inspect.getsource(view)
        named = re.findall(rf'request\.{of}(?:\.\w+\(|\[)"(\w+)"', source)
        named += re.findall(rf'"(\w+)" in request\.{of}\b', source)
        of_forms = r"(\w+Form)\((?:posted\(request\)|request\.POST)"
        for name in re.findall(of_forms if of == "POST" else r"(\w+Form)\(request\.GET", source):
            named += getattr(view, "__globals__", {})[name].base_fields
        return set(named)


def all_routes() -> dict[str, Route]:
    """Each by its name. Of two under one name the first is the one that answers."""
    found: dict[str, Route] = {}
    for route in _routes(get_resolver().url_patterns):
        found.setdefault(route.name, route)
    return found


def _routes(
    patterns: Iterable[URLPattern | URLResolver], namespace: str = "", before: str = "/"
) -> Iterator[Route]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _routes(pattern.url_patterns, inner, path)
        else:
            converters = pattern.pattern.converters
            arguments = {key: type(kind).__name__ for key, kind in converters.items()}
            arguments = arguments or dict.fromkeys(pattern.pattern.regex.groupindex, "")
            yield Route(f"{namespace}{pattern.name}", path, pattern.callback, arguments)


def route_of(address: str) -> str | None:
    """The name of the route that answers; None for what is not Limber's."""
    return _route_at(urlsplit(address).path)


@cache
def _route_at(path: str) -> str | None:
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


# Forms


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` is the type of an input, or the name of another element."""

    name: str
    kind: str
    value: str

    @property
    def is_file(self) -> bool:
        return self.kind == "file"


@dataclass(frozen=True, slots=True)
class Press:
    """A button: where it leads, and what it adds."""

    action: str
    name: str = ""
    value: str = ""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(self.name, self.value)] if self.name else []


@dataclass(slots=True)
class Form:
    """As it stands on a page, filled in as its fields allow. `page` is the address of that."""

    page: str
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)

    @property
    def kind(self) -> tuple[Any, ...]:
        """The same for the same form on another page or of another row."""
        leads_to = {route_of(press.action) for press in self.ways}
        names = {re.sub(r"\d+", "0", each.name) for each in self.fields}
        return (self.method, frozenset(leads_to), frozenset(names))

    @property
    def has_files(self) -> bool:
        return any(each.is_file for each in self.fields)

    def filled_in(self) -> list[tuple[str, str]]:
        """What would be sent, without files."""
        return [(each.name, each.value) for each in self.fields if not each.is_file]

    @property
    def ways(self) -> list[Press]:
        """To send it: its buttons, or a script alone."""
        return self.presses or [Press(self.action)]


class Page(HTMLParser):
    """What a page or fragment leads to: `links` are addresses, `forms` what can be sent."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: set[str] = set()
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._elsewhere: list[tuple[str, Field]] = []
        self._form: Form | None = None
        self._select: tuple[dict[str, str], list[str]] | None = None
        self._textarea: tuple[dict[str, str], list[str]] | None = None
        self.feed(html)
        for form_id, each in self._elsewhere:
            if form_id in self._by_id:
                self._by_id[form_id].fields.append(each)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get"):
            if tag != "link" and name in found:
                self.links.add(self._to(found[name]))
        if tag == "form":
            self._begin(found)
        elif "hx-post" in found and self._form:
            self._form.presses.append(Press(self._to(found["hx-post"])))
        elif "hx-post" in found:
            self.forms.append(Form(self.address, "POST", self._to(found["hx-post"])))
        if tag == "input":
            self._add(found, _filled_in(found), found.get("type", "text"))
        elif tag == "button" and self._form and found.get("type", "submit") == "submit":
            action = self._to(found.get("formaction", self._form.action))
            press = Press(action, found.get("name", ""), found.get("value", ""))
            self._form.presses.append(press)
        elif tag == "select":
            self._select = (found, [])
        elif tag == "option" and self._select:
            values = self._select[1]
            values.insert(0 if "selected" in found else len(values), found.get("value", ""))
        elif tag == "textarea":
            self._textarea = (found, [])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            found, values = self._select
            self._add(found, next(filter(None, values), ""), "select")
            self._select = None
        elif tag == "textarea" and self._textarea:
            found, texts = self._textarea
            self._add(found, "".join(texts).strip() or "Well enough.", "textarea")
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea[1].append(data)

    def _begin(self, found: dict[str, str]) -> None:
        method = found.get("method", "get").upper()
        self._form = Form(self.address, method, self._to(found.get("action", "")))
        self.forms.append(self._form)
        self._by_id[found.get("id", "")] = self._form

    def _add(self, found: dict[str, str], value: str, kind: str) -> None:
        name = found.get("name", "")
        if not name or name == TOKEN:
            return
        if "form" in found:
            self._elsewhere.append((found["form"], Field(name, kind, value)))
        elif self._form and not _is_one_more(self._form, name, kind, found):
            self._form.fields.append(Field(name, kind, value))

    def _to(self, address: str) -> str:
        parts = urlsplit(urljoin(self.address, address.strip()))
        if parts.scheme not in ("", "http", "https"):
            return ""
        return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_one_more(form: Form, name: str, kind: str, found: dict[str, str]) -> bool:
    """Of radio buttons the one that is chosen counts, else the first."""
    if kind not in ("radio", "checkbox"):
        return False
    before = [each for each in form.fields if each.name == name and each.kind == kind]
    if before and "checked" in found:
        form.fields.remove(before[0])
    return bool(before) and "checked" not in found


def _filled_in(found: dict[str, str]) -> str:
    """What the field holds, or something of its sort."""
    kind = found.get("type", "text")
    if found.get("value") or (kind in ("radio", "checkbox") and "value" in found):
        return found["value"]
    match kind:
        case "number" | "range":
            return found.get("min") or "1"
        case "date":
            return str(TODAY)
        case "time":
            return "07:00"
        case "email":
            return "drill@example.org"
        case "password":
            return PASSWORD
        case "checkbox" | "radio":
            return "on"
        case "text" | "search":
            return "5" if found.get("inputmode") in ("decimal", "numeric") else "Drill"
    return ""


# Addresses


@dataclass(slots=True)
class Found:
    """What somebody can reach: addresses by route, names in queries by route, forms.

    Of a page with many addresses, such as an entry of the library, `most` are looked at.
    """

    most: int
    addresses: dict[str, list[str]] = field(default_factory=dict)
    queries: dict[str, set[str]] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    def note(self, link: str) -> bool:
        """Whether it is a new one, to be looked at."""
        parts = urlsplit(link)
        route = route_of(link)
        if route is None:
            return False
        self.queries.setdefault(route, set()).update(
            name for name, _ in parse_qsl(parts.query, keep_blank_values=True)
        )
        known = self.addresses.setdefault(route, [])
        if parts.path in known or len(known) >= self.most:
            return False
        known.append(parts.path)
        return True


def reach(found: Found, look: Callable[[str], str], begin: Iterable[str]) -> None:
    """Follow all links and forms. `look` gives what stands at an address, "" for no page."""
    kinds = {form.kind for form in found.forms}
    waiting = [address for address in begin if found.note(address)]
    while waiting:
        address = waiting.pop(0)
        page = Page(look(address), address)
        leads_to = set(page.links)
        for form in page.forms:
            leads_to |= {form.action, *(press.action for press in form.ways)}
            if form.kind not in kinds and route_of(form.action):
                kinds.add(form.kind)
                found.forms.append(form)
        waiting += [link for link in sorted(leads_to) if found.note(link)]


def guesses(route: Route, known: Iterable[str]) -> Iterator[str]:
    """Addresses of a route with what other addresses have under the same name, those that begin
    as it does first, and with keys of rows that there are.
    """
    begins = route.path.split("<")[0]
    named: dict[str, dict[Any, None]] = {name: {} for name in route.arguments}
    for address in sorted(known, key=lambda address: (not address.startswith(begins), address)):
        for name, value in resolve(address).kwargs.items():
            named.get(name, {})[value] = None
    values = [[*named[name], *_keys(kind)] for name, kind in route.arguments.items()]
    for chosen in islice(product(*values), MOST_GUESSES):
        try:
            yield reverse(route.name, kwargs=dict(zip(route.arguments, chosen, strict=True)))
        except NoReverseMatch:
            continue


@cache
def _keys(kind: str) -> list[Any]:
    """Of the newest rows of each table, by the kind of a converter."""
    found: dict[Any, None] = {}
    for label in ("runners", "guidance"):
        for model in apps.get_app_config(label).get_models():
            rows = model._default_manager.order_by("-pk")
            for column in model._meta.concrete_fields:
                if _is_key(column, kind):
                    values = rows.values_list(column.attname, flat=True)[:MOST_VALUES]
                    found |= dict.fromkeys(values)
    return list(found)


def _is_key(column: "ModelField[Any, Any]", kind: str) -> bool:
    if kind == "IntConverter":
        return column.primary_key
    if kind == "UUIDConverter":
        return isinstance(column, UUIDField)
    return isinstance(column, CharField) and "token" in column.name
