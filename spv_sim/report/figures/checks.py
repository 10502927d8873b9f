"""Draws whether the numbers can be trusted: survival against its closed form, and convergence."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.fan import chosen_rows
from spv_sim.report.labels import title
from spv_sim.report.material import Material
from spv_sim.report.numbers import CONFIDENCE, scaled, show_error, show_width, suffix
from spv_sim.report.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SKY,
    label,
    legend_below,
    months_axis,
    panels,
    styled,
    svg,
    tick_text,
)

_POINTS = 20


@styled
def lessee_survival(run: dict[str, Any], material: Material) -> Chart | None:
    """Share of paths whose lessee has not defaulted, against the closed form, with its sampling error."""
    told = material.survival
    if not all(
        name in told and np.size(told[name])
        for name in ("months", "closed_form", "simulated", "standard_error")
    ):
        return None
    months, exact, seen, error = (
        np.asarray(told[name]) for name in ("months", "closed_form", "simulated", "standard_error")
    )
    if material.lease_end:  # afterwards the lessee owes nothing and cannot default
        within = months <= material.lease_end
        months, exact, seen, error = months[within], exact[within], seen[within], error[within]
    if not months.size:
        return None
    known = error > 0.0
    distance = np.abs(seen - exact)[known] / error[known]
    largest = float(distance.max()) if distance.size else 0.0
    finding = (
        f"The lessee survives to month {months[-1]:.0f} on {100.0 * seen[-1]:.2f} % of paths, against "
        f"{100.0 * exact[-1]:.2f} % in closed form; the largest distance is {largest:.1f} standard errors"
    )
    figure, (left, right) = panels(finding, 2)
    left.plot(months, 100.0 * exact, color=ORANGE, lw=2.2, label="closed form")
    some = list(chosen_rows(months.size, _POINTS))
    left.errorbar(
        months[some],
        100.0 * seen[some],
        yerr=100.0 * CONFIDENCE * error[some],
        fmt="o",
        ms=3.5,
        color=BLUE,
        lw=1.0,
        label="simulated, ± 95 %",
    )
    right.fill_between(
        months,
        -100.0 * CONFIDENCE * error,
        100.0 * CONFIDENCE * error,
        color=SKY,
        alpha=0.4,
        lw=0,
        label="95 % band",
    )
    right.plot(months, 100.0 * (seen - exact), color=BLUE, lw=1.6, label="simulated − closed form")
    right.axhline(0.0, color=INK, lw=0.8)
    for axes in (left, right):
        months_axis(axes, float(months[-1]))
    left.set_title("Share of paths without lessee default, %")
    right.set_title("Difference, percentage points")
    left.set_ylim(bottom=max(0.0, 100.0 * min(float(exact.min()), float(seen.min())) - 4.0), top=101.0)
    tick_text(left.yaxis, 1.0)
    tick_text(right.yaxis, 1.0)
    legend_below(figure, left, right)
    rows = tuple(
        (
            f"{months[row]:.0f}",
            f"{100.0 * exact[row]:.2f} %",
            show_error(float(seen[row]), CONFIDENCE * float(error[row]), "share"),
        )
        for row in chosen_rows(months.size, 6)
    )
    return Chart(
        name="survival",
        section="checks",
        finding=finding,
        reading=(
            "The hazard alone fixes how many lessees survive; the simulation must agree within its sampling "
            "error. Neighbouring months share their paths, so the difference wanders rather than jumps."
        ),
        alt=f"Line chart of lessee survival, simulated and exact. {finding}.",
        svg=svg(figure),
        table=Table(("month", "closed form", "simulated ± 95 %"), rows),
    )


def _in_sentence(words: str) -> str:
    return words if words[1:2] in "[(" else words[:1].lower() + words[1:]


@styled
def convergence(run: dict[str, Any], material: Material) -> Chart | None:
    """Running estimates of up to three metrics against the number of paths, where they are defined."""
    wanted = ("equity.irr", f"{material.tranche}.probability_of_loss", f"{material.tranche}.expected_loss")
    told = {
        name: series for name, series in material.convergence.items() if np.isfinite(series["value"]).any()
    }
    names = [name for name in wanted if name in told] or sorted(told)[:3]
    if not names:
        return None
    first = material.convergence[names[0]]
    parts, rows, units = [], [], {}
    for name in names:
        series = material.convergence[name]
        width = float(series["high"][-1] - series["low"][-1]) / 2.0
        unit = units[name] = run["metrics"].get(name, {}).get("unit", "share")
        parts.append(f"± {show_width(width, unit)} for {_in_sentence(title(name, figure=True))}")
        for row in chosen_rows(len(series["paths"]), 4):
            half = float(series["high"][row] - series["low"][row]) / 2.0
            rows.append(
                (
                    title(name),
                    f"{series['paths'][row]:,.0f}",
                    show_error(float(series["value"][row]), half, unit),
                )
            )
    finding = label(f"With {first['paths'][-1]:,.0f} paths the 95 % intervals are " + ", ".join(parts), 400)
    figure, axes = panels(finding, len(names), height=3.7)
    for panel, name in zip(axes, names, strict=True):
        series = material.convergence[name]
        size = float(np.max(np.abs(np.nan_to_num(series["value"]))))
        paths, value = np.asarray(series["paths"]), scaled(np.asarray(series["value"]), units[name], size)
        low, high = (scaled(np.asarray(series[end]), units[name], size) for end in ("low", "high"))
        panel.fill_between(paths, low, high, color=SKY, alpha=0.4, lw=0, label="95 % interval")
        panel.plot(paths, value, color=BLUE, lw=1.8, marker="o", ms=2.5, label="estimate")
        panel.axhline(float(value[-1]), color=GREY, lw=1.0, ls="--", label="final value")
        panel.set_xscale("log")
        panel.minorticks_off()
        panel.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
        panel.set_xlabel("paths")
        panel.set_title(label(f"{title(name, figure=True)}, {suffix(units[name], size).strip()}", 40))
        tick_text(panel.yaxis, 1.0)
    legend_below(figure, axes[0])
    return Chart(
        name="convergence",
        section="checks",
        finding=finding,
        reading="The estimate after the first n paths. It should settle in its band, which narrows as 1/√n.",
        alt=f"Line charts of running estimates with 95 % bands. {finding}.",
        svg=svg(figure),
        table=Table(("metric", "paths", "estimate ± 95 %"), tuple(rows)),
    )
