"""Draws the debt service cover ratio against its tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.cover_ratios import combined_cover_on_dates, cover_on_dates
from spv_sim.report.figures.cash_flow import no_spread, several, survivor_title
from spv_sim.report.figures.fan import draw_fan, first_month, month_text
from spv_sim.report.material import Floats, Material, quantiles
from spv_sim.report.numbers import show
from spv_sim.report.style import (
    GREEN,
    INK,
    RED,
    label,
    legend_below,
    months_axis,
    panels,
    styled,
    svg,
    tick_text,
)
from spv_sim.report.text import line

_TABLE_LEVELS = (0.05, 0.10, 0.25, 0.50)

Tests = list[tuple[str, float]]
Firsts = dict[tuple[float, str], float]


def _first_breaches(months: Floats, cover: Floats, tests: Tests) -> Firsts:
    """First month in which each percentile is below each test; NaN if never."""
    found = quantiles(cover, _TABLE_LEVELS)
    return {
        (level, name): first_month(months, percentile < limit - 1e-9)
        for level, percentile in zip(_TABLE_LEVELS, found, strict=True)
        for name, limit in tests
    }


def _least_median(cover: Floats) -> str:
    median = quantiles(cover, (0.50,))[0]
    return show(float(np.nanmin(median)) if np.isfinite(median).any() else None, "x")


def _ever_below(cover: Floats) -> str:
    return show(float(np.mean((cover < 1.0 - 1e-9).any(axis=0))), "share")


def _finding(cover: Floats, breaches: Firsts) -> str:
    words = (
        f"The median path never covers less than {_least_median(cover)}; {_ever_below(cover)} of "
        f"{cover.shape[1]:,} paths fall below 1.00x, "
    )
    if np.isfinite(breaches[0.10, "full cover"]):
        return words + f"and the worst tenth do so from {month_text(breaches[0.10, 'full cover'])}"
    return words + "fewer than a tenth at any one date"


def _finding_of_both(name: str, cover: Floats, together: Floats) -> str:
    return (
        f"On the median path {name} is never covered less than {_least_median(cover)} and all debt together "
        f"never less than {_least_median(together)}; {_ever_below(cover)} of {cover.shape[1]:,} paths fall "
        f"below 1.00x for {name}, {_ever_below(together)} for all debt"
    )


def _draw_tests(axes: Axes, months: Floats, lock_up: float | None) -> None:
    axes.axhline(1.0, color=RED, lw=1.6, ls="--", label="1.00x")
    if lock_up is not None:
        axes.axhline(lock_up, color=INK, lw=1.2, ls=":", label=f"lock-up, {lock_up:.2f}x")
    months_axis(axes, float(months[-1]))


@styled
def cover_fan(run: dict[str, Any], material: Material) -> Chart | None:
    """DSCR at each payment date against its tests.

    With one tranche on all paths and on those without a lessee default; with several that of the tranche paid
    first, which the lock-up tests, and that of all debt together.
    """
    if not material.has("dscr"):
        return None
    months, cover = cover_on_dates(material)
    if not months.size:
        return None
    both = (
        several(material)
        and material.has("cfads")
        and material.has_of_tranches("interest_current", "principal_due")
    )
    lock_up = material.lock_up_dscr
    tests: Tests = [("full cover", 1.0)] if lock_up is None else [("lock-up", lock_up), ("full cover", 1.0)]
    breaches = _first_breaches(months, cover, tests)
    name = line(material.tranches[0], 24) if both else ""
    dates, together = combined_cover_on_dates(material) if both else (months, cover)
    finding = _finding_of_both(name, cover, together) if both else _finding(cover, breaches)
    figure, (left, right) = panels(label(finding, 400), 2, share_y=True)
    draw_fan(left, months, cover)
    _draw_tests(left, months, lock_up)
    shown = [cover]
    if both:
        draw_fan(right, dates, together)
        _draw_tests(right, dates, None)
        all_debt: Tests = [("all debt", 1.0)]
        if (last := material.lock_up_levels[-1]) is not None:
            all_debt.insert(0, ("lock-up of all", last))
            right.axhline(last, color=GREEN, lw=1.2, ls="-.")
            left.plot([], [], color=GREEN, lw=1.2, ls="-.", label=f"lock-up of all, {last:.2f}x")
        breaches |= _first_breaches(dates, together, all_debt)
        left.set_title(label(f"DSCR of {name}, all paths ({cover.shape[1]:,} drawn from)", 60))
        right.set_title("Combined DSCR of all tranches, all paths")
        shown.append(together)
        tests += all_debt
    else:
        survivors = cover[:, material.survivors]
        if survivors.shape[1]:
            spread = draw_fan(right, months, survivors, samples=3)
            if np.nanmax(spread[0.95] - spread[0.05]) < 1e-6:
                no_spread(right)
        _draw_tests(right, months, lock_up)
        left.set_title(f"All paths ({cover.shape[1]:,} drawn from)")
        right.set_title(survivor_title(material))
    _set_height(left, shown, [limit for _, limit in tests])
    left.set_ylabel("DSCR")
    legend_below(figure, left, columns=4 if both else 6)
    header = ("percentile", *(f"first below {limit:.2f}x ({test})" for test, limit in tests))
    rows = tuple(
        (f"P{level * 100:.0f}", *(month_text(breaches[level, test]) for test, _ in tests))
        for level in _TABLE_LEVELS
    )
    reading = (
        "CFADS of the period over the debt service due in it. After an event of default no ratio is "
        "recorded; while debt is then unpaid it counts here as 0. The table gives the first month at "
        "which each percentile is below a test."
    )
    if both:
        reading += " Combined: over the debt service of all tranches together."
    return Chart(
        name="cover",
        section="cover",
        finding=finding,
        reading=reading,
        alt=f"Fan chart of the debt service cover ratio with lock-up and 1.00x lines. {finding}.",
        svg=svg(figure),
        table=Table(header, rows),
    )


def _set_height(axes: Axes, covers: list[Floats], limits: list[float]) -> None:
    top = max(*limits, *(float(np.nanmax(quantiles(cover, (0.95,)), initial=0.0)) for cover in covers))
    low = min(
        *(float(np.nanmin(quantiles(cover, (0.05,)), initial=0.0)) for cover in covers),
        *(float(np.nanmin(cover[:, :5], initial=0.0)) for cover in covers),
    )
    axes.set_ylim(max(low, -1.0) - 0.05 * top, 1.06 * top)
    tick_text(axes.yaxis, 1.0, "x", 2)
