"""The JSON Schema of scenario files, for editors: what a file may write, not what is stored."""

from __future__ import annotations

from typing import Any

from spv_sim.scenario.catalogue import Entry, list_settings, settings_of
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.table import Table

NOT_SCHEMA = {"x-also", "ge", "gt", "le", "lt"}
"""What the model knows beside JSON Schema: other words, and limits of values that a file writes as text."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def make_json_schema() -> dict[str, Any]:
    """The schema, with defaults and units as they are written and without what TOML cannot say."""
    schema = Scenario.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    for table in {table for entry in list_settings() for table in entry.tables}:
        _write_defaults(definitions[table.__name__], table)
    _write_defaults(schema, Scenario)
    whole = {"$schema": DIALECT, "title": "spv-sim scenario", **schema, "$defs": definitions}
    return dict(_strip(whole))


def _write_defaults(definition: dict[str, Any], table: type[Table]) -> None:
    for name, entry in settings_of(table).items():
        held = definition["properties"][name]
        held.pop("default", None)
        if not entry.required and not entry.tables and entry.default not in {"", "none"}:
            held["default"] = _default(entry)


def _default(entry: Entry) -> Any:
    value = entry.field.get_default(call_default_factory=True)
    plain = entry.unit.kind.bare if entry.unit else isinstance(value, int)
    return value if plain or isinstance(value, bool | str) else entry.default


def _strip(node: Any) -> Any:
    """The schema without hints for error messages and without null, which TOML does not have."""
    if isinstance(node, list):
        return [_strip(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {name: _strip(inner) for name, inner in node.items() if name not in NOT_SCHEMA}
    choices = [choice for choice in node.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {**{name: inner for name, inner in node.items() if name != "anyOf"}, **choices[0]}
    return {**node, "anyOf": choices} if choices else node
