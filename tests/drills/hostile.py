"""What no page of Limber sends: values, files and bodies that somebody hostile might."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterable
from urllib.parse import quote_from_bytes

SCRIPT = "<script>drill</script>"  # no page may show it as it is
ELSEWHERE = "//drill.example/"  # and none may lead there
LONG = "x" * 100_000
# Lone surrogates are sent as the bytes that UTF-8 does not have.
VALUES = (
    *("", " \t\n", LONG, "a\0b", "\ud800", "\udcff\udcfe"),
    *("\u202ewo\u200d\ufeffne\u0301\U0001f9ff", "0", "-1", "-0.0", "1e400", "NaN", "Infinity"),
    *("9" * 5000, "2147483648", str(2**63), "1_0", "²", "٣", "0x1", "1,5", "00"),
    *("1:2:3:4", "99:99", "24:00", "0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30"),
    *("2026-W48-1", "20261123", "00000000-0000-0000-0000-000000000000", "null", "true"),
    *(SCRIPT, f'"><img src=x>{SCRIPT}', "{{ 7|add:1 }}{% x %}", "javascript:drill()"),
    *("' OR 1=1; DROP TABLE runners_user; --", "a@b\r\nBcc: c@d.example", "%00%ff", "%s%(x)d{0}"),
    *("[]", '{"a": [1]}', "../../../etc/passwd", ELSEWHERE, "/\\drill.example"),
)
# In an address, where a slash would make another one of it.
ARGUMENTS = tuple(value for value in VALUES if value and len(value) < 6000 and "/" not in value)
Pairs = Iterable[tuple[str, str]]
Files = Iterable[tuple[str, str, bytes]]  # name of the field, name of the file, what is in it


def raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def quoted(text: str) -> str:
    return quote_from_bytes(raw(text), safe="")


def query(pairs: Pairs) -> str:
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)


def multipart(pairs: Pairs, files: Files) -> bytes:
    """With the boundary `drill`."""
    parts = [(f'name="{name}"', raw(value)) for name, value in pairs]
    parts += [(f'name="{name}"; filename="{file}"', content) for name, file, content in files]
    said = [
        b"--drill\r\nContent-Disposition: form-data; " + raw(head) + b"\r\n\r\n" + content + b"\r\n"
        for head, content in parts
    ]
    return b"".join([*said, b"--drill--\r\n"])


FORM, WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data; boundary=drill"
# Of any address that takes a form: a type, and what comes under it.
BODIES = (
    ("", b""),
    (FORM, b"\xff\xfe=%ff&%00=%00&=&&&a"),
    (FORM, b"&".join(b"a=1" for _ in range(2000))),
    (FORM, b"uid[]=1&uid[a]=2&day[0]=x"),
    (WITH_FILES, b"--drill\r\nContent-Disposition: form-data\r\n\r\nx"),
    (WITH_FILES, multipart([], [("a" * 300, "b", b"c")] * 3)),
    ("multipart/form-data", b"--\r\n"),
    ("application/json", json.dumps([{"uid": [1], "day": None}]).encode()),
    ("application/json", b"[" * 20_000),
    ("text/plain; charset=utf-16", b"\xff\xfea\0"),
    ("application/octet-stream", bytes(range(256)) * 8),
    ("text/plain", "12\tone.gpx\n-1\t../../x\n\t\n9\ud800".encode("utf-8", "surrogatepass")),
    ("text/plain", f"{'9' * 5000}\tone.zip".encode()),
)


def zipped(entries: Iterable[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


GPX = b'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg/></trk></gpx>'
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]><gpx>&b;&c;</gpx>'
)
BOMB = zipped([("one.gpx", b"<" + b" " * 20_000_000)])
# Name and content. Names may lead anywhere, and be anything.
FILES = (
    ("", b""),
    ("run.gpx", b""),
    ("run.gpx", ENTITIES),
    ("run.gpx", b"\x89PNG\r\n\x1a\n" + b"\0" * 500),
    ("run.tcx", GPX),
    ("run.fit", b"\x0e\x10\xd9\x07\xff\xff\xff\x7f.FIT\0\0" + b"\xff" * 500),
    ("run.gpx.gz", gzip.compress(ENTITIES)),
    ("run.gpx.gz", gzip.compress(GPX)[:-9]),
    ("run.csv", b"date,distance\r\n" + b'"' * 5000),
    ("run.csv", "date,distance\n\ud800,=1+1\n".encode("utf-8", "surrogatepass")),
    ("run.json", b"[" * 5000),
    ("bomb.zip", BOMB),
    ("inner.zip", zipped([("a.zip", BOMB), ("../../x", b"x"), ("/etc/x", b"x"), (" ", b"")])),
    ("cut.zip", BOMB[:-30]),
    ("both.gpx", GPX + BOMB),
    ("../../x.gpx", GPX),
    ("..", GPX),
    ("C:\\CON\\x.gpx", GPX),
    ("x" * 10_000 + ".gpx", GPX),
    ("\ud800\u202egpx.\U0001f9ff", GPX),
    ("a\0b.gpx", GPX),
    (f"{SCRIPT}.gpx", GPX),
)
