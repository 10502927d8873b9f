"""Where each key and value of a TOML text stands: key path -> line, column and length."""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_BASIC = re.compile(r'"(?:[^"\\\n]++|\\.)*+"')
_LITERAL = re.compile(r"'[^'\n]*+'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']++|'(?!''))*+'{3,5}")
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]++|[^\s,\]}#]++")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")


class Place(NamedTuple):
    """A stretch of a line: both counted from 1, in characters."""

    line: int
    column: int
    length: int


@dataclass
class Places:
    """The place of each key name, and of each value (for a table: of its header)."""

    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)


class _LostError(Exception):
    """The text is not what a TOML reader accepted."""


def locate(text: str) -> Places:
    """Find every key and value of a text that `tomllib` has accepted.

    Parameters
    ----------
    text : valid TOML, nested no deeper than Python's recursion allows.

    Limits
    ------
    On text that is not TOML it returns the places found up to the first surprise.
    """
    scanner = _Scanner(text)
    with suppress(_LostError):
        scanner.read_document()
    return scanner.places


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places = Places()
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.elements: dict[Path, int] = {}

    def read_document(self) -> None:
        table: Path = ()
        while True:
            self.skip()
            if self.at >= len(self.text):
                return
            if self.peek("["):
                table = self.read_header()
            else:
                self.read_pair(table)

    def read_header(self) -> Path:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        names = self.read_key()
        self.expect("]]" if is_array else "]")
        place = self.place(start, self.at)
        path: Path = ()
        for depth, (name, begin, end) in enumerate(names, 1):
            path += (name,)
            self.places.keys.setdefault(path, self.place(begin, end))
            if is_array and depth == len(names):
                self.elements[path] = self.elements.get(path, -1) + 1
            self.places.values.setdefault(path, place)
            if path in self.elements:
                path += (self.elements[path],)
        self.places.values[path] = place
        return path

    def read_pair(self, table: Path) -> None:
        path = table
        names = self.read_key()
        for name, begin, end in names:
            path += (name,)
            self.places.keys.setdefault(path, self.place(begin, end))
        self.expect("=")
        self.skip_spaces()
        begin = self.at
        self.read_value(path)
        whole = self.place(begin, self.at)
        for depth in range(len(table) + 1, len(path) + 1):
            self.places.values.setdefault(path[:depth], whole)

    def read_key(self) -> list[tuple[str, int, int]]:
        names = []
        while True:
            self.skip_spaces()
            begin = self.at
            if self.peek('"'):
                name = _unescape(self.take(_BASIC)[1:-1])
            elif self.peek("'"):
                name = self.take(_LITERAL)[1:-1]
            else:
                name = self.take(_BARE_KEY)
            names.append((name, begin, self.at))
            self.skip_spaces()
            if not self.peek("."):
                return names
            self.at += 1

    def read_value(self, path: Path) -> None:
        begin = self.at
        if self.peek('"""'):
            self.take(_LONG_BASIC)
        elif self.peek('"'):
            self.take(_BASIC)
        elif self.peek("'''"):
            self.take(_LONG_LITERAL)
        elif self.peek("'"):
            self.take(_LITERAL)
        elif self.peek("["):
            self.read_list("]", path)
        elif self.peek("{"):
            self.read_list("}", path)
        else:
            self.take(_SCALAR)
        self.places.values[path] = self.place(begin, self.at)

    def read_list(self, closing: str, path: Path) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip()
            if self.peek(closing):
                self.at += 1
                return
            if closing == "}":
                self.read_pair(path)
            else:
                self.read_value((*path, index))
            index += 1
            self.skip()
            if not self.peek(closing):
                self.expect(",")

    def peek(self, token: str) -> bool:
        return self.text.startswith(token, self.at)

    def expect(self, token: str) -> None:
        self.skip_spaces()
        if not self.peek(token):
            raise _LostError
        self.at += len(token)

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _LostError
        self.at = match.end()
        return match.group()

    def skip(self) -> None:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def skip_spaces(self) -> None:
        while self.text[self.at : self.at + 1] in {" ", "\t"}:
            self.at += 1

    def place(self, begin: int, end: int) -> Place:
        line = bisect_right(self.starts, begin)
        start = self.starts[line - 1]
        stop = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return Place(line, begin - start + 1, max(1, min(end, stop) - begin))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(
        lambda match: (
            chr(int(match[1][1:], 16))
            if match[1][0] in "uU" and len(match[1]) > 1
            else _ESCAPES.get(match[1], match[1])
        ),
        text,
    )
