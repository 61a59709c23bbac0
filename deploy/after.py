"""What `limber install` does once all of it is there: starts it, and says what is left to do."""

import contextlib
import http.client
import socket
import ssl
import time
from pathlib import Path

from deploy import box
from deploy.box import PORT, UNITS, Refused, run

START_S = 60


def start() -> None:
    if not Path("/run/systemd/system").exists():
        print(
            "\nsystemd does not run here, so nothing was started. The lines ExecStart= of"
            f" {UNITS}/limber-*.service say what would have been, and nginx serves it."
        )
        return
    timers = sorted(path.name for path in UNITS.glob("limber-*.timer"))
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", "limber-web", "limber-worker", *timers)
    run("systemctl", "start", "limber.target")
    run("systemctl", "enable", "--now", "nginx")
    run("systemctl", "reload", "nginx")
    wait_until_well()


def wait_until_well() -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if is_well():
                return
        time.sleep(0.5)
    raise Refused("Limber does not answer. What it says: journalctl --unit limber-web --lines 50")


def is_well() -> bool:
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    with contextlib.closing(line):
        said = {"Host": box.hosts(box.variables())[0], "X-Forwarded-Proto": "https"}
        line.request("GET", "/healthz", headers=said)
        return line.getresponse().status == http.HTTPStatus.OK


def say_what_is_left() -> None:
    stored = box.variables()
    site = stored["SITE_URL"]
    print(f"Limber is at {site}. What is left to you:")
    if problem := distrust(site.removeprefix("https://")):
        print(f"- Browsers will not trust it: {problem}.")
    if not stored.get("EMAIL_URL"):
        print(f"- Mail: EMAIL_URL in {box.VARIABLES}, then `limber install` again.")
    if not stored.get("BACKUP_DIR"):
        print(f"- Backups lie on the same disk: carry {box.backups_in(stored)} elsewhere.")
    print(
        "- An account of your own, where you have none yet: limber create_account you@example.org,"
        " then limber make_host you@example.org for the pages at /host/"
    )


def distrust(address: str) -> str:
    """What a browser would say to the certificate, which no other check looks at."""
    host, _, port = address.partition(":")
    try:
        with socket.create_connection(("127.0.0.1", int(port or 443)), timeout=10) as line:
            ssl.create_default_context().wrap_socket(line, server_hostname=host).close()
    except ssl.SSLCertVerificationError as problem:
        return problem.verify_message
    except OSError:  # nothing is served here
        return ""
    return ""
