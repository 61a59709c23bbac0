"""`make release VERSION=x.y.z`: looks whether all of the repository agrees on a version.

Says in a line each what is right and what is not, as the doctor does; where all of it is right it
writes which packages the version runs with (an SBOM, CycloneDX as JSON) and names the tag to make.
It changes nothing.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
DATED = re.compile(r"(\d+\.\d+\.\d+), (\d{4}-\d\d-\d\d)")
NUMBER = re.compile(r"\d+\.\d+\.\d+")
VENDORS = ("sqlite", "postgresql")

Said = tuple[bool, str]


def text(path: str) -> str:
    return (ROOT / path).read_text()


def released() -> list[str]:
    """The versions of the changelog, newest first."""
    return [found[0] for found in map(NUMBER.match, HEADING.findall(text("CHANGELOG.md"))) if found]


def changelog(version: str) -> Said:
    first, *rest = re.split(r"^## ", text("CHANGELOG.md"), flags=re.MULTILINE)[1:]
    heading, _, changes = first.partition("\n")
    dated = DATED.fullmatch(heading)
    if not dated or dated[1] != version:
        return False, f"The newest heading is “{heading}”: it has to be “{version}, 2026-12-31”."
    if not changes.strip():
        return False, "It says nothing of what is new."
    if any(each.startswith("Unreleased") for each in rest):
        return False, "“Unreleased” stands below it."
    return True, f"{version} is the newest, of {dated[2]}."


def pyproject(version: str) -> Said:
    said = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    return said == version, f"The version of pyproject.toml is {said}."


def tag(version: str) -> Said:
    there = git("tag", "--list", f"v{version}")
    return not there, f"v{version} {'is there already' if there else 'is free'}."


def tree(_version: str) -> Said:
    changed = git("status", "--porcelain").splitlines()
    return not changed, f"{changed[0].strip()} is not in a commit." if changed else "It is clean."


def migrations(_version: str) -> Said:
    return run(
        "manage.py", "makemigrations", "--check", "--dry-run"
    ), "They hold all of the models."


def locks(_version: str) -> Said:
    test = "tests/config/test_requirements.py"
    do_fit = run("-m", "pytest", "-q", "-p", "no:cacheprovider", test)
    return do_fit, f"They {'fit' if do_fit else 'do not fit'} pyproject.toml, says {test}."


def upgrade(version: str) -> Said:
    """From each version that came before, with a drill and a place in the page."""
    page = text("docs/upgrading.md")
    for before in (each for each in released() if each != version):
        for vendor in VENDORS:
            path = f"tests/data/releases/{before}.{vendor}.sql.gz"
            if not (ROOT / path).exists():
                return False, f"{path} is missing: python -m tests.releases {before} v{before}"
        if not re.search(rf"^\| {re.escape(before)} \|", page, re.MULTILINE):
            return False, f"The table of docs/upgrading.md has no line for {before}."
    if not re.search(rf"^## {re.escape(version)}$", page, re.MULTILINE):
        return False, f"docs/upgrading.md has no part “{version}”."
    return True, "Data and words are there for each version before it."


def holes(_version: str) -> Said:
    """Known ones, of packages that Limber runs with: `make holes` asks those who collect them."""
    if os.environ.get("HOLES") == "unasked":
        return True, "Nobody was asked whether packages have known holes."
    asked = subprocess.run(["make", "holes"], cwd=ROOT, capture_output=True, text=True)  # noqa: S607  # the one of PATH
    if asked.returncode:
        print(asked.stdout + asked.stderr, file=sys.stderr)
        return False, "A package has one, or nobody could be asked: HOLES=unasked asks nobody."
    return True, "No package has a known one."


LOOKS: dict[str, Callable[[str], Said]] = {
    "changelog": changelog,
    "pyproject": pyproject,
    "tag": tag,
    "tree": tree,
    "migrations": migrations,
    "locks": locks,
    "upgrade": upgrade,
    "holes": holes,
}


def git(*command: str) -> str:
    done = subprocess.run(  # noqa: S603  # no shell
        ["git", "-C", str(ROOT), *command],  # noqa: S607  # the one of PATH
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def run(*command: str) -> bool:
    """Of this Python; what it says is shown where it fails."""
    done = subprocess.run(  # noqa: S603  # no shell
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
    return not done.returncode


def sbom(version: str, cyclonedx: str) -> Path:
    path = ROOT / ".local" / "release" / f"limber-{version}.cdx.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = ["requirements", "requirements/run.txt", "--pyproject", "pyproject.toml"]
    options = ["--output-reproducible", "--output-file", str(path)]
    quietly = {**os.environ, "PYTHONWARNINGS": "ignore"}  # a lock does not say what leads to what
    subprocess.run([cyclonedx, *command, *options], cwd=ROOT, env=quietly, check=True)  # noqa: S603  # no shell
    return path


def main(version: str, cyclonedx: str) -> int:
    if not NUMBER.fullmatch(version):
        sys.exit("Name the version as three numbers: make release VERSION=1.2.3")
    wrong = 0
    for what, look in LOOKS.items():
        is_right, said = look(version)
        wrong += not is_right
        print(f"{'ok' if is_right else 'WRONG':<6} {what:<11} {said}", flush=True)
    if wrong:
        sys.exit(f"Not to be released: {wrong}")
    print(f"ok     SBOM        {sbom(version, cyclonedx).relative_to(ROOT)}")
    print(f"Once make test and make drill are green: git tag --annotate v{version}")
    print("Put the SBOM beside it, and begin “## Unreleased” in the changelog.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
