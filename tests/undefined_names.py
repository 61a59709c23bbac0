"""Names that a template asks for and nobody gave it: Django takes them for nothing, tests not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.forms.utils import ErrorDict
from django.template import Context
from django.template.base import Variable, VariableDoesNotExist

from tests.serving import ROOT

TEMPLATES = str(ROOT / "templates")
FROM_ALLAUTH = {"token_fail"}  # which gives it to its page only where it is true
resolve_lookup = Variable._resolve_lookup  # type: ignore[attr-defined]  # private: no stub


@contextmanager
def undefined_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What Limber's templates ask for in vain meanwhile, each with the page that it stands on.

    Wherever it stands: Django's own `string_if_invalid` sees nothing of what `{% if %}` asks for.
    """
    asked: list[str] = []

    def noting(variable: Variable, context: Context) -> Any:
        try:
            return resolve_lookup(variable, context)
        except VariableDoesNotExist as problem:
            template = context.render_context.template
            page = template.origin.name if template else ""
            if page.startswith(TEMPLATES) and not may_be_missing(variable, problem):
                asked.append(f"{variable.var} in {page.removeprefix(f'{ROOT}/')}")
            raise

    monkeypatch.setattr(Variable, "_resolve_lookup", noting)
    yield asked


def may_be_missing(variable: Variable, problem: VariableDoesNotExist) -> bool:
    """Of nothing there is nothing, and a field without a mistake has no errors."""
    asked_of = problem.params[1]
    is_nothing = asked_of is None or asked_of == ""
    return is_nothing or isinstance(asked_of, ErrorDict) or variable.var in FROM_ALLAUTH
