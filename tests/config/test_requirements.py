"""The locked versions in requirements/, made by `make lock` from pyproject.toml."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.serving import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text()
PROJECT = tomllib.loads(PYPROJECT)
RUN = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]
RELEASE = PROJECT["dependency-groups"]["release"]
LOCKS = {
    name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("run", "dev", "release")
}


def locked(lock: str) -> dict[str, str]:
    """Version by name."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCKS[lock], re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "wanted"), [("run", RUN), ("dev", RUN + DEV), ("release", RELEASE)]
)
def test_every_dependency_is_locked_to_a_version_it_allows(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    for line in wanted:
        requirement = Requirement(line)
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, line


def test_tests_run_with_the_versions_that_serve() -> None:
    assert locked("run").items() <= locked("dev").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    packages = re.split(r"^(?=\S)", LOCKS[lock], flags=re.MULTILINE)[1:]
    assert len(packages) == len(locked(lock))
    assert [package for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_no_address(lock: str) -> None:
    allowed = re.compile(
        r"[a-z0-9._-]+==\S+( ; [a-z_]+ [=!<>]+ '[^']*'( (and|or) [a-z_]+ [=!<>]+ '[^']*')*)? \\"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    assert [line for line in LOCKS[lock].splitlines() if not allowed.fullmatch(line)] == []


@pytest.mark.parametrize("line", RUN + DEV + RELEASE)
def test_every_dependency_says_what_it_is_for(line: str) -> None:
    assert re.search(rf'^ +"{re.escape(line)}", +# \S.{{10,}}$', PYPROJECT, re.MULTILINE)


def test_nobody_needs_uv_lock() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text().splitlines()


def test_make_installs_anew_whenever_the_lock_is_another_one(tmp_path: Path) -> None:
    """Also the one of before the last: a downgrade is one."""
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    lock, python = tmp_path / "requirements/run.txt", tmp_path / ".venv/bin/python"
    for folder in (lock.parent, python.parent):
        folder.mkdir(parents=True)
    (lock.parent / "dev.txt").write_text("")
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)

    said = []
    for version in ("1", "2", "2", "1"):
        lock.write_text(f"django=={version}\n")
        made = subprocess.run(["make", "install"], cwd=tmp_path, capture_output=True, text=True)
        said.append("Installing" in made.stdout)

    assert said == [True, True, False, True]
