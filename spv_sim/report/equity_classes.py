"""Tells of the classes of equity and of the hardware's seller, side by side."""

from __future__ import annotations

from typing import Any

from spv_sim.report.chart import Table
from spv_sim.report.headline import with_error
from spv_sim.report.numbers import MISSING, is_number, show
from spv_sim.report.text import line

SIDE_BY_SIDE = (
    ("IRR", "irr"),
    ("IRR of expected cash flow", "irr_of_mean_cash_flow"),
    ("MOIC", "moic"),
    ("NPV", "npv"),
    ("P(MOIC < 1)", "probability_of_shortfall"),
    ("P(loses all)", "probability_of_total_loss"),
)
"""Columns of the table of classes: heading and metric."""


def classes_of(run: dict[str, Any]) -> tuple[str, ...]:
    """Names of the classes of equity, as the closing tells them; none where there is one only."""
    return tuple(run["closing"].get("equity_class") or {})


def classes_table(run: dict[str, Any]) -> Table:
    """The terms and measures of each class in a row; no rows where there is one only."""
    told = run["closing"].get("equity_class") or {}
    rows = tuple(
        (
            line(name, 40) + (" (vendor)" if of.get("vendor") and name != "vendor" else ""),
            f"{line(of.get('kind') or '', 20)} {show(of['rate'], '1/year')}"
            if is_number(of.get("rate"))
            else line(of.get("kind") or MISSING, 20),
            show(of.get("contributed"), "USD"),
            *(with_error(run, f"{name}.{metric}") for _, metric in SIDE_BY_SIDE),
        )
        for name, of in told.items()
    )
    return Table(("class", "kind", "pays in", *(heading for heading, _ in SIDE_BY_SIDE)), rows)


def seller_words(run: dict[str, Any]) -> str:
    """What the hardware's seller earns on the sale, and how much of that goes back into the deal."""
    told = run["closing"].get("vendor") or {}
    if not is_number(told.get("gross_margin")):
        return ""
    words = f"The seller earns a gross margin of {show(told['gross_margin'], 'USD')} on the hardware"
    if is_number(told.get("margin_reinvested")) and told["invested"] > 0:
        back, invested = show(told["margin_reinvested"], "share"), show(told["invested"], "USD")
        words += f" and pays {invested}, {back} of it, back in as equity"
    return words + "."
