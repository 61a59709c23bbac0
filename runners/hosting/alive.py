"""The worker's sign of life, on this machine."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def sign_of_life() -> None:
    """Of the worker, every few seconds."""
    with suppress(OSError):
        _sign().touch(mode=0o600)


def seconds_since_sign_of_life() -> float | None:
    try:
        return max(0.0, time.time() - _sign().stat().st_mtime)
    except OSError:
        return None


def _sign() -> Path:
    return Path(settings.LOCAL_DIR) / "worker-alive"
