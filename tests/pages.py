"""What a page says, and what it gave a person to send back."""

import re
from html import unescape

from django.test import Client


def carried(client: Client, url: str, action: str = "") -> dict[str, str]:
    """What a form of a page carries: what it was built from when the page was opened.

    `action` is where the form leads, on a page that has several.
    """
    html = client.get(url).text
    if action:
        forms = re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL)
        html = next((form for form in forms if f'action="{action}"' in form), "")
    return base_in(html)


def base_in(html: str) -> dict[str, str]:
    found = re.search(r'name="base"[^>]* value="([^"]+)"', html)
    assert found is not None, "no form here carries a base"
    return {"base": found[1]}


def without_tokens(html: str) -> str:
    """A random token may spell anything, such as `km`."""
    return re.sub(r"""value="[^"]*"|hx-headers='[^']*'""", "", html)


def read(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.text)
