"""What a static file is sent with, beside what every answer has."""

from collections.abc import MutableMapping


def of_a_static_file(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """No other site embeds it; a drawing that somebody opens by itself runs nothing."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
