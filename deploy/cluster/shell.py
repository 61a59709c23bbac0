"""Inside: starts all hosts, and does what standard input says, a line each, until it ends."""

import argparse
import cmd
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from deploy.cluster import services
from deploy.cluster.network import SHARED, Failed, Host
from deploy.cluster.services import ADDRESSES

STEPS: dict[str, Callable[[dict[str, Host]], None]] = {
    "three databases, of which one is the primary and one follows it in step": (
        services.start_databases
    ),
    "two web hosts, each with a worker": services.start_webs,
    "the front": lambda hosts: services.start_front(hosts["front"]),
}


class Shell(cmd.Cmd):
    """Each command says one line or more, and at last `ok`, or what was wrong."""

    prompt = "> " if sys.stdin.isatty() else ""
    use_rawinput = sys.stdin.isatty()

    def __init__(self, hosts: dict[str, Host]) -> None:
        super().__init__()
        self.hosts = hosts

    def onecmd(self, line: str) -> bool:
        try:
            ends = bool(super().onecmd(line))
        except (Failed, KeyError) as problem:
            print(f"not done: {problem}", flush=True)
            return False
        print("ok", flush=True)
        return ends

    def emptyline(self) -> bool:
        return False

    def do_show(self, _line: str) -> None:
        """show: which hosts there are, what runs on them, and what each database is"""
        for name, host in self.hosts.items():
            print(name, host.address, *host.services)
        for line in services.state_of_databases():
            print(line)

    def do_kill(self, line: str) -> None:
        """kill HOST, as if its power was cut; kill HOST SERVICE, one process and its own"""
        name, _, service = line.partition(" ")
        if service:
            self.hosts[name].kill(service)
        else:
            self.hosts[name].die()

    def do_start(self, line: str) -> None:
        """start HOST, with what is on its disk; start HOST worker"""
        name, _, service = line.partition(" ")
        if service == "worker":
            services.start_worker(self.hosts[name])
        else:
            services.come_back(self.hosts[name])

    def do_wait(self, _line: str) -> None:
        """wait, until all three databases are there, and one follows the primary in step"""
        services.wait_until_replicated(self.hosts)

    def do_manage(self, line: str) -> None:
        """manage HOST COMMAND: manage.py on a web host"""
        name, *command = line.split()
        print(services.manage(self.hosts[name], *command), end="")

    def do_log(self, line: str) -> None:
        """log HOST SERVICE: the last of what it said"""
        name, _, service = line.partition(" ")
        print(self.hosts[name].log(service).read_text(errors="replace")[-5_000:])

    def do_errors(self, _line: str) -> None:
        """errors: what the web hosts say went wrong"""
        for path in sorted(SHARED.glob("web*.log")):
            for line in path.read_text(errors="replace").splitlines():
                if "ERROR" in line or "CRITICAL" in line:
                    print(path.name, line)

    def do_end(self, _line: str) -> bool:
        """end: all of it is gone"""
        return True

    do_EOF = do_end  # noqa: N815  # the name is that of cmd


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--for", dest="seconds", type=int, required=True)
    signal.signal(signal.SIGALRM, end)
    signal.alarm(parser.parse_args().seconds)
    try:
        hosts = services.make_hosts()
        for what, start in STEPS.items():
            print(f"{what} ...", end=" ", flush=True)
            start(hosts)
            print("there", flush=True)
    except Failed as problem:
        tell_logs()
        sys.exit(f"\n{problem}")
    front, inside = f"https://{ADDRESSES['front']}/", os.environ["ENTERED_BY"]
    print(f"Limber is at {front}, inside. From another terminal, as root:")
    print(f"  nsenter --target {inside} --net curl --insecure {front}")
    print("help says what can be done here.\nok", flush=True)
    Shell(hosts).cmdloop()


def tell_logs() -> None:
    for path in sorted(SHARED.glob("*.log")):
        print(f"\n== {path.name}\n{path.read_text(errors='replace')[-2_000:]}", file=sys.stderr)


def end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit("The time is up.")


if __name__ == "__main__":
    main()
