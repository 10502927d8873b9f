"""Draws what the fleet would fetch against the debt that it secures."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.fan import chosen_rows, draw_fan
from spv_sim.report.material import Floats, Material
from spv_sim.report.style import (
    INK,
    ORANGE,
    RED,
    headline,
    legend_below,
    months_axis,
    panels,
    styled,
    svg,
    tick_text,
)

_BILLION = 1e-9


def runs_of(months: Floats, holds: Any) -> list[tuple[float, float]]:
    """First and last month of each unbroken stretch in which a condition holds."""
    edges = np.diff(np.concatenate([[0], np.asarray(holds, dtype=np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return [(float(months[start]), float(months[end])) for start, end in zip(starts, ends, strict=True)]


@styled
def collateral_fan(run: dict[str, Any], material: Material) -> Chart | None:
    """Resale value of the fleet, net of selling cost, against the scheduled debt; gaps to P10 marked."""
    if not material.has("residual", "D"):
        return None
    last = material.lease_end or int(material.fan_months[-1])
    valued = np.isfinite(material.fan["residual"]).any(
        axis=1
    )  # nothing is left to value once the fleet is sold
    kept = (material.fan_months <= last) & np.isfinite(material.base["D"]) & valued
    if not kept.any():
        return None
    months = material.fan_months[kept]
    value, debt = material.fan["residual"][kept] * _BILLION, material.base["D"][kept] * _BILLION
    money = "bn USD"
    if max(float(np.nanmax(value)), float(debt.max())) < 1.0:
        value, debt, money = value * 1e3, debt * 1e3, "m USD"
    figure, (axes,) = panels("", height=4.5)
    found = draw_fan(axes, months, value)
    gaps = runs_of(months, debt > found[0.10])
    axes.plot(months, debt, color=RED, lw=2.0, ls="--", drawstyle="steps-post", label="scheduled debt")
    axes.plot(months, found[0.10], color=INK, lw=1.2, ls=":", label="P10 of resale value")
    for index, (start, end) in enumerate(gaps):
        axes.axvspan(
            start,
            max(end, start + 0.5),
            facecolor=ORANGE,
            alpha=0.14,
            hatch="//",
            edgecolor=ORANGE,
            lw=0.0,
            zorder=0,
            label="debt above P10" if index == 0 else "_nolegend_",
        )
    gap = found[0.10] - debt
    worst = int(np.argmin(gap))
    count = int(np.sum(debt > found[0.10]))
    if gaps:
        finding = (
            f"Debt exceeds the P10 resale value of the fleet in {count} of {months.size} months, "
            f"last in month {gaps[-1][1]:.0f}; the gap is widest in month {months[worst]:.0f}, at "
            f"{-gap[worst]:,.2f} {money}"
        )
    else:
        finding = (
            f"Even the P10 resale value of the fleet covers the debt in every month to month {months[-1]:.0f}"
        )
    headline(figure, finding)
    months_axis(axes, float(months[-1]))
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel(money)
    tick_text(axes.yaxis, 1.0)
    legend_below(figure, axes, columns=4)
    header = ("month", f"P10, {money}", "median", "P90", "debt", "debt / median")
    rows = tuple(
        (
            f"{months[row]:.0f}",
            f"{found[0.10][row]:,.2f}",
            f"{found[0.50][row]:,.2f}",
            f"{found[0.90][row]:,.2f}",
            f"{debt[row]:,.2f}",
            f"{100.0 * debt[row] / found[0.50][row]:,.0f} %" if found[0.50][row] > 0 else "–",
        )
        for row in chosen_rows(months.size, 6)
    )
    return Chart(
        name="collateral",
        section="lenders",
        finding=finding,
        reading=(
            "What the whole fleet would fetch in an orderly sale, after selling cost, against the debt as "
            "scheduled. Hatched: the debt is above the value that nine paths in ten exceed. Rent, not "
            "resale, repays the debt; the gap is what a lender relies on the lessee for."
        ),
        alt=f"Fan chart of fleet resale value with the debt balance. {finding}.",
        svg=svg(figure),
        table=Table(header, rows),
    )
