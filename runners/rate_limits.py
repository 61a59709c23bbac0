"""How often something may be asked for: the numbers stand in `ACCOUNT_RATE_LIMITS`."""

from collections.abc import Callable
from typing import cast

from allauth.decorators import rate_limit

from runners.http import View


def rate_limited(action: str, *, looks_too: bool = False) -> Callable[[View], View]:
    """Answers 429 for what comes too often. `looks_too`: a GET counts as well."""

    def limited(view: View) -> View:
        return cast(View, rate_limit(action=action, limit_get=looks_too)(view))

    return limited
