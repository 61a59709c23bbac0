"""What `limber install` looks at before it changes anything: a sentence for each thing amiss."""

import argparse
import importlib.util
import re
import shutil
import socket
import ssl
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from deploy import box
from deploy.box import CERTIFICATE, CODE, DATA, KEY, VARIABLES

NEEDED = ("SECRET_KEY", "ALLOWED_HOSTS", "HOST_NAME", "HOST_CONTACT", "LOCAL_DIR", "SITE_URL")
OF_DEBIAN = {"make": "make", "nginx": "nginx"}  # packages by the command that is missing
HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def problems(asked: argparse.Namespace) -> list[str]:
    return [*problems_of_box(), *problems_of(asked)]


def problems_of_box() -> Iterator[str]:
    missing = [package for name, package in OF_DEBIAN.items() if shutil.which(name) is None]
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if missing:
        yield f"Missing here. On Debian: apt-get install {' '.join(missing)}"
    if CODE.stat().st_mode & stat.S_IWOTH:
        yield f"Anybody may change {CODE}, which root runs: chmod o-w {CODE}"
    if not VARIABLES.exists() and is_taken(box.PORT):
        yield f"Something else listens on port {box.PORT} of this box, where Limber would."


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def problems_of(asked: argparse.Namespace) -> Iterator[str]:
    wanted = [name for name in ("certificate", "key") if getattr(asked, name) is None]
    if wanted and (len(wanted) == 1 or not KEY.is_symlink()):
        yield f"Say the files for TLS: {options(('certificate', 'key'))}"
    else:
        yield from problems_of_tls(asked.certificate or CERTIFICATE, asked.key or KEY)
    answers = {"HOST_NAME": asked.club, "HOST_CONTACT": asked.contact}
    if asked.host is not None:
        answers |= {"ALLOWED_HOSTS": asked.host, "SITE_URL": f"https://{asked.host}"}
    said = {name: value for name, value in answers.items() if value is not None}
    if VARIABLES.exists():
        yield from problems_of_variables(said)
        return
    if wanted := [name for name in ("host", "club", "contact") if not getattr(asked, name)]:
        yield f"Say what only you can know: {options(wanted)}"
    if asked.host and not HOST.fullmatch(asked.host):
        yield f"--host is a name alone, in small letters, such as limber.example.org: {asked.host}"
    if any(re.search(r"""["'\\\n]""", value) for value in said.values()):
        yield "Neither quotes nor backslashes, please, in --club and --contact."


def options(names: Iterable[str]) -> str:
    examples = {
        "host": "--host limber.example.org",
        "club": '--club "Riverside Running Club"',
        "contact": "--contact limber@example.org",
        "certificate": "--certificate /etc/letsencrypt/live/limber.example.org/fullchain.pem",
        "key": "--key /etc/letsencrypt/live/limber.example.org/privkey.pem",
    }
    return " ".join(examples[name] for name in names)


def problems_of_tls(certificate: Path, key: Path) -> Iterator[str]:
    asked_for = []

    def passphrase() -> str:
        asked_for.append("the key")
        return ""

    both = f"{certificate} and {key}"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, passphrase)
    except ssl.SSLError:
        if asked_for:
            yield f"{key} wants a passphrase, and nobody is there to type it when nginx starts."
        else:
            yield f"{both} are not a certificate and its private key, in PEM."
    except OSError as problem:
        yield f"nginx could not read {both}: {problem.strerror}."


def problems_of_variables(said: Mapping[str, str]) -> Iterator[str]:
    """Limber itself says at its start what else is not clear in them."""
    try:
        stored = box.variables()
    except box.Unclear as problem:
        yield f"{VARIABLES}: {problem}"
        return
    missing = [name for name in NEEDED if not stored.get(name)]
    if missing:
        yield f"{VARIABLES} lacks {', '.join(missing)}: .env.example says what they hold."
    elif stored.get("DEBUG", "False") != "False":
        yield f"{VARIABLES} has DEBUG on, with which accounts work whose password everybody knows."
    elif stored.get("BEHIND_PROXY") != "True":
        yield f"{VARIABLES} lacks BEHIND_PROXY=True: nginx ends TLS in front of Limber."
    elif not all(map(HOST.fullmatch, box.hosts(stored))):
        yield f"ALLOWED_HOSTS in {VARIABLES} has to hold names with commas between them."
    for name, value in said.items():
        if stored.get(name, value) != value:
            yield f"{VARIABLES} says {name}={stored[name]}: change that, or leave it out here."
    for folder in (stored.get(name, DATA) for name in ("LOCAL_DIR", "SHARED_DIR", "BACKUP_DIR")):
        if not folder.startswith("/") or Path(folder).parts[1:2] in (("home",), ("root",)):
            yield f"{folder} is closed to Limber's units: let it lie outside of /home and /root."
