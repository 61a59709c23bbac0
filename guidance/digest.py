"""Of which rules a standing is: a mended rule, or a new weight, renews every row."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import guidance.rules
from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Knowledge

RULES = Path(guidance.rules.__file__).parent
# Ids, and the words of conditions and kinds; what is written for people has more in it.
ID = re.compile(r"[a-z0-9_]+(:[a-z0-9_]+)?")
WORDS = {"article", "sentences", "sources", "words"}  # fields that hold nothing else
LENGTH = 16


@cache
def made_with() -> str:
    """16 hex digits of the rules' files and of the knowledge's data, whatever its sentences say."""
    return digest(current_knowledge())


def digest(knowledge: Knowledge, rules: Path = RULES) -> str:
    found = hashlib.sha256()
    for path in sorted(rules.rglob("*.py")):
        found.update(path.read_bytes())
    found.update(json.dumps(list(data(knowledge))).encode())
    return found.hexdigest()[:LENGTH]


def data(value: Any, at: str = "") -> Iterator[tuple[str, str | float | bool | None]]:
    """Every number, flag and id of the knowledge, with where it stands in it."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in WORDS:
                yield from data(getattr(value, field.name), f"{at}.{field.name}")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from data(one, f"{at}.{key}")
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from data(one, f"{at}.{place}")
    elif not isinstance(value, str) or ID.fullmatch(value):
        yield at, value
