"""Where a person is signed in, and signing out elsewhere."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from runners import security_log
from runners.models import SecurityEventKind, Session, User
from runners.security_log import NOWHERE, Seen
from runners.writes import lock


@dataclass(frozen=True, slots=True)
class Device:
    """A session of a person. `is_here`: that of the request."""

    session: Session
    is_here: bool


def devices_of(person: User, *, here: str | None) -> list[Device]:
    """This one first, then those used last. `here` is the key of its session. 1 query."""
    live = Session.objects.of(person).live(timezone.now()).order_by("-used_at")
    devices = [Device(session, session.session_key == here) for session in live]
    return sorted(devices, key=lambda device: not device.is_here)


@transaction.atomic
def end_others(*, by: User, here: str | None, seen: Seen = NOWHERE) -> int:
    """Says how many it was. Twice is fine."""
    lock(by)
    return _end([each for each in devices_of(by, here=here) if not each.is_here], by, seen)


@transaction.atomic
def end_one(handle: str, *, by: User, here: str | None, seen: Seen = NOWHERE) -> bool:
    """By the handle of its session; but the one of the request, which is to sign out. False where
    there is none any more."""
    lock(by)
    others = [each for each in devices_of(by, here=here) if not each.is_here]
    return bool(_end([each for each in others if each.session.handle == handle], by, seen))


def _end(devices: list[Device], by: User, seen: Seen) -> int:
    keys = [device.session.pk for device in devices]
    if keys:
        Session.objects.filter(person=by, pk__in=keys).delete()
        security_log.note(SecurityEventKind.SESSIONS_ENDED, by, seen=seen)
    return len(keys)
