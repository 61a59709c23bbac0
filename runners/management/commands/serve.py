"""`manage.py serve`: the server that people use, on a laptop and in production."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from runners.hosting import Refused, shelf
from runners.web import before_serving, serving

# Two processes, because Python computes on one core at a time; eight threads each, so that a few
# slow phones do not keep the others waiting. Past 64 requests at once a process takes no more.
SERVER = [
    *("--interface", "wsgi"),
    *("--workers", "2"),
    *("--blocking-threads", "8"),
    *("--backpressure", "64"),
    "--respawn-failed-workers",
    *("--workers-kill-timeout", "5"),  # seconds
    *("--log-level", "error"),
]
# What the process above those two says; within them the settings hold. Its clock is that of the
# settings as well, UTC.
LOGS = settings.BASE_DIR / "config" / "granian_logs.json"


class Command(BaseCommand):
    help = "Serves Limber with granian, and works on what waits, until it gets SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--without-worker", action="store_true", help="where `work` runs by itself"
        )

    def handle(
        self, *args: Any, host: str, port: int, without_worker: bool, **options: Any
    ) -> None:
        try:
            shelf.refuse_while_unfinished()
            before_serving.check_all(host, port)
        except (Refused, before_serving.CannotServe) as problem:
            raise CommandError(str(problem)) from None
        connections.close_all()
        self.stdout.write(f"Limber is at http://{host}:{port}/  (Ctrl+C ends it)")
        if words := before_serving.wants_proxy(host):
            self.stdout.write(words)
        self.stdout.flush()
        # -P: beside the file are no modules for it.
        server = [sys.executable, "-P", str(settings.BASE_DIR / "config/preloaded.py"), *SERVER]
        server += ["--host", host, "--port", str(port)]
        server += [] if settings.DEBUG else ["--log-config", str(LOGS)]
        server += ["--working-dir", str(settings.BASE_DIR), "config.wsgi:application"]
        if without_worker:
            os.execve(sys.executable, server, served_environment())  # noqa: S606  # no shell wanted
        worker = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"]
        serving.take_over(server, worker, served_environment())


def served_environment() -> dict[str, str]:
    """A served Limber has hashed static files, also while `DEBUG` is on."""
    return {"HASHED_STATIC": "True", **os.environ}
