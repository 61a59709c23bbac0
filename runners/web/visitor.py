"""What is kept of where a request came from: roughly the browser, and a sign of the network."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from runners import security_log
from runners.models import SecurityEventKind, User
from runners.security_log import NOWHERE, Seen

# By what a browser says of itself; the first one counts, as most say the names of others too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "FxiOS": "Firefox",
    "Firefox": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def client_of(request: HttpRequest) -> str:
    """`Firefox, Android`; empty where nothing of it is known. No word of the visitor's own."""
    said = request.headers.get("User-Agent", "")
    either = (
        next((name for sign, name in names.items() if sign in said), "")
        for names in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, either))


def network_of(request: HttpRequest) -> str:
    """The IPv4 address, or the /64 of IPv6: one household or phone has all of its addresses.

    Behind a proxy that is what the proxy itself noted last; see `ALLAUTH_TRUSTED_PROXY_COUNT`.
    """
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:  # a server that listens on IPv6 alone sees all of IPv4 so
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


def note(kind: SecurityEventKind, request: HttpRequest | None, person: User | None) -> None:
    """With where it came from, if there is a request. `person` is whose account it was, if any."""
    security_log.note(kind, person, seen=seen_in(request) if request else NOWHERE)


def seen_in(request: HttpRequest) -> Seen:
    network = salted_hmac("runners.web.visitor", network_of(request), algorithm="sha256")
    return Seen(client_of(request), network.hexdigest()[:8])
