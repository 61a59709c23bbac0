"""What a page says, and what it gave a person to send back."""

import re
from html import unescape

from django.test import Client

# Beside and within these a browser shows no white space.
BLOCKS = (
    "html|head|meta|link|script|body|main|header|footer|nav|section|article|aside|div|p|h[1-3]|"
    "ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|form|fieldset|legend|button|details|summary|"
    "figure|figcaption|option"
)


def folded(html: str) -> str:
    """White space as a browser shows it, however the template is laid out."""
    html = re.sub(r"[ \n]+", " ", html).replace(" >", ">")
    return re.sub(rf" ?(</?(?:{BLOCKS})\b[^>]*>) ?", r"\1", html)


def carried(client: Client, url: str, action: str = "") -> dict[str, str]:
    """What a form of a page carries: what it was built from when the page was opened.

    `action` is where the form leads, on a page that has several.
    """
    html = folded(client.get(url).text)
    if action:
        forms = re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL)
        html = next((form for form in forms if f'action="{action}"' in form), "")
    return base_in(html)


def base_in(html: str) -> dict[str, str]:
    found = re.search(r'name="base"[^>]* value="([^"]+)"', folded(html))
    assert found is not None, "no form here carries a base"
    return {"base": found[1]}


def without_tokens(html: str) -> str:
    """A random token may spell anything, such as `km`."""
    return re.sub(r"""value="[^"]*"|hx-headers='[^']*'""", "", html)


def read(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(folded(response.text))
