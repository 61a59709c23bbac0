"""The settings, started in a process of their own with exactly the variables of a test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import PRODUCTION, ROOT, environment

pytestmark = pytest.mark.slow

SECRETS = ["SECRET_KEY", "ALLOWED_HOSTS", "HOST_NAME", "HOST_CONTACT"]


def manage(
    variables: dict[str, str], home: Path, *command: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(home, variables),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
def test_production_refuses_to_start_without(
    secret: str, value: str | None, tmp_path: Path
) -> None:
    variables = {name: text for name, text in PRODUCTION.items() if name != secret}
    if value is not None:
        variables[secret] = value
    refused = manage(variables, tmp_path, "serve")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"Limber cannot start: {secret} is not set. See .env.example for what it holds."
    ]


def test_unclear_debug_is_refused(tmp_path: Path) -> None:
    refused = manage({**PRODUCTION, "DEBUG": "yes"}, tmp_path, "check")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "Limber cannot start: DEBUG must be True or False, not 'yes'."
    ]


@pytest.mark.parametrize(
    "more",
    [{}, {"DATABASE_URL": "postgres://limber@db/limber", "EMAIL_URL": "smtp+tls://mail:587"}],
    ids=["by default", "with PostgreSQL and mail"],
)
def test_production_passes_the_deployment_check(more: dict[str, str], tmp_path: Path) -> None:
    checked = manage(
        {**PRODUCTION, **more}, tmp_path, "check", "--deploy", "--fail-level", "WARNING"
    )
    assert checked.stderr == ""
    assert checked.returncode == 0


@pytest.mark.parametrize(
    ("switched_on", "header"),
    [
        ((), "max-age=31536000"),
        (("HSTS_SUBDOMAINS",), "max-age=31536000; includeSubDomains"),
        (("HSTS_SUBDOMAINS", "HSTS_PRELOAD"), "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_what_is_promised_of_a_whole_domain_is_switched_on(
    switched_on: tuple[str, ...], header: str, tmp_path: Path
) -> None:
    variables = {**PRODUCTION, **dict.fromkeys(switched_on, "True")}
    ask = "from django.test import Client; print(Client().get('/robots.txt', secure=True, headers="
    ask += "{'host': '127.0.0.1'})['Strict-Transport-Security'])"

    said = manage(variables, tmp_path, "shell", "--verbosity", "0", "--command", ask)

    assert said.stdout.splitlines() == [header], said.stderr


def test_the_lists_of_browsers_want_the_subdomains_too(tmp_path: Path) -> None:
    refused = manage({**PRODUCTION, "HSTS_PRELOAD": "True"}, tmp_path, "check")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "Limber cannot start: HSTS_PRELOAD needs HSTS_SUBDOMAINS=True: the lists demand it."
    ]


def test_the_way_past_a_pool_leads_to_the_same_kind_of_database(tmp_path: Path) -> None:
    direct = {"DIRECT_DATABASE_URL": "postgres://limber@db/limber"}
    refused = manage({**PRODUCTION, **direct}, tmp_path, "check")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "Limber cannot start: DIRECT_DATABASE_URL needs PostgreSQL, in DATABASE_URL too."
    ]


def test_a_fresh_clone_needs_debug_alone(tmp_path: Path) -> None:
    checked = manage({"DEBUG": "True"}, tmp_path, "check")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("variables", "refused"),
    [
        ({"REPLICA_URL": "postgres://limber@replica/limber"}, True),
        ({"REPLICA_URL": "sqlite:///x", "DATABASE_URL": "postgres://limber@db/limber"}, True),
        (
            {
                "REPLICA_URL": "postgres://limber@replica/limber?options=-c%20work_mem%3D8MB",
                "DATABASE_URL": "postgres://limber@db/limber",
            },
            False,
        ),
    ],
)
def test_a_replica_is_one_of_postgresql_and_read_only(
    variables: dict[str, str], refused: bool, tmp_path: Path
) -> None:
    ask = "from django.conf import settings as s; r = s.DATABASES['replica'];"
    ask += " print(r['OPTIONS']['options'], r['TEST']['MIRROR'], s.DATABASES['default']['HOST'])"

    said = manage(
        {**PRODUCTION, **variables}, tmp_path, "shell", "--verbosity", "0", "--command", ask
    )

    if refused:
        assert said.stderr.splitlines() == [
            "Limber cannot start: REPLICA_URL needs PostgreSQL, in DATABASE_URL too."
        ]
        return
    assert said.stdout.splitlines() == [
        "-c work_mem=8MB -c default_transaction_read_only=on -c statement_timeout=2s default db"
    ]


def test_example_lists_every_variable() -> None:
    code = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "env.py"))
    read = set(
        re.findall(
            r'\.(?:flag|text|choice|some_of|required|names|number|address|database|email|age_keys|mail_domains)\(\s*"(\w+)"',
            code,
        )
    )
    listed = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == read


def test_example_leads_to_production(tmp_path: Path) -> None:
    """As its head says: a copy with a secret in it, read by the shell that starts Limber."""
    said = subprocess.run(
        [
            "sh",
            "-c",
            "set -a; . ./.env.example; set +a; SECRET_KEY=a-secret-for-the-test exec"
            f' {sys.executable} manage.py shell -c "from django.conf import settings as s;'
            ' print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS)"',
        ],
        cwd=ROOT,
        env=environment(tmp_path, {"DJANGO_SETTINGS_MODULE": "config.settings"}),
        capture_output=True,
        text=True,
    )
    assert said.stdout.splitlines()[-1:] == ["False True ['limber.example.org']"], said.stderr


@pytest.mark.parametrize(
    ("variables", "debug"),
    [({}, "True"), ({"SECRET_KEY": "x"}, "False"), ({"ALLOWED_HOSTS": "x"}, "False")],
)
def test_make_run_tries_out_only_without_the_variables_of_production(
    variables: dict[str, str], debug: str, tmp_path: Path
) -> None:
    said = subprocess.run(
        ["make", "--eval=show: ; @echo $(IF_TRYING_OUT)", "show"],
        cwd=ROOT,
        env=environment(tmp_path, variables),
        capture_output=True,
        text=True,
    )
    assert said.stdout == f"{debug}\n", said.stderr
    assert "DEBUG ?= True" not in (ROOT / "Makefile").read_text()


def test_make_hides_every_variable_from_the_tests() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    hidden = re.search(r"^LIMBER_VARIABLES := (.*)$", makefile, re.MULTILINE)
    listed = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert hidden is not None
    assert sorted(hidden[1].split()) == sorted(listed)
