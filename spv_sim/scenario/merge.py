"""One document out of files and the assignments of the command line, remembering who said what."""

from __future__ import annotations

import copy
import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spv_sim.errors import Problem, UserError
from spv_sim.scenario.chain import LONGEST_CHAIN, extended
from spv_sim.scenario.locate import Path, Place, Places
from spv_sim.scenario.text import DEEPEST, Layer, find_unfit, measure, name_path

MOST_UNSET = 100
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
    if extended(document):
        message = "extends can only be written in a file, for a vehicle too"
        raise UserError(Problem("usage", message, file=shown))
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
