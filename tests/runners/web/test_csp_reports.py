"""What browsers report of the policy: two known words of it in the log, whatever else is sent."""

import json
from typing import Any

import pytest
from django.test import Client

SECRET = "Kq7-a_secret-that-opens-a-page"
PAGE = "/csp-reports/"
OLD = {
    "csp-report": {
        "document-uri": f"https://limber.example/invitations/{SECRET}/",
        "effective-directive": "script-src-elem",
        "blocked-uri": "inline",
        "script-sample": SECRET,
    }
}
NEW = [
    {
        "type": "csp-violation",
        "url": f"https://limber.example/invitations/{SECRET}/",
        "body": {
            "documentURL": f"https://limber.example/{SECRET}",
            "effectiveDirective": "img-src",
            "blockedURL": f"https://evil.example/{SECRET}.png",
        },
    }
]

pytestmark = pytest.mark.django_db


def report(client: Client, sent: Any, **options: Any) -> int:
    body = sent if isinstance(sent, (bytes, str)) else json.dumps(sent)
    response = client.post(PAGE, body, content_type="application/csp-report", **options)
    assert not response.content
    return int(response.status_code)


def test_a_report_is_one_line_of_the_log_without_values(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert report(client, OLD) == 204
    assert report(client, [*NEW, *NEW]) == 204

    lines = [one.getMessage() for one in caplog.records if "policy" in one.getMessage()]
    assert lines == [
        "A browser refused by the policy: script-src, inline",
        "A browser refused by the policy: img-src, an address",
    ]


@pytest.mark.parametrize(
    "sent",
    [
        *(b"", b"\xff\x00", b"[" * 15_000, "null", "1", '"x"', "[[]]", "[1, null]", "{}"),
        *('{"csp-report": []}', '{"body": {"effectiveDirective": {"a": 1}}}'),
        '{"csp-report": {"effective-directive": "nonsense", "blocked-uri": {"a": []}}}',
        b"x" * 20_000,
    ],
)
def test_what_is_no_report_is_answered_the_same_and_says_nothing(
    client: Client, caplog: pytest.LogCaptureFixture, sent: bytes | str
) -> None:
    assert report(client, sent) == 204
    assert [one for one in caplog.records if "policy" in one.getMessage()] == []


def test_a_kind_of_its_own_is_no_kind(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    said = {"effective-directive": "style-src", "blocked-uri": {"a": []}}
    report(client, {"csp-report": said})
    assert "style-src, an address" in caplog.text


def test_who_sends_many_is_made_to_wait(client: Client) -> None:
    assert [report(client, OLD) for _ in range(20)] == [204] * 20
    assert client.post(PAGE, "{}", content_type="application/json").status_code == 429


def test_nobody_looks_at_it(client: Client) -> None:
    assert client.get(PAGE).status_code == 405
