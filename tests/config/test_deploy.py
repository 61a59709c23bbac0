"""What lies in deploy/ agrees: the units, the configuration of nginx, `limber install`, the papers.

What it does on a box is shown by `tests/drills/test_install.py`.
"""

import configparser
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from deploy import before, box, install
from deploy.cluster import services
from tests.serving import ROOT, environment

SYSTEMD = ROOT / "deploy/systemd"
SERVICES = sorted(SYSTEMD.glob("*.service"))
EXAMPLE = (ROOT / ".env.example").read_text()
NGINX = (ROOT / "deploy/nginx.conf").read_text()
ANSWERS = {"--host": "limber.example.org", "--club": "Riverside RC", "--contact": "a@example.org"}
STORED = {
    "SECRET_KEY": "x",
    "ALLOWED_HOSTS": "limber.example.org",
    "HOST_NAME": "Riverside RC",
    "HOST_CONTACT": "a@example.org",
    "LOCAL_DIR": "/var/lib/limber",
    "SITE_URL": "https://limber.example.org",
    "BEHIND_PROXY": "True",
}


def unit(path: Path) -> configparser.ConfigParser:
    """Of settings that stand there twice, the last."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names as they are written
    parser.read(path)
    return parser


COMMON = unit(SYSTEMD / "limber-.service.d/common.conf")["Service"]


def command(path: Path) -> list[str]:
    """Of `manage.py`, with its arguments."""
    python, script, *command = shlex.split(unit(path)["Service"]["ExecStart"])
    assert (Path(python), box.CODE / script) == (box.PYTHON, box.MANAGE)
    return command


def is_run_by_a_timer(path: Path) -> bool:
    return unit(path)["Service"]["Type"] == "oneshot"


# The units


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_what_a_unit_starts_is_there(path: Path) -> None:
    name, *arguments = command(path)

    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    parser.parse_args(arguments)  # ends with SystemExit if not


def test_all_units_are_shut_in_alike_and_agree_with_what_is_installed() -> None:
    assert all(path.name.startswith("limber-") for path in SERVICES)
    assert (COMMON["User"], COMMON["Group"]) == (box.USER, box.USER)
    assert int(COMMON["UMask"], 8) == box.UMASK
    assert Path(COMMON["WorkingDirectory"]) == box.CODE
    assert Path(COMMON["EnvironmentFile"]) == box.VARIABLES
    assert COMMON["ReadWritePaths"] == box.DATA
    assert COMMON["InaccessiblePaths"] == f"-{box.CODE}/.git"
    for path in SERVICES:
        assert not unit(path)["Service"].keys() & COMMON.keys()


def test_each_timer_has_its_service_and_all_of_it_comes_with_the_target() -> None:
    timers = {path.name for path in SYSTEMD.glob("*.timer")}
    wanted = re.findall(r"^Wants=(.*)$", (SYSTEMD / "limber.target").read_text(), re.MULTILINE)

    assert {Path(name).stem for name in timers} == {
        path.stem for path in SERVICES if is_run_by_a_timer(path)
    }
    assert sorted(" ".join(wanted).split()) == sorted(
        timers | {path.name for path in SERVICES if not is_run_by_a_timer(path)}
    )
    for name in timers:
        assert unit(SYSTEMD / name)["Unit"]["PartOf"] == "limber.target"


def test_a_timer_runs_each_command_that_the_readme_gives_to_a_scheduler() -> None:
    listed = set(re.findall(r"^\| `manage\.py ([^`]+)` \|", (ROOT / "README.md").read_text(), re.M))

    run = {" ".join(command(path)) for path in SERVICES if is_run_by_a_timer(path)}

    assert listed - run == {"deliver_mail"}  # the worker sends mails
    assert run <= listed


def test_a_unit_reads_no_variable_that_nobody_knows() -> None:
    read = {name for path in SERVICES for name in re.findall(r"\$\{(\w+)\}", path.read_text())}

    assert read == {"EMAIL_URL"}
    assert re.search(r"^#EMAIL_URL=", EXAMPLE, re.MULTILINE)


def test_backups_and_what_machines_share_may_lie_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "CODE", ROOT)
    elsewhere = {"BACKUP_DIR": "/mnt/backups", "SHARED_DIR": "/mnt/files"}

    here, there = install.units(STORED), install.units({**STORED, **elsewhere})

    assert here == {str(path.relative_to(SYSTEMD)): path.read_text() for path in units()}
    common = "limber-.service.d/common.conf"
    assert "\nReadWritePaths=/var/lib/limber /mnt/files /mnt/backups\n" in there[common]
    assert {name for name in here if here[name] != there[name]} == {common}


@pytest.mark.parametrize("path", sorted((ROOT / "deploy/cluster").glob("*.[ecy]*")))
def test_each_blank_of_the_cluster_has_something_to_stand_in_it(path: Path) -> None:
    """A real one is started by `tests/drills/test_cluster.py`."""
    written = services.filled(f"cluster/{path.name}", "db2")

    assert re.findall(r"<\w.*?>", written) == []
    assert services.variables("# a line\nNAME=db2=http://x\n") == {"NAME": "db2=http://x"}


def units() -> list[Path]:
    return [path for path in SYSTEMD.rglob("*") if path.is_file()]


# nginx


def test_nginx_looks_where_limber_is() -> None:
    assert f"server 127.0.0.1:{box.PORT};" in NGINX
    assert f"ssl_certificate {box.CERTIFICATE};" in NGINX
    assert f"ssl_certificate_key {box.KEY};" in NGINX
    serve = load_command_class(get_commands()["serve"], "serve").create_parser("manage.py", "serve")
    assert serve.get_default("port") == box.PORT


def test_nginx_serves_the_names_that_limber_allows() -> None:
    conf = install.server_of(NGINX, ["limber.example.org", "www.example.org"], has_ipv6=True)

    assert conf.count("server_name limber.example.org www.example.org;") == 2
    assert conf.count("listen [::]:") == 2
    assert re.search(r"[<>](?!\.)", re.sub(r"#.*|~.*", "", conf)) is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS_SUBDOMAINS": "False"}, "max-age=31536000"),
        ({"HSTS_SUBDOMAINS": "True"}, "max-age=31536000; includeSubDomains"),
        (
            {"HSTS_SUBDOMAINS": "True", "HSTS_PRELOAD": "True"},
            "max-age=31536000; includeSubDomains; preload",
        ),
    ],
)
def test_nginx_promises_of_tls_what_limber_does(more: dict[str, str], said: str) -> None:
    promises = install.promises({**STORED, **more})

    conf = install.server_of(NGINX, ["limber.example.org"], has_ipv6=True, promises=promises)

    assert f'"" "{said}";' in conf


def test_a_box_without_ipv6_listens_on_none() -> None:
    conf = install.server_of(NGINX, ["limber.example.org"], has_ipv6=False)

    assert "[::]" not in conf
    assert conf.count("listen ") == 2


# The variables


def test_the_file_of_variables_is_the_example_filled_in() -> None:
    made = install.filled_in(EXAMPLE, STORED)

    assert box.read_variables(made) == {"DEBUG": "False", **STORED}
    kept = [line for line in EXAMPLE.splitlines() if not re.match(r"#?[A-Z_]+=", line)]
    assert [line for line in made.splitlines() if not re.match(r"#?[A-Z_]+=", line)] == kept


@pytest.mark.slow
def test_limber_starts_with_what_is_filled_in(tmp_path: Path) -> None:
    variables = box.read_variables(install.filled_in(EXAMPLE, STORED))

    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment(tmp_path, {**variables, "LOCAL_DIR": str(tmp_path)}),
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        (" A = b ", None),
        ("A=b c # d", "b c # d"),
        ('A="b c"', "b c"),
        ("A='b c'", "b c"),
        ("A=$b`c`%d!", "$b`c`%d!"),
        ("A=b=c", "b=c"),
        ("A=", ""),
        ('A=""', ""),
        ('A="b', None),
        ("A=b'c", None),
        ('A="b"c"', None),
        ("A=b\\", None),
        ("A", None),
        ("export A=b", None),
    ],
)
def test_a_variable_is_read_as_systemd_reads_it_or_not_at_all(line: str, value: str | None) -> None:
    text = f"# a comment\n; another\n\n{line}\n"
    if value is None:
        with pytest.raises(box.Unclear, match="line 4 is not clear"):
            box.read_variables(text)
    else:
        assert box.read_variables(text) == {"A": value}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"SITE_URL": ""}, "/etc/limber/limber.env lacks SITE_URL: .env.example says"),
        ({"DEBUG": "True"}, "/etc/limber/limber.env has DEBUG on"),
        ({"BEHIND_PROXY": "False"}, "/etc/limber/limber.env lacks BEHIND_PROXY=True"),
        ({"ALLOWED_HOSTS": "a.example, b;"}, "ALLOWED_HOSTS in /etc/limber/limber.env has to"),
        ({"HOST_NAME": "Other"}, "/etc/limber/limber.env says HOST_NAME=Other: change that"),
        ({"BACKUP_DIR": "/home/ana"}, "/home/ana is closed to Limber's units"),
        ({"SHARED_DIR": "/home/ana"}, "/home/ana is closed to Limber's units"),
        ({"LOCAL_DIR": "data"}, "data is closed to Limber's units"),
    ],
)
def test_what_is_amiss_in_the_variables_is_said_first(
    changed: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "variables", lambda: {**STORED, **changed})

    problems = list(before.problems_of_variables({"HOST_NAME": "Riverside RC"}))

    assert len(problems) == (1 if said else 0)
    assert "".join(problems).startswith(said)


# The command


def test_a_file_is_written_whole_closed_and_only_where_it_differs(tmp_path: Path) -> None:
    file = tmp_path / "limber.env"

    assert box.put(file, "SECRET_KEY=x\n", 0o600)
    assert file.stat().st_mode & 0o777 == 0o600
    written_at = file.stat().st_mtime_ns

    assert not box.put(file, "SECRET_KEY=x\n", 0o600)
    assert file.stat().st_mtime_ns == written_at
    file.chmod(0o644)
    assert box.put(file, "SECRET_KEY=x\n", 0o600)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_it_says_what_it_wants_and_refuses_another_place() -> None:
    def limber(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(ROOT / "deploy/limber"), *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    helped, refused = limber("install", "--help"), limber("install")

    assert helped.returncode == 0
    assert all(name in helped.stdout for name in ANSWERS)
    assert refused.returncode == 1
    assert "Only root" in refused.stderr or "has to lie in /opt/limber" in refused.stderr
