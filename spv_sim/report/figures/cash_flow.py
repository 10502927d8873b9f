"""Draws the cash available for debt service against what the debt asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.fan import chosen_rows, draw_fan
from spv_sim.report.material import (
    Floats,
    Material,
    payment_dates,
    per_period,
    quantiles,
    scheduled_service,
)
from spv_sim.report.numbers import show
from spv_sim.report.style import (
    GREY,
    INK,
    ORANGE,
    RED,
    label,
    legend_below,
    months_axis,
    panels,
    styled,
    svg,
    tick_text,
)

_MONEY = 1e-6
_STILL = 0.01  # of the largest flow: dates after the last one above it are left out


def period_words(every: int) -> str:
    """How a payment period is called: month, quarter or N months."""
    return {1: "month", 3: "quarter", 6: "half-year", 12: "year"}.get(every, f"{every} months")


def several(material: Material) -> bool:
    """Whether the deal has more than one tranche."""
    return len(material.tranches) > 1


def survivor_title(material: Material) -> str:
    """Heading of the panel for the paths without a default of the lessee."""
    return f"Given no lessee default ({show(float(material.survivors.mean()), 'share')} of paths)"


def no_spread(axes: Axes) -> None:
    """Say that a fan has collapsed to its median, which else looks like a fault."""
    words = "no spread: on these paths\nrent and costs are contractual"
    axes.text(0.03, 0.2, words, transform=axes.transAxes, fontsize=9.0, color=GREY)


def _lines(axes: Axes, material: Material, months: Floats, service: Floats, first: Floats) -> None:
    due = service > 0.0
    axes.plot(months[due], service[due] * _MONEY, color=RED, lw=1.8, ls="--", label="scheduled debt service")
    due = first > 0.0
    if several(material):
        name = label(material.tranches[0], 20)
        axes.plot(months[due], first[due] * _MONEY, color=ORANGE, lw=1.6, ls="-.", label=f"that of {name}")
    if material.lock_up_dscr is not None:
        level = material.lock_up_dscr
        shown = f"lock-up, {level:.2f}x"
        axes.plot(months[due], first[due] * level * _MONEY, color=INK, lw=1.2, ls=":", label=shown)


@styled
def cash_flow_fan(run: dict[str, Any], material: Material) -> Chart | None:
    """CFADS per payment period, on all paths and on those without a lessee default, against debt service."""
    if not (material.has("cfads") and material.has_of_tranches("interest_current", "principal_due")):
        return None
    months, _ = payment_dates(material)
    if not months.size:
        return None
    cash = per_period(material.fan["cfads"], material)
    service = scheduled_service(material, material.tranches)
    first = scheduled_service(material, material.tranches[:1])
    reach = np.abs(quantiles(cash, (0.05, 0.5, 0.95))).max(axis=0)
    alive = np.flatnonzero(
        (service > 0.0) | (reach > _STILL * reach.max())
    )  # the tail has next to no cash flow
    kept = slice(0, int(alive[-1]) + 1 if alive.size else None)
    months, cash, service, first = months[kept], cash[kept], service[kept], first[kept]
    due = service > 0.0
    word = period_words(material.payment_every)
    short = (cash < service[:, None] * (1.0 - 1e-9))[due]
    ever = float(short.any(axis=0).mean()) if due.any() else 0.0
    worst = int(np.argmax(short.mean(axis=1))) if due.any() else 0
    what = "the scheduled debt service of all tranches" if several(material) else "scheduled debt service"
    if ever > 0.0:
        month = f"{months[due][worst]:.0f}"
        when = f"month {month}" if material.payment_every == 1 else f"the {word} to month {month}"
        finding = (
            f"CFADS falls short of {what} in at least one {word} on {show(ever, 'share')} of "
            f"{cash.shape[1]:,} paths, most often in {when} "
            f"({show(float(short[worst].mean()), 'share')} of paths)"
        )
    else:
        finding = f"CFADS covers {what} in every {word} on every path shown"
    figure, (left, right) = panels(finding, 2, share_y=True)
    draw_fan(left, months, cash * _MONEY)
    survivors = cash[:, material.survivors]
    if survivors.shape[1]:
        found = draw_fan(right, months, survivors * _MONEY, samples=3)
        if np.ptp(np.stack([found[0.05], found[0.95]]), axis=0).max() < 1e-6 * max(
            float(found[0.95].max()), 1e-12
        ):
            no_spread(right)
    for axes in (left, right):
        _lines(axes, material, months, service, first)
        months_axis(axes, float(months[-1]))
        axes.axhline(0.0, color=INK, lw=0.6)
    tick_text(left.yaxis, 1.0)
    left.set_title(f"All paths ({cash.shape[1]:,} drawn from)")
    right.set_title(survivor_title(material))
    left.set_ylabel(f"CFADS, m USD per {word}")
    legend_below(figure, left, columns=4 if several(material) else 6)
    low, mid, high = quantiles(cash, (0.05, 0.5, 0.95)) * _MONEY
    rows = tuple(
        (
            f"{months[row]:.0f}",
            f"{low[row]:,.1f}",
            f"{mid[row]:,.1f}",
            f"{high[row]:,.1f}",
            f"{service[row] * _MONEY:,.1f}",
        )
        for row in chosen_rows(months.size)
    )
    return Chart(
        name="cash-flow",
        section="cover",
        finding=finding,
        reading=(
            f"Cash flow available for debt service, summed over each {word} up to its payment date. A "
            "default of the single lessee makes a cliff, not a fan: the right panel leaves those out."
        ),
        alt=f"Fan chart of CFADS by month against debt service. {finding}.",
        svg=svg(figure),
        table=Table(("month", "P5, m USD", "median", "P95", "debt service"), rows),
    )
