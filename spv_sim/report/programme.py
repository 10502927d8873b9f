"""The summary of a programme in the terminal: each vehicle a column, and all together."""

from __future__ import annotations

from typing import Any

from spv_sim.errors import printable
from spv_sim.report.numbers import half_width, show_error
from spv_sim.report.until import until_words

EQUITY = (
    ("equity.irr", "Equity IRR, mean over paths"),
    ("equity.irr_of_mean_cash_flow", "IRR of expected cash flow"),
    ("equity.moic", "Equity multiple (MOIC)"),
    ("equity.probability_of_loss", "P(equity loses money)"),
)
DEBT = (
    ("probability_of_loss", "P(loss)"),
    ("expected_loss", "Expected loss"),
)
TOGETHER = (
    ("debt.probability_of_loss", "P(any lender loses)"),
    ("debt.expected_loss", "Expected loss of all debt"),
    ("debt.vehicles_in_default", "Vehicles in default, mean"),
    ("debt.probability_of_any_default", "P(any vehicle in default)"),
    ("debt.probability_of_all_in_default", "P(all vehicles in default)"),
)
LABEL, CELL = 30, 20


SHARED = ("cash_shared", "Cash shared between vehicles, mean")
"""Shown where vehicles share."""
LONG = 36


def told(metrics: dict[str, Any], name: str) -> str:
    """A metric with the half-width of its 95 % interval."""
    found = metrics.get(name)
    return show_error(found["value"], half_width(found), found["unit"]) if found else "—"


def programme_summary(document: dict[str, Any], folder: str, seconds: float, has_page: bool = True) -> str:
    """The programme as a table: value ± half-width of its 95 % interval."""
    vehicles, whole = document["vehicles"], document["metrics"]
    lines = [printable(document["scenario"]["name"]), ""]

    def row(label: str, cells: list[str]) -> None:
        lines.append(f"{printable(label):{LABEL}.{LABEL}}" + "".join(f"{cell:>{CELL}}" for cell in cells))

    row("", [printable(name)[: CELL - 2] for name in vehicles] + ["together"])
    uses = [of["total_uses"] for of in vehicles.values()]
    row("Total uses, m USD", [f"{value / 1e6:,.1f}" for value in (*uses, sum(uses))])
    for name, label in EQUITY:
        own = [told(of["metrics"], name) for of in vehicles.values()]
        row(label, [*own, told(whole, f"programme.{name}")])
    ranks = max(len(of["tranches"]) for of in vehicles.values())
    for rank in range(ranks):
        for name, label in DEBT:
            own = [
                told(of["metrics"], f"{of['tranches'][rank]}.{name}") if rank < len(of["tranches"]) else ""
                for of in vehicles.values()
            ]
            row(f"{label}, tranche {rank + 1}", [*own, ""])
    lines.append("")
    for name, label in TOGETHER:
        row(label, [told(whole, f"programme.{name}")])
    if any(of["cross_collateral"] for of in vehicles.values()):
        name, label = SHARED
        lines.append(f"{label:{LONG}}{told(whole, f'programme.{name}'):>{LABEL + CELL - LONG}}")
    manifest = document["manifest"]
    lines += [
        "",
        f"{manifest['paths']:,} paths, seed {manifest['seed']}, {seconds:.1f} s; ± half a 95 % interval",
        *(printable(words) for words in until_words(manifest)),
        f"{printable(folder)} with {'report.html and ' if has_page else ''}a folder of each vehicle: "
        + ", ".join(printable(of["folder"]) for of in vehicles.values()),
    ]
    return "\n".join(lines)
