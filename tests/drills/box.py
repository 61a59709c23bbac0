"""A Debian of its own to install Limber on: this machine's, with no network, and nothing is kept.

systemd-nspawn boots it over the root of this machine, which it cannot change: what is written
stands in memory, and goes with the box. In it ports 80 and 443 are free, and root may do anything.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import serving

START_S, RUN_S, END_S = 60, 300, 30
CODE, WHEELS = "/opt/limber", "/opt/wheels"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "PIP_NO_INDEX": "1",  # what pip would fetch lies there already
    "PIP_FIND_LINKS": WHEELS,
}
# Over a second mount of the root, as the one in use is not taken.
BOOT = ("--boot", "--", "systemd.unit=basic.target")
NSPAWN = """mount --make-rprivate / && mount --bind / "$0" && exec systemd-nspawn -D "$0" "$@" """
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """What keeps a box from being started here; empty where nothing does."""
    if os.geteuid() != 0:
        return "only root can start a box"
    if shutil.which("systemd-nspawn") is None:
        return "no systemd-nspawn: on Debian, apt-get install systemd-container"
    if Path("/etc/limber").exists():
        return "a Limber is installed on this machine"
    tried = subprocess.run(
        ["unshare", "--mount", "--net", "mount", "--make-rprivate", "/"],
        capture_output=True,
        text=True,
    )
    return tried.stderr.strip()


@dataclass(frozen=True, slots=True)
class Box:
    leader: int  # its first process, by the number it has out here

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """As root in it."""
        return subprocess.Popen(
            ["nsenter", "--target", str(self.leader), "--all", "--root", "--wd", *command],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str) -> tuple[int, str]:
        """The status, and all that was printed."""
        process = self.start(*command)
        said, _ = process.communicate(timeout=RUN_S)
        return process.returncode, said

    def said(self, *command: str) -> str:
        """What a command printed that has to succeed."""
        status, said = self.run(*command)
        assert status == 0, f"{' '.join(command)}\n{said}"
        return said

    def path(self, inside: str) -> Path:
        return Path(f"/proc/{self.leader}/root{inside}")

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        """What this thread connects to meanwhile is in the box."""
        with open("/proc/thread-self/ns/net") as out:
            enter_network_of(self.leader)
            try:
                yield
            finally:
                enter(out.fileno())


def enter_network_of(pid: int) -> None:
    """What this thread connects to from now on is where that process is."""
    with open(f"/proc/{pid}/ns/net") as here:
        enter(here.fileno())


def enter(network: int) -> None:
    if LIBC.setns(network, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def booted(home: Path, wheels: Path) -> Iterator[Box]:
    """With a checkout of the project in /opt/limber. What is made there lies in `home`."""
    root, console = home / "root", home / "console"
    root.mkdir()
    check_out(home / "limber")
    how = ["--volatile=overlay", "--private-network", "--quiet", "--console=pipe"]
    how += ["--register=no", f"--machine=limber-{os.getpid()}"]
    how += [f"--bind={home}/limber:{CODE}", f"--bind-ro={wheels}:{WHEELS}"]
    if not Path("/run/systemd/system").exists():
        how.append("--keep-unit")  # nobody is there who would give it one
    with console.open("w") as log:
        nspawn = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", NSPAWN, str(root), *how, *BOOT],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield wait_until_there(nspawn, console)
    finally:
        nspawn.terminate()
        try:
            nspawn.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            nspawn.kill()  # and the kernel all that is in it
            nspawn.wait()
        shutil.rmtree(home / "limber")  # with all the packages


def wait_until_there(nspawn: "subprocess.Popen[bytes]", console: Path) -> Box:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and nspawn.poll() is None:
        for box in map(Box, children(nspawn.pid)):
            if box.run("systemctl", "is-active", "basic.target")[0] == 0:
                return box
        time.sleep(0.1)
    raise AssertionError(f"The box does not start:\n{console.read_text(errors='replace')}")


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def check_out(folder: Path) -> None:
    """What git would bring, and what is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=serving.ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (serving.ROOT / name).is_file():  # a link is none of it, and what is deleted neither
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(serving.ROOT / name, folder / name)
