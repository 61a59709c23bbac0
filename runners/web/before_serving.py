"""What must be so before Limber is served, and what `serve` says. Each refusal is one sentence."""

import ipaddress
import socket

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from runners.formats import count


class CannotServe(Exception):
    """In a sentence, with what to do."""


def check_all(host: str, port: int) -> None:
    """A few queries. The port comes last: what else is wrong is wrong on every port."""
    check_debug_stays_at_home(host)
    try:
        check_schema()
    except DatabaseError as problem:
        said = " ".join(str(problem).split())
        raise CannotServe(f"Cannot serve: the database does not answer ({said}).") from None
    check_port_is_free(host, port)


def check_debug_stays_at_home(host: str) -> None:
    """Demo accounts have a public password, and an error shows the settings."""
    if settings.DEBUG and not is_loopback(host):
        raise CannotServe(
            f"Cannot serve on {host} while DEBUG is on, which is for this machine alone:"
            " leave --host out, or set the variables of .env.example."
        )


def is_loopback(host: str) -> bool:
    """Whether each address of this name leads back to this machine, and there is one."""
    try:
        found = socket.getaddrinfo(host, None) if host else []
    except OSError:
        return False
    addresses = {str(address[0]).partition("%")[0] for *_, address in found}
    return bool(addresses) and all(ipaddress.ip_address(one).is_loopback for one in addresses)


def wants_proxy(host: str) -> str:
    """A sentence where others than this machine can reach the server; empty where they cannot."""
    if is_loopback(host):
        return ""
    return (
        f"{host} can be reached from beyond this machine. Put a web server in front that bounds"
        " slow and large requests and ends TLS: deploy/nginx.conf is one for nginx."
    )


def check_schema() -> None:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise CannotServe(
            f"Cannot serve: the database lacks {count(len(missing), 'migration')}."
            " Run this first: manage.py migrate"
        )


def check_port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CannotServe(
                f"Cannot serve on {host}:{port}: {problem.strerror}."
                f" Another port may be free: PORT={port + 1} make run"
            ) from None
