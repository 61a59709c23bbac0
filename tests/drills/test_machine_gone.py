"""The machine dies with all that was on it; what is left are the backups, and the key elsewhere."""

import shutil
import signal
from pathlib import Path

import pyrage

from runners.demo import COACH_EMAIL, EMAIL, PASSWORD
from tests import serving
from tests.serving import TRYING_OUT, Served, Visitor, environment, manage


def signed_in(served: Served, email: str) -> Visitor:
    visitor = Visitor(served.port)
    visitor.get("/accounts/login/")
    visitor.post("/accounts/login/", login=email, password=PASSWORD)
    return visitor


def may_enter(served: Served, email: str) -> bool:
    return signed_in(served, email).get("/settings/").status == 200


def test_a_new_machine_has_what_was_backed_up_but_for_who_left_since(tmp_path: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(str(key))
    kept = {"BACKUP_DIR": str(tmp_path / "kept"), "BACKUP_KEYS": str(key.to_public())}
    env = environment(tmp_path / "old", {**TRYING_OUT, **kept})
    serving.prepare(env)
    manage(env, "load_demo")
    with serving.serving(env) as served:
        manage(env, "backup")
        leaving = signed_in(served, EMAIL)
        leaving.post("/settings/delete/", password=PASSWORD)
        assert not may_enter(served, EMAIL)
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
    shutil.rmtree(tmp_path / "old")
    [backup] = (tmp_path / "kept").glob("limber-*.age")

    new = environment(tmp_path / "new", {**TRYING_OUT, **kept})
    said = manage(new, "restore", str(backup), "--identity", str(tmp_path / "key"))

    assert "1 closed account" in said
    manage(new, "collectstatic", "--noinput", "--verbosity", "0")
    with serving.serving(new) as served:
        assert may_enter(served, COACH_EMAIL)
        assert not may_enter(served, EMAIL)
