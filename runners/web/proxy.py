"""What `serve` says about the web server that belongs in front of it."""

import ipaddress


def wants_proxy(host: str) -> str:
    """A sentence where others than this machine can reach the server; empty where they cannot."""
    try:
        alone = ipaddress.ip_address(host).is_loopback
    except ValueError:
        alone = host == "localhost"
    if alone:
        return ""
    return (
        f"{host} can be reached from beyond this machine. Put a web server in front that bounds"
        " slow and large requests and ends TLS: deploy/nginx.conf is one for nginx."
    )
