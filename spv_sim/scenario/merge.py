"""One document out of a chain of files and the assignments of the command line, remembering who said what."""

from __future__ import annotations

import copy
import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from spv_sim.errors import Problem, UserError
from spv_sim.scenario.locate import Path, Place, Places
from spv_sim.scenario.text import DEEPEST, Layer, find_unfit, measure, name_path, parse, read_file

LONGEST_CHAIN = 8
MOST_UNSET = 100
ROOT_MARKS = (".git", "pyproject.toml", "spv-sim.toml")
ALTERNATIVES: dict[str, dict[str, tuple[str, ...]]] = {
    "lease": {"rate": (), "rate_factor": (), "implicit_rate": ("implicit_residual",), "filed": ()},
    "gpu_price": {"jump": (), "exponential_jump": ()},
    "capital": {"debt_share": (), "advance_rate": ()},
    "credit": {"hazard": (), "quotes": (), "black_cox": (), "default_month": ()},
}
"""Per table, settings of which one speaks at a time, each with the settings that go with it."""


@dataclass
class Merged:
    """The merged document, and for each key path the source that said it."""

    document: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path, Layer] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()

    def find(self, path: Path, *, key: bool = False) -> tuple[Layer | None, Place | None]:
        """The source and place of a value, or of its key, or of the nearest table around it."""
        for length in range(len(path), -1, -1):
            layer = self.origins.get(path[:length])
            if layer is not None:
                wanted = (layer.places.keys if key else layer.places.values).get(path)
                return layer, wanted or layer.places.values.get(path[:length])
        layer = next((layer for layer in reversed(self.layers) if not layer.assigned), None)
        return layer, Place(1, 1, 0) if layer and not layer.assigned else None

    def problem(
        self, code: str, path: Path, message: str, *, key: bool = False, help: str | None = None
    ) -> Problem:
        """A fault at a setting, with its place."""
        layer, place = self.find(path, key=key)
        if layer is None:
            return Problem(code, message, key=name_path(path), help=help)
        return layer.problem(code, message, place, key=name_path(path), help=help)


def stack_files(path: FilePath, shown: str) -> list[Layer]:
    """Read a file and the parents it extends, the oldest first.

    Raises
    ------
    UserError : a file of the chain cannot be read, lies outside the project folder, or extends itself.
    """
    root = find_root(path)
    layers: list[Layer] = []
    seen: list[tuple[FilePath, str]] = []
    while True:
        text = read_file(path, shown)
        layer = parse(text, shown, LONGEST_CHAIN - len(layers))
        layers.insert(0, layer)
        seen.append((_resolve(path), shown))
        parent = layer.document.get("extends")
        if parent is None:
            return layers
        place = layer.places.values.get(("extends",))
        problem = _refuse_parent(parent, root, path)
        if problem is not None:
            raise UserError(layer.problem("extends", problem, place, key="extends"))
        path = path.parent / parent
        shown = os.path.normpath(os.path.join(os.path.dirname(shown), parent))
        names = [name for known, name in seen if known == _resolve(path)]
        if names:
            circle = " -> ".join([*(name for _, name in seen), shown])
            raise UserError(
                layer.problem("extends", f"the files extend each other: {circle}", place, key="extends")
            )
        if len(layers) >= LONGEST_CHAIN:
            message = f"more than {LONGEST_CHAIN} files extend one another"
            raise UserError(layer.problem("extends", message, place, key="extends"))
        if not os.path.exists(path):
            raise UserError(layer.problem("extends", f"there is no file {shown}", place, key="extends"))


def find_root(path: FilePath) -> FilePath:
    """The project folder of a file: the nearest one upward with a project mark, else the file's own."""
    folder = _resolve(path).parent
    for candidate in (folder, *folder.parents):
        if any(os.path.exists(candidate / mark) for mark in ROOT_MARKS):
            return candidate
    return folder


def read_assignment(assignment: str, batch: int = LONGEST_CHAIN + 1) -> Layer:
    """Read `key=value` of the command line: the value is TOML where that parses, else text.

    Raises
    ------
    UserError : no `=`, or a key or value that no file could have.
    """
    shown = f"--set {assignment if len(assignment) <= 200 else assignment[:199] + '…'}"
    key, equals, written = assignment.partition("=")
    return assign(key if equals else "", _parse_value(written.strip()), shown, batch)


def assign(key: str, value: object, shown: str, batch: int) -> Layer:
    """A source that sets one key.

    Raises
    ------
    UserError : not a key, nested too deep, unprintable names, numbers that are not finite.
    """
    path = _parse_key(key.strip())
    if path is None:
        message = 'an assignment is written key=value, as in --set capital.debt_share="70 %"'
        raise UserError(Problem("usage", message, file=shown))
    if path[0] in {"extends", "unset"}:
        raise UserError(Problem("usage", f"{path[0]} can only be written in a file", file=shown))
    if len(path) + measure(value)[0] > DEEPEST:
        raise UserError(Problem("depth", f"no setting lies more than {DEEPEST} levels deep", file=shown))
    document: Any = value
    for name in reversed(path):
        document = {name: document}
    layer = Layer(shown, "", document, Places(), batch, assigned=True)
    problems = tuple(find_unfit(layer))
    if problems:
        raise UserError(*problems)
    return layer


def merge(layers: Sequence[Layer]) -> tuple[Merged, list[Problem]]:
    """Lay the sources over one another, the last one on top: tables join, arrays and values are replaced."""
    merged = Merged(layers=tuple(layers))
    problems: list[Problem] = []
    for layer in layers:
        document = {name: value for name, value in layer.document.items() if name not in {"extends", "unset"}}
        problems.extend(_remove(merged, layer))
        _give_way(merged, layer, document)
        _lay_over(merged, layer, merged.document, document, ())
    return merged, problems


def _lay_over(
    merged: Merged, layer: Layer, below: dict[str, Any], above: Mapping[str, Any], at: Path
) -> None:
    for name, value in above.items():
        path = (*at, name)
        held = below.get(name)
        if isinstance(value, dict):
            other_kind = isinstance(held, dict) and "kind" in value and value["kind"] != held.get("kind")
            if not isinstance(held, dict) or other_kind:
                _forget(merged, path, held)
                held = below[name] = {}
            merged.origins.setdefault(path, layer)
            _lay_over(merged, layer, held, value, path)
        else:
            _forget(merged, path, held)
            below[name] = copy.deepcopy(value)
            merged.origins[path] = layer


def _give_way(merged: Merged, layer: Layer, document: Mapping[str, Any]) -> None:
    for table, members in ALTERNATIVES.items():
        said, held = document.get(table), merged.document.get(table)
        if not isinstance(said, dict) or not isinstance(held, dict) or not members.keys() & said.keys():
            continue
        for member, companions in members.items():
            origin = merged.origins.get((table, member))
            if member not in said and origin is not None and origin.batch < layer.batch:
                for name in (member, *companions):
                    _forget(merged, (table, name), held.pop(name, None))


def _remove(merged: Merged, layer: Layer) -> Iterator[Problem]:
    unset = layer.document.get("unset", [])
    if not isinstance(unset, list) or not all(isinstance(key, str) for key in unset):
        place = layer.places.values.get(("unset",))
        yield layer.problem(
            "type", 'unset: write a list of keys, as in ["credit.hazard"]', place, key="unset"
        )
        return
    for index, key in enumerate(unset[:MOST_UNSET]):
        path = _parse_key(key)
        table: Any = merged.document
        for name in (path or ())[:-1]:
            table = table.get(name) if isinstance(table, dict) else None
        if path is None or not isinstance(table, dict) or path[-1] not in table:
            known = [name_path(origin) for origin in merged.origins]
            near = difflib.get_close_matches(key, known, n=1)
            place = layer.places.values.get(("unset", index))
            yield layer.problem(
                "unset",
                f"unset: no parent sets {key}",
                place,
                key="unset",
                help=f"did you mean `{near[0]}`?" if near else None,
            )
            continue
        _forget(merged, path, table.pop(path[-1]))


def _forget(merged: Merged, path: Path, held: object) -> None:
    merged.origins.pop(path, None)
    if isinstance(held, dict):
        for name, inner in held.items():
            _forget(merged, (*path, name), inner)


def _refuse_parent(parent: object, root: FilePath, child: FilePath) -> str | None:
    if not isinstance(parent, str) or not parent.strip():
        return 'extends: write the name of one file, as in "base.toml"'
    if not parent.isprintable() or len(parent) > 1000:
        return "extends: the file name has unprintable characters or is too long"
    if FilePath(parent).is_absolute() or parent.startswith(("~", "\\")) or parent[1:2] == ":":
        return f"extends: {parent} is not a path relative to this file"
    if not _resolve(child.parent / parent).is_relative_to(root):
        return f"extends: {parent} lies outside the project folder"
    return None


def _resolve(path: FilePath) -> FilePath:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()


def _parse_key(key: str) -> tuple[str, ...] | None:
    if not key or "\n" in key or len(key) > 1000 or key.count(".") > 50:
        return None
    try:
        table: Any = tomllib.loads(f"{key} = 0")
    except ValueError:
        return None
    path: list[str] = []
    while isinstance(table, dict):
        if len(table) != 1:
            return None
        name, table = next(iter(table.items()))
        path.append(name)
    return tuple(path) if table == 0 else None


def _parse_value(written: str) -> object:
    if len(written) > 100_000:
        return written
    try:
        document = tomllib.loads(f"value = {written}")
    except (ValueError, RecursionError):
        return written
    return document["value"] if len(document) == 1 else written
