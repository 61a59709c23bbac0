"""What `make release` looks at: that all of the repository agrees on a version."""

import gzip
import re
import subprocess
from pathlib import Path

import pytest

from deploy import release
from tests import releases
from tests.serving import ROOT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(release, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("# Changes\n\n## 0.3.0, 2026-12-31\n\n- New\n\n## 0.2.0\n\n- Old\n", True),
        ("# Changes\n\n## 0.3.0\n\n- New\n", False),
        ("# Changes\n\n## 0.3.0, December\n\n- New\n", False),
        ("# Changes\n\n## 0.3.0, 2026-12-31\n\n## 0.2.0\n\n- Old\n", False),
        ("# Changes\n\n## Unreleased\n\n## 0.3.0, 2026-12-31\n\n- New\n", False),
        ("# Changes\n\n## 0.3.0, 2026-12-31\n\n- New\n\n## Unreleased\n", False),
        ("# Changes\n\n## 0.3.1, 2026-12-31\n\n- New\n\n## 0.3.0, 2026-11-30\n\n- Old\n", False),
    ],
)
def test_the_changelog_begins_with_the_version_and_its_day(
    home: Path, text: str, is_right: bool
) -> None:
    (home / "CHANGELOG.md").write_text(text)
    assert release.changelog("0.3.0")[0] == is_right


def test_pyproject_has_the_version(home: Path) -> None:
    (home / "pyproject.toml").write_text('[project]\nversion = "0.3.0"\n')
    assert release.pyproject("0.3.0")[0]
    assert release.pyproject("0.3.1") == (False, "The version of pyproject.toml is 0.3.0.")


def test_the_tree_is_clean_and_the_tag_is_free(home: Path) -> None:
    def git(*command: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(home), *who, *command], check=True, capture_output=True)

    git("init")
    (home / "a").write_text("a")
    assert release.tree("0.3.0") == (False, "?? a is not in a commit.")
    git("add", "a")
    git("commit", "--message", "a")
    assert release.tree("0.3.0")[0]
    assert release.tag("0.3.0")[0]
    git("tag", "v0.3.0")
    assert release.tag("0.3.0") == (False, "v0.3.0 is there already.")


def test_each_version_of_the_changelog_has_its_database_and_its_line() -> None:
    newest, *before = release.released()
    assert release.upgrade(newest) == (True, "Data and words are there for each version before it.")
    assert {*before} <= {*releases.versions()} <= {newest, *before}  # made once its tag is there
    is_right, said = release.upgrade("9.9.9")
    assert (is_right, said) == (False, "docs/upgrading.md has no part “9.9.9”.")


def test_a_version_without_its_database_is_named(home: Path) -> None:
    (home / "docs").mkdir()
    (home / "CHANGELOG.md").write_text("## 0.3.0, 2026-12-31\n\n## 0.2.0\n")
    (home / "docs" / "upgrading.md").write_text("## 0.3.0\n")
    assert release.upgrade("0.3.0") == (
        False,
        "tests/data/releases/0.2.0.sqlite.sql.gz is missing: python -m tests.releases 0.2.0 v0.2.0",
    )
    (home / "tests/data/releases").mkdir(parents=True)
    for vendor in releases.VENDORS:
        (home / f"tests/data/releases/0.2.0.{vendor}.sql.gz").touch()
    assert release.upgrade("0.3.0") == (
        False,
        "The table of docs/upgrading.md has no line for 0.2.0.",
    )


@pytest.mark.parametrize("version", releases.versions())
def test_the_page_names_the_migrations_that_a_version_had(version: str) -> None:
    script = gzip.decompress(releases.path_of(version, "sqlite").read_bytes()).decode()
    applied = re.findall(r"django_migrations\" VALUES\(\d+,'(\w+)','(\w+)'", script)
    last = {app: name for app, name in sorted(applied) if app in ("runners", "guidance")}

    line = next(
        line
        for line in (ROOT / "docs/upgrading.md").read_text().splitlines()
        if line.startswith(f"| {version} |")
    )
    assert f"| `{last['runners']}` | `{last['guidance']}` |" in line


@pytest.mark.parametrize("version", releases.versions())
def test_a_database_of_a_release_is_small(version: str) -> None:
    for vendor in releases.VENDORS:
        assert releases.path_of(version, vendor).stat().st_size < 300_000


@pytest.mark.parametrize(
    ("unasked", "ends_with", "is_right", "said"),
    [
        ("", 0, True, "No package has a known one."),
        ("", 1, False, "A package has one, or nobody could be asked"),
        ("unasked", 1, True, "Nobody was asked"),
        ("yes", 1, False, "A package has one, or nobody could be asked"),
    ],
)
def test_packages_have_no_known_hole(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    unasked: str,
    ends_with: int,
    is_right: bool,
    said: str,
) -> None:
    (home / "Makefile").write_text(f"holes:\n\t@echo django; exit {ends_with}\n")
    monkeypatch.setenv("HOLES", unasked)
    assert release.holes("0.3.0")[0] == is_right
    assert release.holes("0.3.0")[1].startswith(said)


def test_make_holes_asks_about_what_limber_runs_with_and_takes_no_silence_for_a_no() -> None:
    said = subprocess.run(
        ["make", "--dry-run", "holes"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    command = said.replace("\\\n", " ").splitlines()[-1].split()
    assert command[0] == ".local/release/bin/pip-audit"
    assert {"--strict", "--require-hashes"} <= {*command}
    assert command[-2:] == ["--requirement", "requirements/run.txt"]


def test_where_something_is_wrong_no_tag_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = {"one": lambda version: (True, version), "other": lambda version: (False, "No.")}
    monkeypatch.setattr(release, "LOOKS", looks)
    with pytest.raises(SystemExit, match="Not to be released: 1"):
        release.main("0.3.0", "cyclonedx-py")
    assert capsys.readouterr().out == "ok     one         0.3.0\nWRONG  other       No.\n"
    with pytest.raises(SystemExit, match="three numbers"):
        release.main("", "cyclonedx-py")


def test_where_all_is_right_it_writes_what_it_runs_with_and_names_the_tag(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(release, "LOOKS", {})
    tool = home / "cyclonedx"
    tool.write_text('#!/bin/sh\nfor last; do :; done\nprintf "%s" "$2" > "$last"\n')
    tool.chmod(0o755)

    assert release.main("0.3.0", str(tool)) == 0

    written = home / ".local/release/limber-0.3.0.cdx.json"
    assert written.read_text() == "requirements/run.txt"
    assert "git tag --annotate v0.3.0" in capsys.readouterr().out
