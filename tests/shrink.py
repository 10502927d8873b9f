"""Drops what a failing deal does not need: `python -m tests.shrink I14 deal.toml` prints what still fails.

The file is one that a trial has written, and the name that of the identity which it breaks, or of what it
"raises"; tables, settings and steps go one after the other while the deal still fails in the same way.
"""

from __future__ import annotations

import argparse
import copy
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.strategies import Document, write_toml
from tests.trials import Slice, try_deal

Place = tuple[str | int, ...]


def places(table: Any, at: Place = ()) -> Iterator[Place]:
    """Every key of a document and every step of its lists, the outer ones before those inside."""
    inside = table.items() if isinstance(table, dict) else enumerate(table)
    for key, value in inside:
        if isinstance(table, dict) or isinstance(value, dict):
            yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def without(document: Document, place: Place) -> Document | None:
    """The document without what stands at a place; None where nothing does."""
    left: Any = copy.deepcopy(document)
    inside = left
    try:
        for key in place[:-1]:
            inside = inside[key]
        del inside[place[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return left if isinstance(left, dict) else None


def shrink(document: Document, fails: Callable[[Document], bool]) -> Document:
    """The least document that still fails, as far as leaving out one thing after the other finds it."""
    smaller = True
    while smaller:
        smaller = False
        for place in sorted(places(document), key=len):
            less = without(document, place)
            if less is not None and fails(less):
                document, smaller = less, True
    return document


def breaks(name: str, paths: int = 32) -> Callable[[Document], bool]:
    """Whether a deal breaks an identity, or raises a fault, by the names of a trial."""

    def fails(document: Document) -> bool:
        try:
            return name in try_deal(document, Slice(0, 0, paths))
        except Exception as fault:
            return name == f"raises {type(fault).__name__}"

    return fails


def main() -> int:
    """Shrink a file and print what is left."""
    parser = argparse.ArgumentParser(prog="python -m tests.shrink", description=__doc__)
    parser.add_argument("name", help='what fails, such as I14, "engine" or "raises KeyError"')
    parser.add_argument("file", type=Path)
    words = parser.parse_args()
    warnings.simplefilter("error")
    document, fails = tomllib.loads(words.file.read_text()), breaks(words.name)
    if not fails(document):
        print(f"{words.file} does not break {words.name}", file=sys.stderr)
        return 1
    print("\n".join(write_toml(shrink(document, fails))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
