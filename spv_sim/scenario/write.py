"""Writes a resolved scenario as one self-contained file: no parent, every value with its unit."""

from __future__ import annotations

from spv_sim.scenario.model import Scenario
from spv_sim.scenario.origins import list_values
from spv_sim.scenario.toml import as_key, as_toml


def write_toml(scenario: Scenario) -> str:
    """The scenario as TOML; reading it gives an equal scenario.

    Parameters
    ----------
    scenario : as read.

    Limits
    ------
    A vehicle that extends a file still does: such a text is read from a file in the same folder.
    """
    tables: dict[tuple[str, ...], list[str]] = {}
    for path, entry, value in list_values(scenario):
        *table, name = map(str, path)
        tables.setdefault(tuple(table), []).append(f"{as_key(name)} = {as_toml(value, entry)}")
    parts = []
    for names, lines in tables.items():
        header = [f"[{'.'.join(map(as_key, names))}]"] if names else []
        parts.append("\n".join([*header, *lines]) + "\n")
    return "\n".join(parts)
