"""`limber install` on an empty box: cut off, run to the end, and again; then what is promised."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy import box as paths
from runners.demo import EMAIL as DEMO_EMAIL
from runners.demo import PASSWORD as DEMO_PASSWORD
from runners.hosting.checkup import LOOKS
from tests.drills import box as boxes
from tests.drills.box import Box
from tests.load import NOT_CHECKED
from tests.runners.accounts.newcomer import SIGN_UP, WELCOME
from tests.serving import ROOT, Answer, Visitor

HOST = "limber.example.org"
INSTALL = f"{boxes.CODE}/deploy/limber"
TLS = ("--certificate", "/srv/tls/chain.pem", "--key", "/srv/tls/key.pem")
ANSWERS = ("--host", HOST, "--club", "Riverside Running Club", "--contact", "limber@example.org")
MADE = ("/etc/limber", "/usr/local/bin/limber", "/var/lib/limber", f"{boxes.CODE}/.venv")
# What there is while the environment, and then while its packages are made.
CUT_AT = (f"{boxes.CODE}/.venv/bin/python", f"{boxes.CODE}/.venv/lib/*/site-packages/django")
CANNOT_BE_RIGHT = {"mail", "clock"}  # there is no network
PASSWORD = SIGN_UP["password1"]
PATIENCE_S = 60

pytestmark = pytest.mark.skipif(bool(boxes.why_not()), reason=boxes.why_not())


@pytest.fixture(scope="module")
def wheels() -> Path:
    found = ROOT / ".local/wheels"
    assert any(found.glob("*.whl")), "make drill fetches what pip installs"
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Iterator[Box]:
    with boxes.booted(tmp_path_factory.mktemp("box"), wheels) as box:
        box.said("mkdir", "-p", "/srv/tls", "/var/www/html/.well-known/acme-challenge")
        box.said("chmod", "--recursive", "go-rwx", boxes.CODE)  # as a careful root's umask has it
        box.said(
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
            *("-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", "/srv/tls/key.pem", "-out", "/srv/tls/chain.pem"),
        )
        yield box


@pytest.fixture(scope="module")
def said(empty: Box) -> str:
    """What the command said that ran to the end, after two that were cut off."""
    for there in CUT_AT:
        cut_off(empty, there)
    return empty.said(INSTALL, "install", *ANSWERS, *TLS)


@pytest.fixture(scope="module")
def box(empty: Box, said: str) -> Box:
    return empty


def cut_off(box: Box, there: str) -> None:
    """As a machine does that loses its power."""
    command = ("systemd-run", "--scope", "--quiet", "--collect", "--unit=cut")
    process = box.start(*command, INSTALL, "install", *ANSWERS, *TLS)
    wait_for(lambda: any(box.path("/").glob(there.lstrip("/"))))
    box.said("systemctl", "kill", "--signal=KILL", "cut.scope")
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def browser() -> Visitor:
    headers = {"Host": HOST, "Referer": f"https://{HOST}/"}
    return Visitor(443, headers=headers, tls=NOT_CHECKED)


def wrong(said: str) -> set[str]:
    """What the doctor finds not right, of all it looks at."""
    looked_at = [name for name in LOOKS if name != "replica"]  # the box has none
    assert re.findall(r"^(?:ok|WRONG) +(\S+)", said, re.MULTILINE) == looked_at
    return set(re.findall(r"^WRONG +(\S+)", said, re.MULTILINE))


def state_of(box: Box) -> str:
    """What the command has written, by its content and its modes."""
    folders = "/etc/limber /etc/nginx /etc/systemd/system /usr/local/bin /etc/passwd"
    listed = f"find {folders} -printf '%p %m %u %l\\n'"
    return box.said("sh", "-c", f"{listed} | sort; find {folders} -type f | sort | xargs sha256sum")


# Before there is anything


def test_what_is_missing_is_said_and_nothing_is_changed(empty: Box) -> None:
    status, said = empty.run(INSTALL, "install", "--host", f"https://{HOST}")

    assert status == 1
    assert said.splitlines() == [
        f"Say the files for TLS: --certificate /etc/letsencrypt/live/{HOST}/fullchain.pem"
        f" --key /etc/letsencrypt/live/{HOST}/privkey.pem",
        'Say what only you can know: --club "Riverside Running Club" --contact limber@example.org',
        f"--host is a name alone, in small letters, such as limber.example.org: https://{HOST}",
        "Nothing was changed.",
    ]
    assert [path for path in MADE if empty.path(path).exists()] == []
    assert empty.run("id", "limber")[0] == 1


def test_files_for_tls_that_nginx_could_not_use_are_said(empty: Box) -> None:
    asked = ("--certificate", "/srv/tls/chain.pem", "--key")
    empty.said("openssl", "genpkey", "-algorithm", "ed25519", "-out", "/srv/tls/other.pem")
    closing = ("-in", "/srv/tls/key.pem", "-aes128", "-passout", "pass:x")
    empty.said("openssl", "ec", *closing, "-out", "/srv/tls/closed.pem")

    for name, reason in {
        "other": "are not a certificate and its private key",
        "closed": "wants a passphrase",
        "none": "No such file",
    }.items():
        said = empty.run(INSTALL, "install", *ANSWERS, *asked, f"/srv/tls/{name}.pem")[1]
        assert reason in said
        assert said.splitlines()[1:] == ["Nothing was changed."]


# Once it has run to the end


def test_the_doctor_finds_right_what_can_be(said: str) -> None:
    assert wrong(said) <= CANNOT_BE_RIGHT
    assert f"Limber is at https://{HOST}." in said
    assert "Browsers will not trust it: self-signed certificate." in said


def test_nobody_else_reads_what_is_stored(box: Box) -> None:
    variables = box.path(str(paths.VARIABLES)).stat()

    open_to_others = box.said("find", "/var/lib/limber", "-perm", "/077").splitlines()
    # What everybody is served, in a folder that is closed to them.
    assert [one for one in open_to_others if "/var/lib/limber/static/" not in one] == []
    assert box.said("find", "/var/lib/limber", "-not", "-user", "limber") == ""
    assert (variables.st_mode & 0o777, variables.st_uid) == (0o600, 0)
    assert box.run("runuser", "-u", "limber", "--", "cat", str(paths.VARIABLES))[0] == 1
    assert (
        box.said("find", boxes.CODE, "-user", "limber", "-o", "-perm", "/002", "-type", "f") == ""
    )


def test_whoever_is_not_root_is_told_so(box: Box) -> None:
    nobody = ("runuser", "-u", "nobody", "--", "limber")

    assert box.run(*nobody, "install") == (1, "Only root can set up a box: sudo limber install\n")
    assert box.run(*nobody, "doctor") == (
        1,
        "Only root may read /etc/limber/limber.env: sudo limber doctor\n",
    )


def test_plain_http_leads_to_tls_but_for_the_proof_of_a_certificate(box: Box) -> None:
    box.path("/var/www/html/.well-known/acme-challenge/proof").write_text("mine")
    with box.network():
        plain = Visitor(80, headers={"Host": HOST})
        led, proof = plain.get("/today/"), plain.get("/.well-known/acme-challenge/proof")

    assert (led.status, led.headers["Location"]) == (301, f"https://{HOST}/today/")
    assert (proof.status, proof.body) == (200, b"mine")


def test_the_first_page_is_served_whole_over_tls(box: Box) -> None:
    with box.network():
        answers = browser().first_visit("/")

    assert {answer.status for answer in answers.values()} == {200}
    assert len(answers) > 3
    assert answers["/"].headers["Strict-Transport-Security"] == "max-age=31536000"


def signed_in(email: str, password: str) -> Visitor:
    visitor = browser()
    visitor.get("/accounts/login/")
    visitor.post("/accounts/login/", login=email, password=password)
    return visitor


def settings_of(visitor: Visitor) -> Answer:
    return visitor.get("/settings/")


def test_no_password_that_was_published_opens_anything(box: Box) -> None:
    with box.network():
        assert signed_in(DEMO_EMAIL, DEMO_PASSWORD).get("/welcome/").status == 302

    count = "from runners.models import User; print(User.objects.filter(is_demo=True).count())"
    assert box.said("limber", "shell", "--verbosity", "0", "--command", count) == "0\n"


def test_the_first_account_is_made_by_a_command_and_comes_in(box: Box) -> None:
    link = box.said("limber", "create_account", "ana@example.org").split(f"https://{HOST}")[1]
    with box.network():
        visitor = browser()
        page = visitor.get(link.strip()).headers["Location"]
        visitor.get(page)
        visitor.post(page, password1=PASSWORD, password2=PASSWORD)
        ana = signed_in("ana@example.org", PASSWORD)
        ana.get("/welcome/")
        ana.post("/welcome/", **WELCOME, consent="on")
        saved = ana.post(f"/check-in/{time.strftime('%Y-%m-%d')}/all-clear/")

        assert settings_of(ana).status == 200
        assert saved.status == 302
        assert b"This link no longer works" in browser().get(link.strip()).body


def test_others_sign_up_by_themselves(box: Box) -> None:
    with box.network():
        visitor = browser()
        visitor.get("/accounts/signup/")
        visitor.post("/accounts/signup/", **SIGN_UP)
        bea = signed_in(SIGN_UP["email"], PASSWORD)

        assert bea.get("/welcome/").status == 200


def test_a_second_time_nothing_changes(box: Box) -> None:
    before = state_of(box)
    with box.network():
        ana = signed_in("ana@example.org", PASSWORD)

    said = box.said("limber", "install", *ANSWERS, *TLS)

    assert said.count("... as it was\n") == 11
    assert "... done" not in said
    assert state_of(box) == before
    with box.network():
        assert settings_of(ana).status == 200


def test_at_the_same_time_only_one_is_at_work(box: Box) -> None:
    status, said = box.run("flock", boxes.CODE, "limber", "install")

    assert status == 1
    assert "Another `limber install` is at work." in said


def test_the_units_are_shut_in_and_run_what_they_say(box: Box) -> None:
    services = sorted(path.stem for path in (ROOT / "deploy/systemd").glob("*.service"))
    for name in services:
        status, said = box.run("systemctl", "start", name)
        # Nobody can be told by mail, and the doctor says so.
        assert status == (1 if name == "limber-doctor" else 0), f"{name}: {said}"
        shown = box.said("systemd-analyze", "security", "--no-pager", f"{name}.service")
        exposed = re.search(r"level for \S+: ([\d.]+)", shown)
        assert exposed is not None
        assert float(exposed[1]) < 2.0
    asked = ("systemctl", "show", "--property=Result", "--value")
    results = box.said(*asked, *services).split()
    assert dict(zip(services, results, strict=True)) == {
        **dict.fromkeys(services, "success"),
        # There is no mail server, so that nothing is printed in place of it.
        **dict.fromkeys(
            ["limber-digests", "limber-invitations", "limber-reminders"], "exec-condition"
        ),
        "limber-doctor": "exit-code",
    }
    units = [f"{paths.UNITS}/{path.name}" for path in (ROOT / "deploy/systemd").glob("*.*t*")]
    assert box.said("systemd-analyze", "verify", *units) == ""


def test_all_of_it_comes_back_with_the_machine_and_after_a_death(box: Box) -> None:
    timers = {path.name for path in (ROOT / "deploy/systemd").glob("*.timer")}

    assert box.said("systemctl", "is-enabled", "limber.target", "nginx").split() == ["enabled"] * 2
    assert set(box.said("systemctl", "is-active", *timers).split()) == {"active"}
    box.said("systemctl", "kill", "--signal=KILL", "limber-web", "limber-worker")
    wait_for(lambda: is_served(box))
    assert set(box.said("systemctl", "is-active", "limber-web", "limber-worker").split()) == {
        "active"
    }


def is_served(box: Box) -> bool:
    with box.network():
        return browser().get("/healthz").body == b"ok"


def test_stopped_it_is_restored_by_the_same_command(box: Box) -> None:
    box.said("limber", "backup")
    [*_, newest] = sorted(box.path("/var/lib/limber/backups").glob("limber-*"))

    box.said("systemctl", "stop", "limber.target")

    active = box.said(
        "systemctl", "list-units", "--state=active", "--plain", "--no-legend", "limber*"
    )
    assert active == ""
    box.said("limber", "restore", f"/var/lib/limber/backups/{newest.name}")
    box.said("systemctl", "start", "limber.target")
    wait_for(lambda: is_served(box))
    with box.network():
        assert settings_of(signed_in("ana@example.org", PASSWORD)).status == 200


def test_what_nginx_does_not_take_leaves_it_as_it_was(box: Box) -> None:
    conf, other = box.path(str(paths.NGINX)), box.path("/etc/nginx/conf.d/other.conf")
    by_hand = f"# by hand\n{conf.read_text()}"
    conf.write_text(by_hand)
    other.write_text("nonsense;\n")

    status, said = box.run("limber", "install")

    other.unlink()
    assert status == 1
    assert 'unknown directive "nonsense"' in said
    assert conf.read_text() == by_hand
    assert is_served(box)


def test_variables_are_changed_in_their_file_and_read_alike_by_all(box: Box) -> None:
    file = box.path(str(paths.VARIABLES))
    name, there = "Läufer & Co `$HOME` 100%; #1", "/srv/copies/limber"
    lines = re.sub(r"(?m)^HOST_NAME=.*$", f'HOST_NAME="{name}"', file.read_text())
    file.write_text(f"{lines}BACKUP_DIR={there}\n")
    brought = "/var/lib/limber/imports/brought-by-root"
    box.said("install", "-D", "--mode=600", "/dev/null", brought)

    contradicted, words = box.run("limber", "install", "--club", "Other")
    said = box.said("limber", "install")

    assert contradicted == 1
    assert "change that, or leave it out here.\nNothing was changed." in words
    assert f"units in {paths.UNITS} ... done" in said
    assert "folders that nobody else may enter ... done" in said
    assert box.said("stat", "--format=%U", brought) == "limber\n"
    assert wrong(said) <= CANNOT_BE_RIGHT
    assert file.stat().st_mode & 0o777 == 0o600
    variables = paths.read_variables(file.read_text())
    assert variables["HOST_NAME"] == name
    for unit in ("limber-web", "limber-worker"):
        pid = box.said("systemctl", "show", "--property=MainPID", "--value", unit).strip()
        seen = box.path(f"/proc/{pid}/environ").read_text().split("\0")
        assert {f"{one}={value}" for one, value in variables.items()} <= set(seen)
    box.said("systemctl", "start", "limber-backup")
    assert len(list(box.path(there).glob("limber-*"))) == 1
    assert box.said("find", there, "-perm", "/077") == ""
    # What was changed by hand in the meantime is put right, and kept beside it.
    assert box.path(f"{paths.NGINX}.before").read_text().startswith("# by hand\n")
    assert not box.path(str(paths.NGINX)).read_text().startswith("# by hand")


def test_without_systemd_all_is_done_but_the_start(box: Box) -> None:
    """As in a container."""
    hidden = "mount -t tmpfs none /run/systemd && exec limber install"

    said = box.said("unshare", "--mount", "sh", "-c", hidden)

    assert "systemd does not run here, so nothing was started." in said
    assert wrong(said) <= CANNOT_BE_RIGHT
