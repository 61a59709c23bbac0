"""Names that people type."""


def one_line(text: str) -> str:
    """On one line, and without signs that cannot be seen or that turn the direction of others."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable()).strip()
