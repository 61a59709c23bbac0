"""Whole archives through upload and worker, beside reading alone; and the notes that speak."""

import time
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path

from runners.activity_files import read_activities
from runners.models import Import, ImportRow, ImportState, User
from tests.bench import processes
from tests.bench.archives import fit_archive, gpx_archive
from tests.bench.asks import forget_today, save_check_in
from tests.bench.measure import Browser, visitor_of
from tests.factories import make_user
from tests.runners.check_ins.test_mentions import TUNED_UNTIL, counted

LOOK_EVERY_S = 1
ARCHIVES = (("FIT", fit_archive, 1_800), ("GPX", gpx_archive, 600))


@dataclass(frozen=True, slots=True)
class Took:
    """`longest_save_s` is that of a check-in of the same runner, meanwhile."""

    upload_s: float
    all_s: float
    peak_mb: float
    longest_save_s: float


def print_imports(home: Path, port: int, server: int) -> None:
    print("\nArchives, through upload and worker: files a second, beside reading alone; the most")
    print("memory of the server and its worker, and the longest save of a check-in meanwhile")
    print(f"{'':5}{'files':>6}{'MB':>6}{'upload s':>10}{'all s':>8}{'a second':>10}", end="")
    print(f"{'alone':>8}{'MB':>6}{'save s':>8}")
    for title, make, files in ARCHIVES:
        path = home / f"{title}.zip"
        make(path, files)
        alone_s = read_alone(path)
        took = bring(path, make_user(f"{title} Runner"), port, server)
        print(
            f"{title:5}{files:>6}{path.stat().st_size / 1e6:>6.0f}{took.upload_s:>10.1f}"
            f"{took.all_s:>8.1f}{files / took.all_s:>10.1f}{files / alone_s:>8.1f}"
            f"{took.peak_mb:>6.0f}{took.longest_save_s:>8.2f}"
        )
        path.unlink()


def read_alone(path: Path) -> float:
    """Seconds."""
    began = time.monotonic()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            read_activities(archive.read(name), name=name, is_run=True, by_place=True)
    return time.monotonic() - began


def bring(path: Path, runner: User, port: int, server: int) -> Took:
    browser = Browser(visitor_of(port, runner))
    began = time.monotonic()
    status, _ = browser.upload("/import/", path, name="files", uid=str(uuid.uuid4()))
    assert status == 302, status
    upload_s, peak_mb, longest_save_s = time.monotonic() - began, 0.0, 0.0
    while Import.objects.of(runner).unfinished().exists():
        peak_mb = max(peak_mb, processes.pss_mb(processes.tree(server)))
        forget_today(runner)
        saving = time.monotonic()
        assert save_check_in(browser)[0] == 302
        longest_save_s = max(longest_save_s, time.monotonic() - saving)
        time.sleep(LOOK_EVERY_S)
    all_s = time.monotonic() - began
    brought = Import.objects.of(runner).get()
    assert brought.state == ImportState.DONE, brought.state
    assert not ImportRow.objects.filter(brought=brought).exclude(became="new").exists()
    return Took(upload_s, all_s, peak_mb, longest_save_s)


def print_notes() -> None:
    """Over the notes that no rule was shaped by."""
    right, found, wanted = counted(is_later=True)
    print(
        f"\nNotes that name a sore place (after {TUNED_UNTIL}, {wanted} places, by area and side):"
    )
    print(f"precision {right / found:.2f}, recall {right / wanted:.2f}")
