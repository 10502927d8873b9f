"""Draws the debt service cover ratio against its tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.cash_flow import no_spread, survivor_title
from spv_sim.report.figures.fan import draw_fan, first_month, month_text
from spv_sim.report.material import Floats, Material, payment_dates, quantiles
from spv_sim.report.numbers import show
from spv_sim.report.style import INK, RED, legend_below, months_axis, panels, styled, svg, tick_text

_TABLE_LEVELS = (0.05, 0.10, 0.25, 0.50)
_OWED = 1.0  # USD below which no debt counts as outstanding


def cover_on_dates(material: Material) -> tuple[Floats, Floats]:
    """Months (n,) at which debt service was scheduled, and DSCR (n, paths) there.

    An event of default stops the recording; while its debt is unpaid the cover counts as 0, so that the
    worst paths do not drop out of the percentiles.
    """
    months, rows = payment_dates(material)
    scheduled = np.isfinite(material.base["dscr"][rows])
    months, rows = months[scheduled], rows[scheduled]
    cover = np.where(np.isfinite(material.fan["dscr"][rows]), material.fan["dscr"][rows], np.nan)
    owed = material.fan["D"][np.maximum(rows - 1, 0)] if "D" in material.fan else np.zeros_like(cover)
    return months, np.where(np.isnan(cover) & (owed > _OWED), 0.0, cover)


@styled
def cover_fan(run: dict[str, Any], material: Material) -> Chart | None:
    """DSCR at each payment date, on all paths and on those without a lessee default, against its tests."""
    if not material.has("dscr"):
        return None
    months, cover = cover_on_dates(material)
    if not months.size:
        return None
    lock_up = material.lock_up_dscr
    tests = [("lock-up", lock_up)] * (lock_up is not None) + [("full cover", 1.0)]
    found = quantiles(cover, _TABLE_LEVELS)
    breaches = {
        (level, name): first_month(months, percentile < limit - 1e-9)
        for level, percentile in zip(_TABLE_LEVELS, found, strict=True)
        for name, limit in tests
        if limit is not None
    }
    below = float(np.mean((cover < 1.0 - 1e-9).any(axis=0)))
    median = show(float(np.nanmin(found[3])) if np.isfinite(found[3]).any() else None, "x")
    finding = (
        f"The median path never covers less than {median}; {show(below, 'share')} of "
        f"{cover.shape[1]:,} paths fall below 1.00x, "
    )
    if np.isfinite(breaches[0.10, "full cover"]):
        finding += f"and the worst tenth do so from {month_text(breaches[0.10, 'full cover'])}"
    else:
        finding += "fewer than a tenth at any one date"
    figure, (left, right) = panels(finding, 2, share_y=True)
    draw_fan(left, months, cover)
    survivors = cover[:, material.survivors]
    if survivors.shape[1]:
        spread = draw_fan(right, months, survivors, samples=3)
        if np.nanmax(spread[0.95] - spread[0.05]) < 1e-6:
            no_spread(right)
    for axes in (left, right):
        axes.axhline(1.0, color=RED, lw=1.6, ls="--", label="1.00x")
        if lock_up is not None:
            axes.axhline(lock_up, color=INK, lw=1.2, ls=":", label=f"lock-up, {lock_up:.2f}x")
        months_axis(axes, float(months[-1]))
    top = max(
        float(np.nanmax(quantiles(cover, (0.95,)))), *(limit for _, limit in tests if limit is not None)
    )
    bottom = min(0.0, float(np.nanmin(found[0])), float(np.nanmin(cover[:, :5])))
    left.set_ylim(max(bottom, -1.0) - 0.05 * top, 1.06 * top)
    tick_text(left.yaxis, 1.0, "x", 2)
    left.set_title(f"All paths ({cover.shape[1]:,} drawn from)")
    right.set_title(survivor_title(material))
    left.set_ylabel("DSCR")
    legend_below(figure, left, columns=6)
    header = (
        "percentile",
        *(f"first below {limit:.2f}x ({name})" for name, limit in tests if limit is not None),
    )
    rows = tuple(
        (f"P{level * 100:.0f}", *(month_text(breaches[level, name]) for name, _ in tests))
        for level in _TABLE_LEVELS
    )
    return Chart(
        name="cover",
        section="cover",
        finding=finding,
        reading=(
            "CFADS of the period over the debt service due in it. After an event of default no ratio is "
            "recorded; while debt is then unpaid it counts here as 0. The table gives the first month at "
            "which each percentile is below a test."
        ),
        alt=f"Fan chart of the debt service cover ratio with lock-up and 1.00x lines. {finding}.",
        svg=svg(figure),
        table=Table(header, rows),
    )
