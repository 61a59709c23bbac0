"""Keeps the server and the worker running beside each other, and ends both.

`manage.py serve` becomes this process, which knows nothing of Django and so takes little memory.
Its one argument is JSON: the two commands.
"""

import ctypes
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

Command = Sequence[str]
Process = subprocess.Popen[bytes]

END_WITHIN_S = 15  # after SIGTERM; the server itself allows its workers 5
# Between the death of a worker and its next start: longer and longer where it keeps dying.
PAUSES_S = (0, 1, 5, 15, 60)
LIVED_WELL_S = 120  # whoever lived that long begins anew with the first pause
PR_SET_PDEATHSIG = 1


def take_over(server: Command, worker: Command, environment: dict[str, str]) -> None:
    """Become the process that keeps the two: signals then reach it directly."""
    # By its file, so that the working folder does not matter; -P: beside it are no modules for it.
    this = [sys.executable, "-P", __file__, json.dumps([server, worker])]
    os.execve(sys.executable, this, environment)  # noqa: S606  # no shell wanted


def keep(server_command: Command, worker_command: Command) -> int:
    """Until the server ends, or a signal asks for it. Gives the server's exit status."""
    asked, something_happened = Event(), Event()

    def note(number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            asked.set()
        something_happened.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, note)
    server = start(server_command)
    worker = Worker(worker_command)
    while not asked.is_set() and server.poll() is None:
        something_happened.clear()
        something_happened.wait(worker.look_after())
    end([server, *([worker.process] if worker.process else [])])
    return server.returncode


@dataclass(slots=True)
class Worker:
    command: Command
    process: Process | None = None
    started: float = 0.0  # seconds of the monotonic clock, as the next one
    starts_at: float = 0.0
    deaths: int = 0

    def look_after(self) -> float | None:
        """Start it where it is not there. In how many seconds to look again, if at all."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.process = None
            self.deaths = 0 if now - self.started > LIVED_WELL_S else self.deaths
            pause_s = PAUSES_S[min(self.deaths, len(PAUSES_S) - 1)]
            self.deaths += 1
            self.starts_at = now + pause_s
            tell(f"The worker died, and starts again in {pause_s} s.")
        if self.process is None:
            if now < self.starts_at:
                return self.starts_at - now
            self.process, self.started = start(self.command), now
        return None


def tell(said: str) -> None:
    """As a line of the log (`logs.py`, which is not to be had here), or to whoever tries it out."""
    if not sys.stderr.isatty():
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "level": "ERROR", "logger": "runners.web.serving", "message": said}
        said = json.dumps(line)
    print(said, file=sys.stderr, flush=True)


def start(command: Command) -> Process:
    """In a group of its own, which the Ctrl+C of a terminal does not reach."""
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603  # the command is `serve`'s own
        command, process_group=0, preexec_fn=lambda: end_with(parent)
    )


def end_with(parent: int) -> None:
    """Linux sends SIGTERM to this process once its parent is gone, however that went."""
    prctl = getattr(LIBC, "prctl", None)
    if prctl is None:
        return
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


LIBC = ctypes.CDLL(None)  # before a child is made, where nothing may be loaded any more


def end(processes: Sequence[Process]) -> None:
    """Ask all of them at once, and insist after a while."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + END_WITHIN_S
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(keep(*json.loads(sys.argv[1])))
