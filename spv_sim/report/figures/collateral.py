"""Draws what the fleet would fetch against the debt that it secures."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.fan import chosen_rows, draw_fan
from spv_sim.report.material import Floats, Material, summed
from spv_sim.report.style import (
    GREEN,
    INK,
    ORANGE,
    RED,
    headline,
    label,
    legend_below,
    months_axis,
    panels,
    styled,
    svg,
    tick_text,
)
from spv_sim.report.text import line

_BILLION = 1e-9


def runs_of(months: Floats, holds: Any) -> list[tuple[float, float]]:
    """First and last month of each unbroken stretch in which a condition holds."""
    edges = np.diff(np.concatenate([[0], np.asarray(holds, dtype=np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return [(float(months[start]), float(months[end])) for start, end in zip(starts, ends, strict=True)]


def _ratio(debt: float, value: float) -> str:
    return f"{100.0 * debt / value:,.0f} %" if value > 0 else "–"


@styled
def collateral_fan(run: dict[str, Any], material: Material) -> Chart | None:
    """Resale value of the fleet, net of selling cost, against the scheduled debt; gaps to P10 marked."""
    if not (material.has("residual") and material.has_of_tranches("debt")):
        return None
    last = material.lease_end or int(material.fan_months[-1])
    valued = np.isfinite(material.fan["residual"]).any(
        axis=1
    )  # nothing is left to value once the fleet is sold
    first, several = material.tranches[0], len(material.tranches) > 1
    kept = (material.fan_months <= last) & np.isfinite(material.base[f"{first}.debt"]) & valued
    if not kept.any():
        return None
    months = material.fan_months[kept]
    value = material.fan["residual"][kept] * _BILLION
    debt = summed(material.base, material.tranches, "debt")[kept] * _BILLION
    senior = summed(material.base, (first,), "debt")[kept] * _BILLION
    money = "bn USD"
    if max(float(np.nanmax(value)), float(debt.max())) < 1.0:
        value, debt, senior, money = value * 1e3, debt * 1e3, senior * 1e3, "m USD"
    owed = "scheduled debt of all tranches" if several else "scheduled debt"
    figure, (axes,) = panels("", height=4.5)
    found = draw_fan(axes, months, value)
    gaps = runs_of(months, debt > found[0.10])
    axes.plot(months, debt, color=RED, lw=2.0, ls="--", drawstyle="steps-post", label=owed)
    if several:
        name = f"scheduled debt of {label(first, 20)}"
        axes.plot(months, senior, color=GREEN, lw=1.8, ls="-.", drawstyle="steps-post", label=name)
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
    who = "All debt together" if several else "Debt"
    if gaps:
        finding = (
            f"{who} exceeds the P10 resale value of the fleet in {count} of {months.size} months, "
            f"last in month {gaps[-1][1]:.0f}; the gap is widest in month {months[worst]:.0f}, at "
            f"{-gap[worst]:,.2f} {money}"
        )
        alone = int(np.sum(senior > found[0.10]))
        if several:
            finding += f"; that of {line(first, 20)} alone exceeds it in {alone or 'none'}"
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
    header: tuple[str, ...] = ("month", f"P10, {money}", "median", "P90", "debt", "debt / median")
    if several:
        header = (*header, line(first, 20), f"{line(first, 20)} / median")
    rows = tuple(
        (
            f"{months[row]:.0f}",
            f"{found[0.10][row]:,.2f}",
            f"{found[0.50][row]:,.2f}",
            f"{found[0.90][row]:,.2f}",
            *(
                cell
                for level in ((debt, senior) if several else (debt,))
                for cell in (f"{level[row]:,.2f}", _ratio(level[row], found[0.50][row]))
            ),
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
