"""Many people at once: each asks for the next thing as soon as the last one is answered.

Seven of ten asks read and three save, of runners with two years of days. Afterwards each save that
was accepted has to be there. Nobody rests between two asks, so that so many clients stand for many
more people: one who looks for a minute at what was answered is a client for a second of it.
"""

import datetime as dt
import itertools
import re
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from tests.bench import processes

if TYPE_CHECKING:  # models can be imported only once Django is set up
    from runners.models import User
    from tests.bench.asks import Asked

CLIENTS = (1, 8, 32)
DAYS = 2 * 365
LASTS_S = 20
FORM = "/check-in/"
READS = ("/today/", FORM, "/today/", "/diary/", "/trends/", FORM, "/guidance/")
BASE = re.compile(rb'name="base" value="([^"]+)"')  # of what the form was built from


@dataclass(slots=True)
class Client:
    """One person's browser. `runs` are those that the server said it has saved."""

    person: "User"
    browser: "Asked"
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "save": []})
    refused: Counter[int] = field(default_factory=Counter)
    runs: list[uuid.UUID] = field(default_factory=list)
    base: str = ""
    intensity: int = 0  # of the last check-in that was saved

    def go_on(self, until: float) -> None:
        for kind, ask in self._asks():
            began = time.monotonic()
            if began > until:
                return
            status = ask()
            self.seconds[kind].append(time.monotonic() - began)
            if status not in (200, 302):
                self.refused[status] += 1

    def _asks(self) -> Iterator[tuple[str, Callable[[], int]]]:
        """Three saves among seven reads, for ever."""
        for turn in itertools.count():
            for place, path in enumerate(READS):
                yield "read", partial(self._look, path)
                if path == FORM:
                    yield "save", partial(self._check_in, turn + place)
            yield "save", partial(self._run, turn)

    def _look(self, path: str) -> int:
        status, body = self.browser.get(path)
        if path == FORM and status == 200:
            self.base = BASE.findall(body)[0].decode()
        return status

    def _check_in(self, turn: int) -> int:
        from tests.bench.asks import today

        intensity = 1 + turn % 9
        spot = {"place": "calf-left", "kind": "soreness", "intensity": str(intensity)}
        fields = {f"spot-0-{name}": value for name, value in (spot | TIMING).items()}
        status, _ = self.browser.post(f"/check-in/{today()}/", {**fields, "base": self.base})
        if status == 302:
            self.intensity = intensity
        return status

    def _run(self, turn: int) -> int:
        """On Fridays, on which nobody of `history` ran, so that none is taken for one that is
        there; after 45 of them another one twice as long.
        """
        from django.utils import timezone

        key, today = uuid.uuid4(), timezone.localdate()
        friday = today - dt.timedelta(days=(today.weekday() - 4) % 7 + 7 * (turn % 45))
        longer = 2 ** (turn // 45)
        fields = {"uid": str(key), "day": str(friday), "distance": str(3 * longer)}
        blank = {"duration": f"{18 * longer}:00", "effort": "4", "kind": "", "onset_min": ""}
        status, _ = self.browser.post("/runs/add/", {**fields, **blank, "note": ""})
        if status == 302:
            self.runs.append(key)
        return status

    def lost(self) -> int:
        """Saves that were accepted and are not there."""
        from runners.models import Run, SorenessEntry
        from tests.bench.asks import today

        there = Run.objects.filter(runner=self.person, uid__in=self.runs).count()
        last = SorenessEntry.objects.filter(runner=self.person, area="calf", side="left")
        stored = last.filter(day=today()).values_list("intensity", flat=True).first()
        return len(self.runs) - there + (self.intensity not in (0, stored))


TIMING = {"timing": "after", "note": ""}


def print_loops(make_browser: Callable[["User"], "Asked"], server: int) -> None:
    people = make_people()
    print(f"\nMany at once, without a rest, for {LASTS_S} s each; seconds are the middle and p95")
    print(f"{'clients':>8}{'a second':>10}{'read':>16}{'save':>16}  refused, lost, memory")
    for number in CLIENTS:
        clients = [Client(person, make_browser(person)) for person in islice(people, number)]
        until = time.monotonic() + LASTS_S
        with ThreadPoolExecutor(number) as pool:
            for done in [pool.submit(client.go_on, until) for client in clients]:
                done.result()
        print_loop(clients, processes.pss_mb(processes.tree(server)))


def print_loop(clients: list[Client], memory_mb: float) -> None:
    seconds = {
        kind: [one for client in clients for one in client.seconds[kind]]
        for kind in ("read", "save")
    }
    said = {}
    for kind, took in seconds.items():
        cuts = statistics.quantiles(took, n=20)
        said[kind] = f"{cuts[9]:.2f} {cuts[18]:.2f}"
    refused = sum((client.refused for client in clients), Counter())
    lost = sum(client.lost() for client in clients)
    rate = sum(map(len, seconds.values())) / LASTS_S
    print(
        f"{len(clients):>8}{rate:>10.0f}{said['read']:>16}{said['save']:>16}  "
        f"{dict(refused) or 'none'}, {lost or 'none'}, {memory_mb:.0f} MB"
    )


def make_people() -> Iterator["User"]:
    """So many that each loop has its own, whose runs of today are not there yet."""
    from django.utils import timezone

    from runners import standing
    from tests.bench.history import make_runner

    yesterday = timezone.localdate() - dt.timedelta(days=1)
    people = [
        make_runner(f"loop{number}", days=DAYS, until=yesterday) for number in range(sum(CLIENTS))
    ]
    standing.renew(people)
    return iter(people)
