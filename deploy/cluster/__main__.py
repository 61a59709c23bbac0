"""`python -m deploy.cluster`: starts the cluster and does to it what it reads from standard input.

It shuts itself in first, with its own processes, network and mounts: the machine around it is not
changed, and once the first process in there ends, however it does, Linux ends the others and
takes back what they wrote, which lies in memory. Limber is run by the Python that runs this.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.box import PATH

DEBIAN = {
    "etcd": "etcd-server",
    "etcdctl": "etcd-client",
    "haproxy": "haproxy",
    "ip": "iproute2",
    "nginx": "nginx-light",
    "openssl": "openssl",
    "patroni": "patroni",
    "pgbouncer": "pgbouncer",
    "setpriv": "util-linux",
    "sysctl": "procps",
}
POSTGRES = Path("/usr/lib/postgresql/15/bin/postgres")
SHUT_IN = ("--mount", "--net", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
# The shell buries what the hosts leave behind, which falls to the first process.
FIRST = ("sh", "-c", '"$@"; exit $?', "sh")
ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    asked = parser().parse_args()
    if problem := why_not():
        sys.exit(problem)
    inside = [sys.executable, "-m", "deploy.cluster.shell", "--for", str(asked.seconds)]
    os.chdir(ROOT)
    os.environ["ENTERED_BY"] = str(os.getpid())  # the number that leads in there
    os.execvp("unshare", ["unshare", *SHUT_IN, *FIRST, *inside])  # noqa: S606, S607


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m deploy.cluster",
        description="Starts three database hosts, two web hosts and a front, shut in here.",
    )
    ends = "seconds, then all of it ends: 3600"
    made.add_argument("--for", dest="seconds", metavar="N", type=int, default=3600, help=ends)
    return made


def why_not() -> str:
    """What keeps it from being started here, in a sentence; empty where nothing does."""
    if os.geteuid() != 0:
        return "Only root can start a cluster: sudo .venv/bin/python -m deploy.cluster"
    missing = [package for name, package in DEBIAN.items() if shutil.which(name, path=PATH) is None]
    missing += [] if POSTGRES.exists() else ["postgresql-15"]
    if missing:
        return f"Missing here. On Debian: apt-get install {' '.join(missing)}"
    command = ["unshare", *SHUT_IN, "true"]
    tried = subprocess.run(command, capture_output=True, text=True)  # noqa: S603  # ours, no shell
    return tried.stderr.strip()


if __name__ == "__main__":
    main()
