"""One backup as a file: a tar in gzip, encrypted by age where there are keys.

    files/<storage>/<name>    what was uploaded and waits to be read
    database                  an SQLite file, or a dump of pg_dump in its custom format
    manifest.json             last: what else there is, so that one cut off has none

The plain tar is never on the disk where there are keys.
"""

import datetime as dt
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from runners.hosting import Refused
from runners.hosting.shelf import PIECE
from runners.journal import sync_folder

FORMAT = 1
GZIP_LEVEL = 4  # half the time of 9, and hardly larger
DATABASE, MANIFEST, FILES = "database", "manifest.json", "files"
AT_ONCE = 1024 * 1024  # bytes
# What reading says of a file that is no archive, or one that was changed or cut off.
BROKEN = (
    *(tarfile.TarError, gzip.BadGzipFile, zlib.error),
    *(EOFError, ValueError, KeyError, TypeError),
)


@dataclass(slots=True)
class Manifest:
    """`parts` are `[bytes, sha256]` by name; `migrations` those applied, `[app, name]` each."""

    made_at: dt.datetime
    vendor: str  # of the database, as Django calls it
    migrations: list[list[str]]
    parts: dict[str, list[Any]] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), default=str, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        values = json.loads(text)
        if values["format"] != FORMAT:
            raise Refused("This backup was made by a newer Limber, and this one cannot read it.")
        return cls(**{**values, "made_at": dt.datetime.fromisoformat(values["made_at"])})


# Writing


class Writer:
    """Adds parts, and notes what they were."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self.tar, self.manifest = tar, manifest

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """`file` from where it stands. Raises OSError where it has fewer bytes."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self.manifest.made_at.timestamp())
        digesting = Digesting(file)
        self.tar.addfile(info, digesting)
        self.manifest.parts[name] = [size, digesting.digest.hexdigest()]

    def end(self) -> None:
        text = self.manifest.to_json()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self.tar.addfile(info, io.BytesIO(text))


class Digesting:
    """Reads a file, and knows the digest of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def writing(path: Path, manifest: Manifest, keys: Sequence[str]) -> Iterator[Writer]:
    """A file that nobody else may open; there, and on the disk, once it is left without an error.

    Until then it is one with `.part` after its name.
    """
    piece = path.with_name(path.name + PIECE)
    try:
        with os.fdopen(os.open(piece, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with (
                encrypting(file, keys) as sink,
                gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=GZIP_LEVEL, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                writer = Writer(tar, manifest)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
        piece.rename(path)
    except BaseException:
        piece.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def encrypting(file: IO[bytes], keys: Sequence[str]) -> Iterator[IO[bytes]]:
    """What is written goes into `file`, encrypted for these keys; as it is without any."""
    if not keys:
        yield file
        return
    recipients = [recipient(key) for key in keys]
    out, into = os.pipe()

    def encrypt() -> None:
        with os.fdopen(out, "rb") as plain:  # closed at its end, so that nobody waits for it
            pyrage.encrypt_io(plain, file, recipients)

    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(encrypt)
        try:
            with os.fdopen(into, "wb") as sink:
                yield sink
        except BrokenPipeError:
            pass  # because it has ended, and says why
        _ended(done)


def _ended(encrypting: Future[None]) -> None:
    try:
        encrypting.result()
    except pyrage.EncryptError as problem:
        raise Refused(f"The backup could not be encrypted: {problem}.") from None


def recipient(key: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise Refused(f"BACKUP_KEYS holds {key}, which is no public key of age.") from None


# Reading


def unpack(path: Path, room: Path, identity: Path | None) -> Manifest:
    """All of it into `room`, seen to be whole. Raises Refused."""
    try:
        if is_encrypted(path):
            path = decrypted(path, room, identity)
        return _unpacked(path, room)
    except BROKEN as problem:
        raise not_whole(path, str(problem)) from None
    except OSError as problem:
        raise Refused(f"{path} cannot be read: {problem.strerror or problem}.") from None


def not_whole(path: Path, why: str) -> Refused:
    return Refused(f"{path.name} is not whole ({why}). Nothing was changed; take another backup.")


def is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"age-encryption."


def decrypted(path: Path, room: Path, identity: Path | None) -> Path:
    if identity is None:
        raise Refused(
            f"{path.name} is encrypted: name the file of the private key, --identity FILE, or"
            " decrypt it where that key is (age --decrypt) and restore what comes out."
        )
    plain = room / "plain.tar.gz"
    try:
        with path.open("rb") as file, plain.open("wb") as out:
            pyrage.decrypt_io(file, out, identities(identity))
    except pyrage.DecryptError as problem:
        raise Refused(f"{path.name} cannot be decrypted: {problem}.") from None
    except OSError as problem:
        if problem.errno is None:  # what pyrage says of a piece that was changed, or cut off
            raise not_whole(path, str(problem)) from None
        raise
    return plain


def identities(file: Path) -> list[Any]:
    lines = [line.strip() for line in file.read_text().splitlines()]
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except pyrage.IdentityError:
        raise Refused(f"{file} holds no private key of age (AGE-SECRET-KEY-1...).") from None


def _unpacked(path: Path, room: Path) -> Manifest:
    found: dict[str, list[Any]] = {}
    manifest = None
    with tarfile.open(path, mode="r:gz") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None or not is_ours(member.name):
                raise not_whole(path, f"what is {member.name}?")
            if member.name == MANIFEST:
                manifest = Manifest.from_json(source.read())
                continue
            target = room / member.name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            digesting = Digesting(source)
            with target.open("wb") as out:  # stored twice, the second time is the whole
                shutil.copyfileobj(digesting, out, AT_ONCE)
            found[member.name] = [target.stat().st_size, digesting.digest.hexdigest()]
    if manifest is None or found != manifest.parts or DATABASE not in found:
        raise not_whole(path, "its parts are not those that were written")
    return manifest


def is_ours(name: str) -> bool:
    """A place below the room, whatever a file that came from elsewhere says."""
    parts = PurePosixPath(name).parts
    return name in (DATABASE, MANIFEST) or (
        len(parts) > 2 and parts[0] == FILES and not {"..", "/", "."}.intersection(parts)
    )


def files_in(room: Path) -> Iterable[tuple[str, str, Path]]:
    """What was uploaded: its storage, its name there, and where it lies now."""
    for path in sorted((room / FILES).rglob("*")):
        if path.is_file():
            storage, *parts = path.relative_to(room / FILES).parts
            yield storage, "/".join(parts), path
