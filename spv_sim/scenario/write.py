"""Writes a resolved scenario as one self-contained file: no parent, every value with its unit."""

from __future__ import annotations

import datetime
import json
from typing import Any

from spv_sim.scenario.catalogue import Entry, settings_of, show
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.origins import list_values
from spv_sim.scenario.table import Table


def write_toml(scenario: Scenario) -> str:
    """The scenario as TOML; reading it gives an equal scenario.

    Parameters
    ----------
    scenario : as read.
    """
    tables: dict[tuple[str, ...], list[str]] = {}
    for path, entry, value in list_values(scenario):
        *table, name = map(str, path)
        tables.setdefault(tuple(table), []).append(f"{_key(name)} = {_toml(value, entry)}")
    parts = []
    for names, lines in tables.items():
        header = [f"[{'.'.join(map(_key, names))}]"] if names else []
        parts.append("\n".join([*header, *lines]) + "\n")
    return "\n".join(parts)


def _toml(value: Any, entry: Entry | None) -> str:
    unit = entry.unit if entry else None
    if isinstance(value, Table):
        said = [
            f"{_key(name)} = {_toml(getattr(value, attribute), entry)}"
            for (name, entry), attribute in zip(
                settings_of(type(value)).items(), type(value).model_fields, strict=True
            )
            if attribute in value.model_fields_set and getattr(value, attribute) is not None
        ]
        return "{ " + ", ".join(said) + " }"
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_key(name)} = {_toml(inner, entry)}" for name, inner in value.items()) + " }"
        )
    if isinstance(value, list) or type(value) is tuple:
        return "[" + ", ".join(_toml(item, entry) for item in value) + "]"
    if unit is not None and unit.kind.shown:
        return _text(show(value, unit))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else repr(value)


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else _text(name)


def _text(text: str) -> str:
    """A TOML basic string; JSON escapes are TOML escapes, and what TOML forbids unescaped JSON escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
