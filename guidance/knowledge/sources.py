"""The sources that entries of the knowledge rest on."""

from collections.abc import Iterable

from guidance.knowledge import current_knowledge
from guidance.rules.catalogue import Source


def sources_of(keys: Iterable[str]) -> tuple[Source, ...]:
    return tuple(current_knowledge().sources[key] for key in keys)
