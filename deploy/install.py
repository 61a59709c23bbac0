"""`limber install`: from a checkout in /opt/limber to a Limber that is served, in one command.

It looks first, and refuses before it changes anything. Each step leaves alone what is right, so it
may run again at any time: after it was cut off, after a change of limber.env, and for a newer
checkout, which it brings into force.
"""

import argparse
import contextlib
import fcntl
import os
import pwd
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from deploy import after, before, box
from deploy.box import (
    CERTIFICATE,
    CODE,
    COMMAND,
    DATA,
    KEY,
    NGINX,
    UNITS,
    USER,
    VARIABLES,
    Refused,
    link,
    managed,
    put,
    run,
)

# What others than root have to read of the checkout; whatever else may lie in it stays closed.
READABLE = ("config", "deploy", "guidance", "manage.py", "runners", "static", "templates", ".venv")
NGINX_BEFORE = NGINX.with_name("limber.conf.before")


def main(arguments: Sequence[str]) -> None:
    asked = parser().parse_args(arguments)
    os.umask(0o022)  # the program is for everybody to read; what is not says so itself
    if os.geteuid() != 0:
        sys.exit("Only root can set up a box: sudo limber install")
    if Path(__file__).resolve().parent.parent != CODE:
        sys.exit(f"Limber has to lie in {CODE}: git clone its repository to there.")
    try:
        with alone():
            if problems := before.problems(asked):
                sys.exit("\n".join([*problems, "Nothing was changed."]))
            install(asked)
    except (Refused, OSError) as problem:
        sys.exit(f"\n{problem}\nOnce that is mended, run it again: it goes on from here.")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="limber install",
        description="Sets up Limber on this box, or brings a newer checkout into force. The first"
        " time it wants all five; from then on it knows them.",
    )
    made.add_argument("--host", help="the name that people type: limber.example.org")
    made.add_argument("--club", metavar="NAME", help="who runs this Limber, as people read it")
    made.add_argument("--contact", metavar="EMAIL", help="how to reach them")
    made.add_argument("--certificate", metavar="FILE", type=Path, help="for TLS, the whole chain")
    made.add_argument("--key", metavar="FILE", type=Path, help="and its private key")
    return made


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two at once would undo each other's work."""
    folder = os.open(CODE, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused("Another `limber install` is at work.") from None
    finally:
        os.close(folder)


# The steps: each says whether it had anything to do


def install(asked: argparse.Namespace) -> None:
    steps: dict[str, Callable[[], bool]] = {
        f"user {USER}": make_user,
        f"{VARIABLES}, with a secret of its own": lambda: write_variables(asked),
        "files for TLS": lambda: link_tls(asked.certificate, asked.key),
        "folders that nobody else may enter": make_folders,
        f"packages in {CODE}/.venv (a minute or two)": install_packages,
        f"command {COMMAND}": link_command,
        "tables of the database": migrate,
        "static files": collect_static,
        "first backup, with which the journal begins": back_up_once,
        f"units in {UNITS}": write_units,
        f"configuration of nginx, {NGINX}": configure_nginx,
    }
    for what, step in steps.items():
        print(f"{what} ...", end=" ", flush=True)
        print("done" if step() else "as it was")
    after.start()
    print(f"\n{box.manage('doctor').stdout}")
    after.say_what_is_left()


def make_user() -> bool:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(USER)
        return False
    nobody = ("--no-create-home", "--home-dir", DATA, "--shell", "/usr/sbin/nologin")
    run("useradd", "--system", "--user-group", *nobody, USER)
    return True


def write_variables(asked: argparse.Namespace) -> bool:
    if VARIABLES.exists():
        return False
    values = {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": asked.host,
        "HOST_NAME": asked.club,
        "HOST_CONTACT": asked.contact,
        "LOCAL_DIR": DATA,
        "SITE_URL": f"https://{asked.host}",
        "BEHIND_PROXY": "True",
    }
    VARIABLES.parent.mkdir(mode=0o755, exist_ok=True)
    return put(VARIABLES, filled_in((CODE / ".env.example").read_text(), values), 0o600)


def filled_in(example: str, values: Mapping[str, str]) -> str:
    """The example of all variables, with these in force in it."""
    for name, value in values.items():
        line = f'{name}="{value}"' if " " in value else f"{name}={value}"
        example, found = re.subn(rf"(?m)^#?{name}=.*$", line, example)
        if found != 1:
            raise Refused(f".env.example has {name} {found} times.")
    return example


def link_tls(certificate: Path | None, key: Path | None) -> bool:
    """So that they can be renewed where they lie. nginx reads them as root."""
    if certificate is None or key is None:
        return False
    CERTIFICATE.parent.mkdir(mode=0o755, exist_ok=True)
    return any([link(CERTIFICATE, certificate.absolute()), link(KEY, key.absolute())])


def link_command() -> bool:
    return link(COMMAND, CODE / "deploy/limber")


def make_folders() -> bool:
    """What lies in the one of the data is Limber's, also where root has put it there.

    What the host names for backups, or for what machines share, is left as it is where it is there:
    the doctor says what is not right.
    """
    stored = box.variables()
    data, backups = Path(stored["LOCAL_DIR"]), box.backups_in(stored)
    shared = Path(stored.get("SHARED_DIR") or data)
    made = [make_folder(folder) for folder in (data, shared, backups)]
    is_open = stat.S_IMODE(data.stat().st_mode) != 0o700
    data.chmod(0o700)
    is_foreign = bool(run("find", str(data), "-not", "-user", USER, "-print", "-quit"))
    if is_foreign:
        run("chown", "--recursive", "--no-dereference", f"{USER}:{USER}", str(data))
    return any([*made, is_open, is_foreign])


def make_folder(folder: Path) -> bool:
    if folder.exists():
        return False
    folder.mkdir(mode=0o700, parents=True)
    shutil.chown(folder, USER, USER)
    return True


def install_packages() -> bool:
    """By the lock. An environment that was cut off, or is of another Python, is made anew."""
    old = stamps()
    if not packages_load():
        shutil.rmtree(CODE / ".venv", ignore_errors=True)
    run("make", "--directory", str(CODE), "install", f"PYTHON={sys.executable}")
    # Limber cannot write beside its code, and would compile it anew at every start.
    sources = [str(CODE / name) for name in READABLE if name != ".venv"]
    run(str(box.PYTHON), "-m", "compileall", "-q", *sources)
    CODE.chmod(stat.S_IMODE(CODE.stat().st_mode) | 0o755)
    run("chmod", "--recursive", "go+rX", *(str(CODE / name) for name in READABLE))
    return stamps() != old


def stamps() -> list[str]:
    """What make leaves behind: the lock that is installed, and when it was."""
    found = (CODE / ".venv").glob(".run-*")
    return sorted(f"{path.name} {path.stat().st_mtime_ns}" for path in found)


def packages_load() -> bool:
    try:
        run(str(box.PYTHON), "-c", "import pip, django, granian")
    except (Refused, OSError):
        return False
    return True


def migrate() -> bool:
    """What serves meanwhile goes on: each step runs with the code before and after it."""
    if box.manage("migrate", "--check").returncode == 0:
        return False
    managed("migrate", "--noinput")
    return True


def collect_static() -> bool:
    return not managed("collectstatic", "--noinput").strip().startswith("0 static files")


def back_up_once() -> bool:
    if any(box.backups_in(box.variables()).glob("limber-*")):
        return False
    # Where it cannot be made, the doctor says so; that keeps nobody from using Limber.
    return box.manage("backup").returncode == 0


def write_units() -> bool:
    done = [put(UNITS / name, text) for name, text in units(box.variables()).items()]
    run("systemctl", "enable", "limber.target")
    return any(done)


def units(stored: Mapping[str, str]) -> dict[str, str]:
    """Text by name: the files of `systemd/`, with the folders that Limber may write."""
    source = CODE / "deploy/systemd"
    named = (stored.get("SHARED_DIR"), stored.get("BACKUP_DIR"))
    folders = [stored["LOCAL_DIR"], *filter(None, named)]
    return {
        str(path.relative_to(source)): path.read_text().replace(
            f"ReadWritePaths={DATA}\n", f"ReadWritePaths={' '.join(folders)}\n"
        )
        for path in sorted(source.rglob("*.*"))
        if path.is_file()
    }


def configure_nginx() -> bool:
    """What nginx does not take is taken back, so that it starts as it did before."""
    template = (CODE / "deploy/nginx.conf").read_text()
    variables = box.variables()
    conf = server_of(
        template,
        box.hosts(variables),
        has_ipv6=Path("/proc/net/if_inet6").exists(),
        promises=promises(variables),
    )
    old = NGINX.read_text() if NGINX.exists() else None
    is_new = put(NGINX, conf)
    try:
        run("nginx", "-t")
    except Refused:
        if old is None:
            NGINX.unlink()
        else:
            put(NGINX, old)
        raise
    if is_new and old is not None:
        put(NGINX_BEFORE, old)
    return is_new


def promises(variables: Mapping[str, str]) -> str:
    """What Limber says beside how long browsers keep to TLS: nginx must not take it back."""
    said = {"HSTS_SUBDOMAINS": "; includeSubDomains", "HSTS_PRELOAD": "; preload"}
    return "".join(words for name, words in said.items() if variables.get(name) == "True")


def server_of(template: str, names: Sequence[str], *, has_ipv6: bool, promises: str = "") -> str:
    conf = template.replace("<limber.example.org>", " ".join(names))
    conf = conf.replace("max-age=31536000", f"max-age=31536000{promises}")
    return conf if has_ipv6 else re.sub(r"(?m)^ *listen \[::\].*\n", "", conf)
