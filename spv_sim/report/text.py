"""Makes any text safe and short enough to show: no control codes, no direction marks, one line."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _shown(text: str, kept: str) -> str:
    return "".join(
        sign if sign in kept else " " if unicodedata.category(sign) in _HIDDEN else sign for sign in text
    )


def line(text: object, longest: int = 120) -> str:
    """One line of printable text of at most `longest` signs; whatever could steer a terminal is gone."""
    words = " ".join(_shown(str(text), "").split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def block(text: object) -> str:
    """Text of several lines without control codes other than line ends and tabs."""
    return _shown(str(text).replace("\r\n", "\n"), "\n\t")
