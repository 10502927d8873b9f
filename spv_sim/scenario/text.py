"""From the bytes of a scenario file to a checked TOML document: size, encoding, depth, names and numbers."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from spv_sim.errors import Problem, UserError
from spv_sim.scenario.locate import Path, Place, Places, locate

LARGEST_FILE = 1 << 20
DEEPEST = 8
MOST_VALUES = 10_000
LONGEST_NAME = 120
_QUOTED = r"""(?:"[^"\n]*+"|'[^'\n]*+')"""
_KEY_PART = rf"(?:[A-Za-z0-9_-]++|{_QUOTED})"
_CHAIN = re.compile(rf"{_KEY_PART}(?:[ \t]*+\.[ \t]*+{_KEY_PART})*+")
MOST_NAMES = 64
"""tomllib needs time quadratic in the number of dotted names; no key is near this."""
_AT = re.compile(r"\(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True)
class Layer:
    """One source of settings: a file, or one assignment of the command line.

    Parameters
    ----------
    file : how the source is called in messages.
    text : its text.
    document : the parsed tables.
    places : where everything stands.
    batch : sources with the same number speak at once; a higher number speaks later.
    assigned : whether it comes from the command line.
    vehicles : of each vehicle that extends a file, that file and its parents, the oldest first.
    """

    file: str
    text: str
    document: dict[str, Any]
    places: Places
    batch: int = 0
    assigned: bool = False
    vehicles: Mapping[str, tuple[Layer, ...]] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return [line.rstrip("\r") for line in self.text.split("\n")]

    def problem(self, code: str, message: str, place: Place | None, **more: Any) -> Problem:
        """A fault of this source at a place in it."""
        if place is None or self.assigned:
            return Problem(code, message, file=self.file, **more)
        line = self.lines[place.line - 1] if place.length else None
        return Problem(
            code,
            message,
            file=self.file,
            line=place.line,
            column=place.column,
            source=line,
            length=place.length,
            **more,
        )


def read_file(path: FilePath, shown: str) -> str:
    """Read a scenario file as text.

    Raises
    ------
    UserError : unreadable, too large, or not UTF-8.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise UserError(Problem("unreadable", f"cannot read the file: {reason}", file=shown)) from None
    if len(content) > LARGEST_FILE:
        message = f"the file is larger than {LARGEST_FILE // 1024} KiB; a scenario is a page of text"
        raise UserError(Problem("size", message, file=shown))
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = content[: fault.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        message = f"byte 0x{content[fault.start]:02x} is not UTF-8; save the file as UTF-8 text"
        raise UserError(Problem("encoding", message, file=shown, line=line, column=column)) from None


def parse(text: str, shown: str, batch: int = 0) -> Layer:
    """Parse the text of a scenario file and check what any file must satisfy, whatever it says.

    Raises
    ------
    UserError : not TOML, nested too deep, unprintable or overlong names, numbers that are not finite.
    """
    for chain in _CHAIN.finditer(text):
        names = re.sub(_QUOTED, "", chain.group()) if chain.group().count(".") > MOST_NAMES else ""
        if names.count(".") > MOST_NAMES:
            line = text.count("\n", 0, chain.start()) + 1
            raise UserError(Problem("depth", _too_deep(), file=shown, line=line, column=1))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise UserError(_syntax_problem(str(fault), text, shown)) from None
    except RecursionError:
        raise UserError(
            Problem("depth", _too_deep(), file=shown, line=_deepest_line(text), column=1)
        ) from None
    except (ValueError, OverflowError) as fault:
        raise UserError(_number_problem(text, shown, str(fault))) from None
    depth, count = measure(document)
    if count > MOST_VALUES:
        message = f"the file has {count:,} values; {MOST_VALUES:,} are allowed"
        raise UserError(Problem("size", message, file=shown, line=1, column=1))
    if depth > DEEPEST:
        raise UserError(Problem("depth", _too_deep(), file=shown, line=_deepest_line(text), column=1))
    layer = Layer(shown, text, document, locate(text), batch)
    problems = tuple(find_unfit(layer))
    if problems:
        raise UserError(*sorted(problems[:50], key=lambda problem: (problem.line or 0, problem.column or 0)))
    return layer


def find_unfit(layer: Layer) -> Iterator[Problem]:
    """Names and numbers that no setting may have."""
    waiting: list[tuple[Path, Any]] = [((), layer.document)]
    while waiting:
        path, value = waiting.pop()
        place = layer.places.values.get(path)
        if isinstance(value, dict):
            for name, inner in value.items():
                where = layer.places.keys.get((*path, name), place)
                if len(name) > LONGEST_NAME:
                    yield layer.problem(
                        "name", f"a name has {len(name)} characters; {LONGEST_NAME} are allowed", where
                    )
                elif not name or not name.isprintable():
                    yield layer.problem(
                        "name", f"the name {name!r} is empty or has unprintable characters", where
                    )
                waiting.append(((*path, name), inner))
        elif isinstance(value, list):
            waiting.extend(((*path, index), inner) for index, inner in enumerate(value))
        elif isinstance(value, float) and not math.isfinite(value):
            yield layer.problem("range", f"{name_path(path)}: {value} is not a finite number", place)
        elif isinstance(value, int) and abs(value) >= 2**64:
            yield layer.problem("range", f"{name_path(path)}: the number has more than 19 digits", place)


def name_path(path: Path) -> str:
    """A key path as one writes it: `capital.tranche.senior.coupon`."""
    return ".".join(str(part) for part in path)


def said(at: Path) -> str:
    """A place as one tells it: `name_path` with the tables of a list counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in at)


def measure(document: object) -> tuple[int, int]:
    """How deep a document is nested, and how many values it has."""
    deepest, count = 0, 0
    waiting = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        deepest, count = max(deepest, depth), count + 1
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting.extend((item, depth + 1) for item in inner)
    return deepest, count


def _too_deep() -> str:
    return f"nested more than {DEEPEST} levels deep; no setting lies that deep"


def _deepest_line(text: str) -> int:
    lines = text.split("\n")
    return 1 + max(range(len(lines)), key=lambda number: sum(map(lines[number].count, "[{.")))


def _syntax_problem(message: str, text: str, shown: str) -> Problem:
    place = _AT.search(message)
    lines = text.split("\n")
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), len(lines[-1]) + 1)
    said = _AT.sub("", message).removesuffix("(at end of document)").strip()
    if not said.isprintable():
        said = said.encode("unicode_escape").decode("ascii")
    source = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return Problem("syntax", f"not TOML: {said}", file=shown, line=line, column=column, source=source)


def _number_problem(text: str, shown: str, said: str) -> Problem:
    digits = re.search(r"[0-9_]{400,}", text)
    if digits is None:
        return Problem("syntax", f"not TOML: {said}", file=shown, line=1, column=1)
    line = text.count("\n", 0, digits.start()) + 1
    column = digits.start() - (text.rfind("\n", 0, digits.start()) + 1) + 1
    return Problem("range", "the number has too many digits", file=shown, line=line, column=column)
