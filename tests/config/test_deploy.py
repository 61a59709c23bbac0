"""The units of deploy/ call commands that exist, with arguments that these take."""

import configparser
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.serving import ROOT

SERVICES = sorted((ROOT / "deploy").glob("*.service"))


def unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names as they are written
    parser.read(path)
    return parser


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_what_a_unit_starts_is_there(path: Path) -> None:
    _, script, name, *arguments = shlex.split(unit(path)["Service"]["ExecStart"])

    command = load_command_class(get_commands()[name], name)
    command.create_parser(script, name).parse_args(arguments)  # ends with SystemExit if not
    assert script == "manage.py"
    assert unit(path)["Service"]["UMask"] == "0077"


def test_each_unit_has_its_timer() -> None:
    timers = {path.stem for path in (ROOT / "deploy").glob("*.timer")}

    assert timers == {path.stem for path in SERVICES} == {"limber-backup", "limber-doctor"}
