"""The chain of files that a scenario extends, and those that the vehicles of a programme do."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from spv_sim.errors import UserError
from spv_sim.scenario.locate import Path
from spv_sim.scenario.text import Layer, name_path, parse, read_file

LONGEST_CHAIN = 8
ROOT_MARKS = (".git", "pyproject.toml", "spv-sim.toml")

Link = tuple[FilePath, str]
"""A file under way: where it lies, and how it is called."""


def stack_files(path: FilePath, shown: str, above: Sequence[Link] = ()) -> list[Layer]:
    """Read a file and the parents it extends, the oldest first, each with the files of its vehicles.

    Parameters
    ----------
    above : the files of the programme whose vehicle extends this one; it may then be no programme itself.

    Raises
    ------
    UserError : a file of a chain cannot be read, lies outside the project folder, or extends itself.
    """
    root, layers, seen = find_root(path), list[Layer](), [*above]
    while True:
        layer = parse(read_file(path, shown), shown, LONGEST_CHAIN - len(layers))
        seen.append((_resolve(path), shown))
        if not above:
            layer = _with_vehicles(layer, root, path, seen)
        elif layer.document.get("spv"):
            place = layer.places.values.get(("spv",))
            message = f"{above[-1][1]} extends this file for a vehicle, and it is a programme itself"
            raise UserError(layer.problem("extends", message, place, key="spv"))
        layers.insert(0, layer)
        parent = layer.document.get("extends")
        if parent is None:
            return layers
        path, shown = _follow(layer, ("extends",), parent, root, path, seen)
        if len(layers) >= LONGEST_CHAIN:
            message = f"more than {LONGEST_CHAIN} files extend one another"
            raise UserError(layer.problem("extends", message, _place(layer, ("extends",)), key="extends"))


def extended(document: Mapping[str, Any]) -> dict[str, object]:
    """What the vehicles of a document say that they extend, by name."""
    vehicles = document.get("spv")
    said = vehicles.items() if isinstance(vehicles, dict) else ()
    return {name: own["extends"] for name, own in said if isinstance(own, dict) and "extends" in own}


def find_root(path: FilePath) -> FilePath:
    """The project folder of a file: the nearest one upward with a project mark, else the file's own."""
    folder = _resolve(path).parent
    for candidate in (folder, *folder.parents):
        if any(os.path.exists(candidate / mark) for mark in ROOT_MARKS):
            return candidate
    return folder


def _with_vehicles(layer: Layer, root: FilePath, path: FilePath, seen: Sequence[Link]) -> Layer:
    """The source with the chain of files of each vehicle that extends one."""
    chains = {}
    for name, parent in extended(layer.document).items():
        file, shown = _follow(layer, ("spv", name, "extends"), parent, root, path, seen)
        chains[name] = tuple(stack_files(file, shown, seen))
    return replace(layer, vehicles=chains) if chains else layer


def _follow(
    layer: Layer, at: Path, parent: object, root: FilePath, child: FilePath, seen: Sequence[Link]
) -> tuple[FilePath, str]:
    """The file that a source extends, and how it is called.

    Raises
    ------
    UserError : no file that it may extend, or one of those under way.
    """
    key, place = name_path(at), _place(layer, at)
    problem = _refuse_parent(parent, root, child)
    if problem is not None or not isinstance(parent, str):
        raise UserError(layer.problem("extends", f"{key}: {problem}", place, key=key))
    path = child.parent / parent
    shown = os.path.normpath(os.path.join(os.path.dirname(seen[-1][1]), parent))
    if any(known == _resolve(path) for known, _ in seen):
        circle = " -> ".join([*(name for _, name in seen), shown])
        message = f"the files extend each other: {circle}"
        raise UserError(layer.problem("extends", message, place, key=key))
    if not os.path.exists(path):
        raise UserError(layer.problem("extends", f"there is no file {shown}", place, key=key))
    return path, shown


def _place(layer: Layer, at: Path) -> Any:
    return layer.places.values.get(at)


def _refuse_parent(parent: object, root: FilePath, child: FilePath) -> str | None:
    if not isinstance(parent, str) or not parent.strip():
        return 'write the name of one file, as in "base.toml"'
    if not parent.isprintable() or len(parent) > 1000:
        return "the file name has unprintable characters or is too long"
    if FilePath(parent).is_absolute() or parent.startswith(("~", "\\")) or parent[1:2] == ":":
        return f"{parent} is not a path relative to this file"
    if not _resolve(child.parent / parent).is_relative_to(root):
        return f"{parent} lies outside the project folder"
    return None


def _resolve(path: FilePath) -> FilePath:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()
