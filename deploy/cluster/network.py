"""A host: a network, a name and folders of its own, and what runs on it. For root, shut in.

The folders lie in memory, over those of the machine that every real host has as well. They stay
when a host dies, as its disk would. Between the hosts is one switch, which people stand at too.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from deploy.box import PATH

NETWORK = "10.77.0.0/24"
SWITCH, GATEWAY = "switch", "10.77.0.1"
# People come from many places, as the front bounds what one of them may ask.
PEOPLE = [f"10.77.0.{number}" for number in range(101, 133)]
SHARED = Path("/media")  # what all hosts mount, from elsewhere
OWN_FOLDERS = (
    *("/etc/haproxy", "/etc/patroni", "/etc/pgbouncer", "/etc/sysctl.d", "/run"),
    *("/var/lib/etcd", "/var/lib/postgresql", "/var/log/postgresql"),
)
RUN_S = 60

Process = subprocess.Popen[bytes]


class Failed(Exception):
    """What was run, and what it said."""


def run(*command: str, env: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # the commands are ours
            command, env=env, capture_output=True, text=True, timeout=RUN_S
        )
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{' '.join(command)} takes too long.") from late
    if done.returncode:
        raise Failed(f"{' '.join(command)}\n{done.stdout}{done.stderr}".strip())
    return done.stdout


def prepare() -> None:
    """The switch, and what all hosts share."""
    run("mount", "-t", "tmpfs", "-o", "mode=755", "shared", str(SHARED))
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", SWITCH, "type", "bridge")
    for address in (GATEWAY, *PEOPLE):
        run("ip", "address", "add", f"{address}/24", "dev", SWITCH)
    run("ip", "link", "set", SWITCH, "up")


@dataclass(slots=True)
class Host:
    name: str
    address: str
    holder: Process = field(init=False)  # of its network and folders
    services: dict[str, Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        apart = ["unshare", "--mount", "--net", "--uts", "sleep", "infinity"]
        self.holder = subprocess.Popen(apart)  # noqa: S603  # ours, no shell
        wait_for(lambda: network_of(self.holder.pid) != network_of(os.getpid()))
        inside = str(self.holder.pid)
        run("ip", "link", "add", self.name, "type", "veth", "peer", "name", "eth0", "netns", inside)
        run("ip", "link", "set", self.name, "master", SWITCH, "up")
        self.said("hostname", self.name)
        self.said("ip", "link", "set", "lo", "up")
        self.said("ip", "address", "add", f"{self.address}/24", "dev", "eth0")
        self.said("ip", "link", "set", "eth0", "up")
        for folder in OWN_FOLDERS:
            self.said("mount", "-t", "tmpfs", "-o", "mode=755", "own", folder)

    def inside(self, *command: str, user: str = "") -> list[str]:
        """The command, as it is run on this host."""
        enter = ["nsenter", "--target", str(self.holder.pid), "--mount", "--net", "--uts"]
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        return [*enter, *(as_user if user else ()), *command]

    def said(self, *command: str, user: str = "", env: dict[str, str] | None = None) -> str:
        """What a command printed that has to succeed. Raises Failed."""
        return run(*self.inside(*command, user=user), env=env)

    def put(self, path: str, text: str, *, owner: str = "root", mode: str = "644") -> None:
        there = Path(f"/proc/{self.holder.pid}/root{path}")
        self.said("install", "-d", "-o", owner, str(Path(path).parent))
        there.write_text(text)
        self.said("chown", owner, path)
        self.said("chmod", mode, path)

    def make_folder(self, path: str, owner: str) -> None:
        self.said("install", "-d", "-o", owner, "-m", "700", path)

    def start(
        self, service: str, *command: str, user: str = "", env: dict[str, str] | None = None
    ) -> None:
        """What it says lies in a file that `log` reads."""
        with self.log(service).open("ab") as log:
            self.services[service] = subprocess.Popen(  # noqa: S603
                self.inside(*command, user=user),
                env={"PATH": PATH, "LANG": "C.UTF-8", **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self, service: str) -> Path:
        return SHARED / f"{self.name}-{service}.log"

    def kill(self, service: str) -> None:
        """One of its services, with all that it started, at once."""
        end_at_once(family(self.services.pop(service).pid))

    def die(self) -> None:
        """As if its power was cut: nobody hears a last word of it."""
        run("ip", "link", "set", self.name, "down")
        end_at_once(self.processes())
        self.services.clear()
        # What was in memory, and not on its disk.
        self.said("find", "/run", "-mindepth", "1", "-delete")

    def come_back(self) -> None:
        run("ip", "link", "set", self.name, "up")

    def processes(self) -> Iterator[int]:
        mine = network_of(self.holder.pid)
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) != self.holder.pid:
                with contextlib.suppress(OSError):
                    if network_of(int(folder.name)) == mine:
                        yield int(folder.name)


def network_of(pid: int) -> str:
    return os.readlink(f"/proc/{pid}/ns/net")


def family(pid: int) -> list[int]:
    """The process and those that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def end_at_once(pids: Iterable[int]) -> None:
    for pid in list(pids):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_for(is_so: Callable[[], bool], seconds: float = 10, what: str = "A host is late.") -> None:
    """Raises Failed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(0.1)
    raise Failed(what)
