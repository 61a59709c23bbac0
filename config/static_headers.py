"""What a static file is sent with, beside what every answer has."""

from collections.abc import MutableMapping

# The last two do not fall back to the first.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none';"
    " frame-ancestors 'none'"
)


def of_a_static_file(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """No other site embeds it; a drawing that somebody opens by itself runs nothing."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = POLICY
