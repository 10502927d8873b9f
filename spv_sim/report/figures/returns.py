"""Draws what equity earns: the spread of IRR and of the money multiple."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.histogram import draw_shares, sensible_range
from spv_sim.report.material import Floats, Material
from spv_sim.report.numbers import half_width, show, show_error
from spv_sim.report.style import GREEN, GREY, INK, ORANGE, RED, legend_below, panels, styled, svg, tick_text

TOTAL_LOSS, OK = 1.0, 0.0


def _irr_panel(axes: Axes, irr: Floats, lost: int, of: int) -> None:
    """Histogram in %/year with the wiped-out paths in a bar of their own left of −100 %."""
    low, high = sensible_range(irr * 100.0, floor=-100.0)
    low = np.floor(low / 10.0) * 10.0
    top = draw_shares(axes, irr * 100.0, of, low=float(low), high=high) if irr.size else 0.0
    span = high - low
    if lost:
        share = 100.0 * lost / of
        middle = low - 0.07 * span
        axes.bar(middle, share, width=0.05 * span, color=RED, hatch="//", edgecolor="white", lw=0.0)
        axes.set_xlim(middle - 0.06 * span, high + 0.01 * span)
        axes.set_ylim(0.0, 1.15 * max(top, share))
        axes.annotate(
            f"{show(lost / of, 'share')} of paths lose all (−100 %)",
            (middle, share),
            (0.03, 0.93),
            textcoords="axes fraction",
            fontsize=9.0,
            color=INK,
            arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.8},
        )
        axes.axvline(low - 0.025 * span, color=INK, lw=0.8, ls=(0, (1, 2)))
    tick_text(axes.xaxis, 1.0)
    ticks = [tick for tick in axes.get_xticks() if low - 1e-9 <= tick <= high]
    axes.set_xticks(ticks)
    tick_text_free(axes)
    axes.set_xlabel("equity IRR, %/year")


def tick_text_free(axes: Axes) -> None:
    """Write the chosen ticks of the horizontal axis without decimals they do not need."""
    axes.set_xticklabels([f"{tick:,.10g}".replace("-", "−") for tick in axes.get_xticks()])


@styled
def equity_returns(run: dict[str, Any], material: Material) -> Chart | None:
    """IRR histogram with the wiped-out mass apart, MOIC beside it; E[IRR] and IRR of E[CF] marked."""
    if "equity.irr" not in material.columns or "equity.moic" not in material.columns:
        return None
    irr, moic = material.columns["equity.irr"], material.columns["equity.moic"]
    flag = material.columns.get("equity.irr_flag", np.where(irr <= -1.0, TOTAL_LOSS, OK))
    of = int(irr.size)
    lost = int(np.sum(flag == TOTAL_LOSS))
    shown = irr[(flag != TOTAL_LOSS) & np.isfinite(irr)]
    undefined = of - lost - int(shown.size)
    metrics = run["metrics"]
    mean, pooled = metrics.get("equity.irr", {}), metrics.get("equity.irr_of_mean_cash_flow", {})
    below = float(np.mean(moic < 1.0))
    finding = (
        f"Equity earns {show_error(mean.get('value'), half_width(mean), '1/year')} on average over paths and "
        f"{show(pooled.get('value'), '1/year')} on its expected cash flow; {show(below, 'share')} of paths "
        f"return less than was paid in, {show(lost / of, 'share')} lose all"
    )
    figure, (left, right) = panels(finding, 2, ratios=(1.35, 1.0))
    _irr_panel(left, shown, lost, of)
    for value, name, color, dash in (
        (mean.get("value"), "mean of path IRRs, E[IRR]", INK, "-"),
        (pooled.get("value"), "IRR of expected cash flow", ORANGE, "--"),
        (float(np.median(irr[np.isfinite(irr)])) if np.isfinite(irr).any() else None, "median", GREEN, ":"),
    ):
        if value is not None:
            left.axvline(
                value * 100.0, color=color, ls=dash, lw=2.0, label=f"{name}, {show(value, '1/year')}"
            )
    left.set_ylabel("share of paths, %")
    left.set_title(f"IRR (undefined on {show(undefined / of, 'share')} of paths)" if undefined else "IRR")
    low, high = sensible_range(moic[np.isfinite(moic)], floor=0.0)
    draw_shares(right, moic[np.isfinite(moic)], of, low=min(0.0, low), high=high, color=GREEN)
    right.axvline(1.0, color=RED, ls="--", lw=1.6, label="money back, 1.00x")
    right.set_xlabel("equity MOIC, x")
    right.set_title(f"Money multiple ({show(below, 'share')} below 1.00x)")
    legend_below(figure, left, right, columns=2)
    return Chart(
        name="returns",
        section="returns",
        finding=finding,
        reading=(
            "Each bar is the share of paths in it. Paths on which equity gets nothing back stand apart at "
            "−100 %; the mean of path IRRs counts them as −100 %. The IRR of the expected cash flow is what "
            "the mean dollars earn: the two answer different questions and neither is the base case."
        ),
        alt=f"Histograms of equity IRR and equity multiple. {finding}.",
        svg=svg(figure),
        table=_percentiles(irr, moic),
    )


def _percentiles(irr: Floats, moic: Floats) -> Table:
    levels = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
    irr, moic = irr[np.isfinite(irr)], moic[np.isfinite(moic)]
    rows = tuple(
        (
            f"P{level * 100:.0f}",
            show(float(np.quantile(irr, level)), "1/year") if irr.size else "–",
            show(float(np.quantile(moic, level)), "x") if moic.size else "–",
        )
        for level in levels
    )
    return Table(("percentile", "IRR", "MOIC"), rows)
