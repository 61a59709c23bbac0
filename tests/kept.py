"""What this process keeps from one request to the next: the texts in what functions remember, and
in the advice of those who looked last.
"""

import gc
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any
from uuid import UUID

from guidance.advice.advice import KEPT

OURS = ("runners.", "guidance.", "config.")
NOT_KEPT = (type, FunctionType, BuiltinFunctionType, MethodType, ModuleType, CodeType)


def kept_texts() -> Iterator[str]:
    """And keys that stand in addresses."""
    to_look_at: list[Any] = [KEPT._found, *_caches()]
    seen: dict[int, Any] = {}
    while to_look_at:
        one = to_look_at.pop()
        kind = type(one)  # `isinstance` would wake what is lazy
        if id(one) in seen or issubclass(kind, NOT_KEPT):
            continue
        seen[id(one)] = one
        if issubclass(kind, (str, UUID)):
            yield str(one)
        else:
            to_look_at += gc.get_referents(one)


def _caches() -> list[Any]:
    """Their references are what they remember, the function and its names."""
    return [
        kept
        for each in gc.get_objects()
        if type(each) is _lru_cache_wrapper and each.__module__.startswith(OURS)
        for kept in gc.get_referents(each)
        if kept is not each.__dict__
    ]
