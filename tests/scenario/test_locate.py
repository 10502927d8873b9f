"""The locator finds every key and value of any TOML document, where they stand."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spv_sim.scenario.locate import Path, Places, locate

TEXT = """\
# comment with [brackets] and = signs
title = "a # not a comment"
  "quoted key"   =   'literal'
a.b.c = 1 # tail
[table]
list = [1, [2, "x"], { y = 3, z.w = 4 }] # tail
date = 1979-05-27 07:32:00
long = \"\"\"one ""
two \\" three\"\"\"\"\"
[deep."er table".end]
last = true
[[array]]
n = 1
[[array]]
n = 2
[array.sub]
m = 3
"""
EXPECTED: dict[Path, tuple[int, int, int]] = {
    ("title",): (2, 9, 19),
    ("quoted key",): (3, 22, 9),
    ("a", "b", "c"): (4, 9, 1),
    ("table",): (5, 1, 7),
    ("table", "list"): (6, 8, 33),
    ("table", "list", 1, 1): (6, 16, 3),
    ("table", "list", 2, "y"): (6, 28, 1),
    ("table", "list", 2, "z", "w"): (6, 37, 1),
    ("table", "date"): (7, 8, 19),
    ("table", "long"): (8, 8, 9),
    ("deep", "er table", "end"): (10, 1, 21),
    ("deep",): (10, 1, 21),
    ("deep", "er table", "end", "last"): (11, 8, 4),
    ("array", 0, "n"): (13, 5, 1),
    ("array", 1, "n"): (15, 5, 1),
    ("array", 1, "sub", "m"): (17, 5, 1),
}


@pytest.mark.parametrize("path", EXPECTED, ids=str)
def test_values_and_headers(path: Path) -> None:
    tomllib.loads(TEXT)
    assert locate(TEXT).values[path] == EXPECTED[path]


def test_keys() -> None:
    keys = locate(TEXT).keys
    assert keys[("quoted key",)] == (3, 3, 12)
    assert keys[("a", "b")] == (4, 3, 1)
    assert keys[("table", "list", 2, "z", "w")] == (6, 33, 1)
    assert keys[("deep", "er table")] == (10, 7, 10)


def test_windows_line_ends_count_once() -> None:
    places = locate("a = 1\r\n[t]\r\nb = 'x'\r\n")
    assert places.values[("t", "b")] == (3, 5, 3)


@pytest.mark.parametrize("text", ["a = ", "[", "a = [1, ", 'a = "', "= 1", "a b", "a = {x", '"""'])
def test_other_text_does_no_harm(text: str) -> None:
    assert isinstance(locate(text), Places)


names = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True),
    st.text(max_size=5, alphabet=st.characters(codec="utf-8")),
)
scalars = st.one_of(
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8, alphabet=st.characters(codec="utf-8")),
    st.dates(),
)
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3))
)
documents = st.dictionaries(names, st.one_of(values, st.dictionaries(names, values, max_size=4)), max_size=5)


def key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "a").replace("-", "a").isalnum()
    return name if is_bare else text(name)


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def inline(value: Any) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[ " + ",\n# note ]\n ".join(map(inline, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key(name)}= {inline(item)}" for name, item in value.items()) + "}"
    return str(value)


def one_line(value: Any) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not (isinstance(value, list) and len(value) > 1) and all(map(one_line, inside))


def write(document: dict[str, Any]) -> str:
    lines = [
        f"{key(name)} = {inline(value)}  # note\n"
        for name, value in document.items()
        if not isinstance(value, dict)
    ]
    for name, value in document.items():
        if isinstance(value, dict):
            lines.append(f"\n [ {key(name)} ] # header\n")
            lines += [f"{key(inner)}={inline(item)}\n" for inner, item in value.items()]
    return "".join(lines)


def leaves(node: Any, at: Path = ()) -> list[tuple[Path, Any]]:
    found = [(at, node)] if at else []
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, inner in pairs:
        found += leaves(inner, (*at, name))
    return found


@given(document=documents)
@settings(max_examples=150)
def test_every_value_is_found_where_it_stands(document: dict[str, Any]) -> None:
    source = write(document)
    parsed = tomllib.loads(source)
    places = locate(source)
    lines = source.split("\n")
    for path, value in leaves(parsed):
        line, column, length = places.values[path]
        piece = lines[line - 1][column - 1 : column - 1 + length]
        is_header = isinstance(value, dict) and len(path) == 1
        if is_header:
            assert tomllib.loads(piece) == {path[0]: {}}
        elif one_line(value):
            assert tomllib.loads(f"x = {piece}")["x"] == value
        if isinstance(path[-1], str):
            line, column, length = places.keys[path]
            piece = lines[line - 1][column - 1 : column - 1 + length]
            assert tomllib.loads(f"{piece} = 0") == {path[-1]: 0}
