"""How notes are written, changed and answered in tests."""

import uuid

from runners.models import Note, User


def typed(**fields: str) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "text": "Easy week.", "is_private": "no", **fields}


def address(athlete: User) -> str:
    return f"/athletes/{athlete.pk}/notes/"


def of(note: Note, change: str) -> str:
    return f"/notes/{note.uid}/{change}/"


def answer(text: str = "Will do.", **fields: str) -> dict[str, str]:
    return {"uid": str(uuid.uuid4()), "text": text, **fields}
