"""Names that people type."""


def one_line(text: str) -> str:
    """On one line, without characters that cannot be seen or that turn the direction of others."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable()).strip()
