import pytest

from runners.web.before_serving import wants_proxy


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_alone_wants_no_proxy(host: str) -> None:
    assert wants_proxy(host) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "limber.example"])
def test_what_others_can_reach_wants_a_proxy_in_front(host: str) -> None:
    words = wants_proxy(host)

    assert words.startswith(f"{host} can be reached from beyond this machine.")
    assert "deploy/nginx.conf" in words
