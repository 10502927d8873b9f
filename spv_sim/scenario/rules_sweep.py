"""Rules of the `sweep` table: known settings, each with values that fit it."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.catalogue import Entry
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.explain import find_entries, suggest_setting
from spv_sim.scenario.quantities import Unit
from spv_sim.scenario.units import Kind, UnitError
from spv_sim.scenario.vary import SPECIAL, VaryError, steps_of

TABLE = "sweep"


def kind_of(entry: Entry) -> Kind | None:
    """How the values of a varied setting are written; None where it is not one plain number."""
    return entry.unit.kind if type(entry.unit) is Unit else None


def check_sweep(tables: Tables) -> Iterator[Breach]:
    """Every key names a setting, and its range or list holds values of that setting."""
    said: object = tables.tables.get(TABLE)
    varied: dict[str, object] = said if isinstance(said, dict) else {}
    for key, values in varied.items():
        at, place = (TABLE, key), f"{TABLE}.{key}"
        entries = find_entries(key)
        if key not in SPECIAL and (not entries or entries[0].tables):
            near = suggest_setting(key) if not entries else None
            what = "is a table, not a setting" if entries else "is not a setting"
            help = f"did you mean `{near}`?" if near else None
            yield Breach(at, f"{TABLE}: {key} {what}", "unknown-key", help=help, key=True)
            continue
        try:
            steps_of(values, SPECIAL[key] if key in SPECIAL else kind_of(entries[0]))
        except (VaryError, UnitError) as fault:
            yield Breach(at, f"{place}: {fault}", fault.code)
