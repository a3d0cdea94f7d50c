"""Text as it is kept: what no database holds and no reader sees is taken out, and nothing else is changed."""

import re

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
HALF_OF_A_PAIR = re.compile(r"[\ud800-\udfff]")


def cleaned(text: str) -> str:
    """
    Return text without control characters and marks that hide or turn what is read; markup stays the text that it is.

    Half of a surrogate pair stands for a character that was lost on the way: it becomes U+FFFD.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return HALF_OF_A_PAIR.sub("\ufffd", UNSEEN.sub("", lines)).strip()


def half_width(text: str) -> str:
    """Return text with full-width letters, digits and signs as ASCII: １３８ and （ become 138 and (."""
    return text.translate(FULL_WIDTH)


def keepable(text: str) -> str:
    """Return text that PostgreSQL can keep, otherwise as it came: NUL shows as its symbol."""
    return HALF_OF_A_PAIR.sub("\ufffd", text.replace("\x00", "\u2400"))
