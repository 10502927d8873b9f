"""Tells of the fleet: units by generation and the spares that they ask for."""

from __future__ import annotations

from typing import Any

from spv_sim.report.chart import Table
from spv_sim.report.numbers import MISSING, is_number, plain_number, show
from spv_sim.report.text import line


def count(value: object) -> str:
    """A number of units."""
    return plain_number(value, "units") if is_number(value) else MISSING


def fleet_table(run: dict[str, Any]) -> Table:
    """Units of each generation, and of H100-equivalents; no rows where the closing does not tell them."""
    told = run["closing"].get("fleet", {})
    rows = []
    for name, of in told.get("generations", {}).items():
        each = of.get("h100_equivalents_each")
        whole = float(each) * float(of["units"]) if is_number(each) else None
        weight = f"{each:g}" if is_number(each) else MISSING
        source = f"{line(of.get('basis') or '', 80)} ({line(of.get('status') or '', 40)})"
        rows.append((line(name, 60), count(of.get("units")), weight, count(whole), source))
    if len(rows) > 1:
        rows.append(("all", count(told.get("units")), "", count(told.get("h100_equivalents")), ""))
    return Table(("generation", "units", "H100e each", "H100e", "source"), tuple(rows))


def spares_words(run: dict[str, Any]) -> str:
    """The stock of spares beside the recommended one; empty where no unit fails."""
    told = run["closing"].get("fleet", {})
    if "spares_recommended" not in told:
        return ""
    return (
        f"Spares: {count(told['spares'])} in stock; {count(told['spares_recommended'])} meet the failures of "
        f"their delivery time, {told['spares_demand']:,.1f} on average, with a probability of "
        f"{show(told['spares_service_level'], 'share')} (Poisson)."
    )


def fleet_words(run: dict[str, Any]) -> str:
    """The fleet in one line, if it is more than units that always work: `100 H100, 50 B200 (226 H100e)`."""
    told = run["closing"].get("fleet", {})
    kinds = told.get("generations", {})
    mixed, fails = [*kinds] not in ([], ["H100"]), "spares_recommended" in told
    casualty = told.get("casualty")
    if not (mixed or fails or casualty):
        return ""
    words = ", ".join(f"{count(of['units'])} {line(name, 20)}" for name, of in list(kinds.items())[:6])
    if len(kinds) > 6:
        words += f", {len(kinds) - 6} other generations"
    if mixed:
        words += f" ({count(told.get('h100_equivalents'))} H100e)"
    if fails:
        level = show(told["spares_service_level"], "share")
        words += f"; spares {count(told['spares'])}, for {level} service {count(told['spares_recommended'])}"
    if casualty:
        words += f"; casualties {casualty['rate']:g} a year, of {100 * casualty['loss']:g} % each"
    return words
