"""What runs on which host, and the files of `deploy/` with their blanks filled in."""

import contextlib
import http.client
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.box import PATH
from deploy.cluster import network
from deploy.cluster.network import SHARED, Failed, Host, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
MANAGE = [sys.executable, str(ROOT / "manage.py")]
ADDRESSES = {
    **{"db1": "10.77.0.11", "db2": "10.77.0.12", "db3": "10.77.0.13"},
    **{"web1": "10.77.0.21", "web2": "10.77.0.22", "front": "10.77.0.30"},
}
DATABASES = ("db1", "db2", "db3")
WEBS = ("web1", "web2")
# Nobody else gets to these hosts.
SECRET = "only-to-try-it-out-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
PASSWORDS = {
    "password": "limber-in-here",
    "password of postgres": "postgres-in-here",
    "password of replicator": "replicator-in-here",
}
LIMBER_ENV = {
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": ADDRESSES["front"],
    "SITE_URL": f"https://{ADDRESSES['front']}",
    "HOST_NAME": "Limber",
    "HOST_CONTACT": "hello@limber.example",
    "BEHIND_PROXY": "True",
    "LOCAL_DIR": "/run/limber",
    "SHARED_DIR": str(SHARED / "limber"),
    "BACKUP_DIR": str(SHARED / "backups"),
    "DATABASE_URL": "postgres://limber:limber-in-here@127.0.0.1:6432/limber",
    "DIRECT_DATABASE_URL": "postgres://limber:limber-in-here@127.0.0.1:5000/limber",
    "REPLICA_URL": "postgres://limber:limber-in-here@127.0.0.1:6432/limber_replica",
    "PYTHONDONTWRITEBYTECODE": "1",
}
START_S = 90
SYSCTL = "/etc/sysctl.d/limber.conf"
WHOLE_NGINX = """\
daemon off;
user root;
pid /run/nginx.pid;
error_log stderr;
events { worker_connections 1024; }
http {
    client_body_temp_path /run/bodies;
    proxy_temp_path /run/answers;
    fastcgi_temp_path /run/1;
    uwsgi_temp_path /run/2;
    scgi_temp_path /run/3;
    include /run/limber.conf;
}
"""


def filled(name: str, host: str) -> str:
    """A file of `deploy/`, for the host of this name."""
    values = {"host": host, "address": ADDRESSES[host], "network": network.NETWORK}
    values |= {**ADDRESSES, **PASSWORDS}
    text = (DEPLOY / name).read_text()
    return re.sub(r"<([a-z][a-z0-9 ]*)>", lambda found: values[found[1]], text)


# Database hosts


def start_databases(hosts: Mapping[str, Host]) -> None:
    for name in DATABASES:
        configure_database(hosts[name])
        start_database(hosts[name])
    wait_until_replicated(hosts)
    first = hosts[primary() or ""]
    for statement in (
        f"CREATE ROLE limber LOGIN PASSWORD '{PASSWORDS['password']}'",
        "CREATE DATABASE limber OWNER limber ENCODING 'UTF8'",
    ):
        psql(first, statement)


def configure_database(host: Host) -> None:
    host.put(SYSCTL, filled("cluster/sysctl.conf", host.name))
    patroni = filled("cluster/patroni.yml", host.name)
    host.put("/etc/patroni/config.yml", patroni, owner="postgres", mode="600")
    host.make_folder("/var/lib/etcd/limber", "etcd")
    host.make_folder("/var/lib/postgresql", "postgres")
    host.make_folder("/var/lib/postgresql/15", "postgres")


def start_database(host: Host) -> None:
    host.said("sysctl", "--quiet", "--load", SYSCTL)
    host.said("install", "-d", "-o", "postgres", "/run/postgresql")
    host.start("etcd", "etcd", user="etcd", env=variables(filled("cluster/etcd.env", host.name)))
    host.start("patroni", "patroni", "/etc/patroni/config.yml", user="postgres")


def variables(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def psql(host: Host, statement: str) -> str:
    quietly = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
    return host.said("psql", *quietly, "--command", statement, user="postgres").strip()


def wait_until_replicated(hosts: Mapping[str, Host]) -> None:
    def is_whole() -> bool:
        name = primary()
        if name is None:
            return False
        with contextlib.suppress(Failed):
            streaming = "SELECT count(*), count(*) FILTER (WHERE sync_state = 'sync')"
            said = psql(
                hosts[name], f"{streaming} FROM pg_stat_replication WHERE state = 'streaming'"
            )
            return said == "2|1"
        return False

    wait_for(is_whole, START_S, "The three databases do not come together.")


def primary() -> str | None:
    """By what Patroni says on each database host."""
    return next((name for name in DATABASES if is_so(name, "primary")), None)


def is_so(name: str, role: str) -> bool:
    return ask(name, 8008, f"/{role}")[0] == http.HTTPStatus.OK


def ask(name: str, port: int, path: str) -> tuple[int, bytes]:
    """The status and what else a host answers; 0 where it does not."""
    line = http.client.HTTPConnection(ADDRESSES[name], port, timeout=2)
    try:
        with contextlib.closing(line):
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""


# Web hosts


def start_webs(hosts: Mapping[str, Host]) -> None:
    for name in WEBS:
        configure_web(hosts[name])
        start_pools(hosts[name])
    first = hosts[WEBS[0]]
    manage(first, "migrate", "--verbosity", "0")
    for name in WEBS:
        start_web(hosts[name])
    manage(first, "backup")  # with which the journal begins


def configure_web(host: Host) -> None:
    host.put(SYSCTL, filled("cluster/sysctl.conf", host.name))
    host.put("/etc/haproxy/haproxy.cfg", filled("cluster/haproxy.cfg", host.name))
    # On the same host, with its two addresses.
    pools = (DEPLOY / "pgbouncer.ini").read_text()
    pools = pools.replace("<127.0.0.1>", "127.0.0.1").replace("<5432>", "5000")
    pools = pools.replace("\n;limber_replica =", "\nlimber_replica =")
    host.put("/etc/pgbouncer/pgbouncer.ini", pools, owner="postgres", mode="600")
    known = f'"limber" "{PASSWORDS["password"]}"\n'
    host.put("/etc/pgbouncer/userlist.txt", known, owner="postgres", mode="600")


def start_pools(host: Host) -> None:
    host.said("sysctl", "--quiet", "--load", SYSCTL)
    host.said("install", "-d", "-o", "postgres", "/run/postgresql", "/var/log/postgresql")
    host.said("install", "-d", "-m", "700", "/run/limber", str(SHARED / "limber"))
    host.start("haproxy", "haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg")
    host.start("pgbouncer", "pgbouncer", "/etc/pgbouncer/pgbouncer.ini", user="postgres")


def start_web(host: Host) -> None:
    manage(host, "collectstatic", "--noinput", "--verbosity", "0")
    serve = ["serve", "--host", host.address, "--port", "8000", "--without-worker"]
    host.start("web", *MANAGE, *serve, env=LIMBER_ENV)
    start_worker(host)
    wait_until_asked(host, 8000)


def wait_until_asked(host: Host, port: int) -> None:
    wait_for(lambda: ask(host.name, port, "/")[0] != 0, START_S, f"{host.name} does not answer.")


def start_worker(host: Host) -> None:
    host.start("worker", *MANAGE, "work", env=LIMBER_ENV)


def manage(host: Host, *command: str) -> str:
    return host.said(*MANAGE, *command, env={"PATH": PATH, **LIMBER_ENV})


# The front


def start_front(host: Host) -> None:
    conf = (DEPLOY / "nginx.conf").read_text()
    each = (f"server {ADDRESSES[name]}:8000 max_fails=1 fail_timeout=5s;" for name in WEBS)
    servers = "\n    ".join(each)
    for pattern, there in {
        r"(?m)^    server 127\.0\.0\.1:8000;\n": f"    {servers}\n",
        r"<limber\.example\.org>": host.address,
        r"/etc/limber/tls/": "/run/",
        r"/var/log/nginx/limber-(access|error)\.log": rf"{SHARED}/front-\1.log",
        r"(?m)^ *listen \[.*\n": "",
    }.items():
        conf, found = re.subn(pattern, there, conf)
        if not found:
            raise Failed(f"nginx.conf has no {pattern}.")
    host.put(SYSCTL, filled("cluster/sysctl.conf", host.name))
    host.said("sysctl", "--quiet", "--load", SYSCTL)
    host.put("/run/limber.conf", conf)
    host.put("/run/nginx.conf", WHOLE_NGINX)
    made_now = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-keyout", "/run/key.pem", "-out", "/run/fullchain.pem"]
    host.said("openssl", "req", *made_now, "-days", "2", "-subj", f"/CN={host.address}", *files)
    host.start("nginx", "nginx", "-c", "/run/nginx.conf", "-p", "/run")
    wait_until_asked(host, 80)


# All of it


def make_hosts() -> dict[str, Host]:
    network.prepare()
    return {name: Host(name, address) for name, address in ADDRESSES.items()}


def come_back(host: Host) -> None:
    """What ran on it when it died, from what its disk holds."""
    host.come_back()
    if host.name in DATABASES:
        start_database(host)
    elif host.name in WEBS:
        start_pools(host)
        start_web(host)
    else:
        start_front(host)


def state_of_databases() -> Iterator[str]:
    """A line each: its name, what it is, and what it does."""
    for name in DATABASES:
        status, said = ask(name, 8008, "/cluster")
        if status == http.HTTPStatus.OK:
            for member in json.loads(said)["members"]:
                yield f"{member['name']} {member['role']} {member['state']}"
            return
