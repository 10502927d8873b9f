"""Where each resolved value came from, and the list of all values as one would write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from spv_sim.scenario.catalogue import Entry, settings_of, show
from spv_sim.scenario.locate import Path
from spv_sim.scenario.merge import ALTERNATIVES, Merged
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.table import Table
from spv_sim.scenario.text import said
from spv_sim.scenario.toml import as_toml


@dataclass(frozen=True)
class Origin:
    """Where a value came from.

    Parameters
    ----------
    kind : "file", "set" for an assignment of the command line, or "default".
    file : the file, or the assignment.
    line : its line, counted from 1.
    text : the value as written there.
    """

    kind: Literal["default", "file", "set"]
    file: str | None
    line: int | None
    text: str

    def __str__(self) -> str:
        if self.kind == "default":
            return "default"
        return f"{self.file}:{self.line}" if self.line is not None else str(self.file)


class Setting(NamedTuple):
    """One resolved value, written as in a file without quotes, with where it came from."""

    key: str
    value: str
    unit: str
    title: str
    origin: Origin


def list_values(table: Table, at: Path = ()) -> Iterator[tuple[Path, Entry, Any]]:
    """Every value of a model that is not silent, in its order."""
    fields = type(table).model_fields
    for (name, entry), attribute in zip(settings_of(type(table)).items(), fields, strict=True):
        if not at and name in {"extends", "unset"}:
            continue
        value, path = getattr(table, attribute), (*at, name)
        if isinstance(value, Table):
            yield from list_values(value, path)
        elif entry.tables and isinstance(value, dict):
            for inner, child in value.items():
                yield from list_values(child, (*path, inner))
        elif value is not None and value != {} and not _is_idle(table, name):
            yield path, entry, value


def _is_idle(table: Table, name: str) -> bool:
    """Whether a setting is silent and belongs to, or is, an alternative that is not taken."""
    members = ALTERNATIVES.get(type(table).__name__.lower(), {})
    if name in table.model_fields_set:
        return False
    if name in table.idle:
        return True
    if name in members:
        return bool(members.keys() & table.model_fields_set)
    return any(
        name in companions and member not in table.model_fields_set for member, companions in members.items()
    )


def one_by_one(values: Iterable[tuple[Path, Entry, Any]]) -> Iterator[tuple[Path, Entry, Any]]:
    """The values with those of a list of tables each by itself, under its number."""
    for path, entry, value in values:
        if isinstance(value, list) and value and isinstance(value[0], Table):
            yield from (((*path, number), entry, table) for number, table in enumerate(value))
        else:
            yield path, entry, value


def _shown(value: object, entry: Entry) -> str:
    return as_toml(value, entry) if isinstance(value, Table) else show(value, entry.unit)


def trace(scenario: Scenario, merged: Merged) -> dict[str, Origin]:
    """The origin of every value by key."""
    return {
        said(path): _origin(path, value, entry, merged)
        for path, entry, value in one_by_one(list_values(scenario))
    }


def resolve(scenario: Scenario, origins: dict[str, Origin]) -> list[Setting]:
    """Every value in the order of the model, with its origin."""
    return [
        Setting(
            key,
            _shown(value, entry),
            entry.unit.kind.stored if entry.unit else "",
            entry.title,
            origins[key],
        )
        for path, entry, value in one_by_one(list_values(scenario))
        for key in (said(path),)
    ]


def _origin(path: Path, value: object, entry: Entry, merged: Merged) -> Origin:
    layer, _ = merged.find(path)
    node: Any = merged.document
    for part in path:
        if isinstance(node, list) and isinstance(part, int):
            node = node[part]
        else:
            node = node.get(part) if isinstance(node, dict) else None
    if node is None or layer is None:
        return Origin("default", None, None, _shown(value, entry))
    if layer.assigned:
        return Origin("set", layer.file, None, show(node, None))
    place = layer.places.keys.get(path) or layer.places.values.get(path)
    return Origin("file", layer.file, place.line if place else None, show(node, None))
