"""Names that people chose for themselves, in mails."""

import re


def name_for_a_mail(name: str) -> str:
    """One line, because a new line would start another header, and no address of a web site.

    A name reaches people who know nobody here, and mail programs make links of what looks so.
    """
    printable = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(re.sub(r"[./:@\\]+(?=\w\w)", " ", printable).split()) or "Somebody"
