"""What a browser sends when a run is added: typed, filled from a file, or an answer."""

import html
import re
import uuid
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import TODAY

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def typed(**fields: Any) -> dict[str, Any]:
    """What the form sends for a plain run of today."""
    return {
        "uid": str(uuid.uuid4()),
        "day": TODAY.isoformat(),
        "distance": "10",
        "duration": "50:00",
        "effort": "",
        "kind": "",
        "onset_min": "",
        "note": "",
        **fields,
    }


def read(client: Client, name: str, **changed: str) -> dict[str, Any]:
    """What the form sends that the file has filled."""
    path = Path(__file__).parents[2] / "data/activities" / name
    file = SimpleUploadedFile(path.name, path.read_bytes())
    form = client.post("/runs/add/file/", {"file": file}).context["form"]
    return {**{field.name: field.value() or "" for field in form}, **changed}


def hidden(response: Any) -> dict[str, list[str]]:
    """What both buttons of the question send along."""
    fields: dict[str, list[str]] = {}
    for name, text in HIDDEN.findall(response.content.decode()):
        fields.setdefault(name, []).append(html.unescape(text))
    fields.pop("csrfmiddlewaretoken")
    return fields
