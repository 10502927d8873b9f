"""Turns any name into one that is safe as the name of a folder."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
_HASH_DIGITS = 8


def slug(name: str, longest: int = LONGEST) -> str:
    """Reduce a name to `[a-z0-9-]{1,longest}`; a name with nothing usable in it becomes `run`."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return words[:longest].strip("-") or "run"


def folder_name(name: str, content_key: str) -> str:
    """Name of a run folder: the slugged name, then the first 8 hex digits of its content key.

    Raises
    ------
    ValueError : `content_key` does not start with 8 hexadecimal digits.
    """
    digits = content_key[:_HASH_DIGITS]
    if not re.fullmatch(r"[0-9a-f]{8}", digits):
        raise ValueError(f"content key {content_key!r} does not start with 8 hexadecimal digits")
    return f"{slug(name, LONGEST - _HASH_DIGITS - 1)}-{digits}"
