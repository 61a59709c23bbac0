"""What somebody has as a second step, and who has to have one."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from runners.models import User

TYPES = Authenticator.Type


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """`codes` are those on paper that were not used yet. None where there are none at all."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: int | None

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)


def read_second_steps(person: User) -> SecondSteps:
    """1 query."""
    rows = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    of: dict[str, list[Any]] = {kind: [row for row in rows if row.type == kind] for kind in TYPES}
    [app] = of[TYPES.TOTP] or [None]
    codes = [len(row.wrap().get_unused_codes()) for row in of[TYPES.RECOVERY_CODES]]
    return SecondSteps(app, of[TYPES.WEBAUTHN], codes[0] if codes else None)


def has_one(person: User) -> bool:
    """1 query."""
    return Authenticator.objects.filter(user=person).exists()


def lacks_one(person: User) -> bool:
    """Whether the host asks for one, and they have none. 1 query of those who have to."""
    has_to = (person.is_coach and "coaches" in settings.SECOND_STEP_FOR) or (
        person.is_host and "hosts" in settings.SECOND_STEP_FOR
    )
    return has_to and not has_one(person)
