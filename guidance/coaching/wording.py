"""The words of guidance, told to a coach: about the athlete, never "you"."""

import re
from collections.abc import Callable

# In this order: what an earlier line has changed is not found by a later one.
TOLD: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"^Your (\w)", lambda found: found[1].upper()),
    (r": your (?=\w)", ": "),
    (r"\bYour\b", "Their"),
    (r"\byour\b", "their"),
    (r"\b(keeps|wakes|stops) you\b", r"\1 them"),
    (r"\bYou\b", "They"),
    (r"\byou\b", "they"),
)


def about(words: str) -> str:
    """`Your left hamstring keeps coming back` becomes `Left hamstring keeps coming back`."""
    for pattern, told in TOLD:
        words = re.sub(pattern, told, words)
    return words
