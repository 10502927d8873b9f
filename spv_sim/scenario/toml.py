"""Values of a model as TOML."""

from __future__ import annotations

import datetime
import json
from typing import Any

from spv_sim.scenario.catalogue import Entry, settings_of, show
from spv_sim.scenario.table import Table


def as_toml(value: Any, entry: Entry | None) -> str:
    """A value of a setting; of a table, what it says."""
    unit = entry.unit if entry else None
    if isinstance(value, Table):
        said = [
            f"{as_key(name)} = {as_toml(getattr(value, attribute), entry)}"
            for (name, entry), attribute in zip(
                settings_of(type(value)).items(), type(value).model_fields, strict=True
            )
            if attribute in value.model_fields_set and getattr(value, attribute) is not None
        ]
        return "{ " + ", ".join(said) + " }"
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{as_key(name)} = {as_toml(inner, entry)}" for name, inner in value.items())
            + " }"
        )
    if isinstance(value, list) or type(value) is tuple:
        return "[" + ", ".join(as_toml(item, entry) for item in value) + "]"
    if unit is not None and unit.kind.shown:
        return _text(show(value, unit))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _text(value) if isinstance(value, str) else repr(value)


def as_key(name: str) -> str:
    """A name, quoted where it must be."""
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else _text(name)


def _text(text: str) -> str:
    """A TOML basic string; JSON escapes are TOML escapes, and what TOML forbids unescaped JSON escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
