"""Draws what the equity of a programme earns, and that of each vehicle beside it."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.histogram import draw_shares, sensible_range
from spv_sim.report.material import Floats
from spv_sim.report.numbers import half_width, show, show_error
from spv_sim.report.programme_material import ProgrammeMaterial
from spv_sim.report.style import CYCLE, DASHES, GREY, INK, label, legend_below, panels, styled, svg, tick_text
from spv_sim.report.text import line

_LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)
_MOST = 6


def _finite(rates: Floats) -> Floats:
    return np.asarray(100.0 * rates[np.isfinite(rates)])


@styled
def vehicle_returns(run: dict[str, Any], material: ProgrammeMaterial) -> Chart | None:
    """IRR of the equity of all vehicles as one holding, and how that of each vehicle is spread."""
    whole = material.columns.get("programme.equity_irr")
    rates = {name: _finite(of["equity.irr"]) for name, of in material.vehicles.items() if "equity.irr" in of}
    if whole is None or not np.isfinite(whole).any():
        return None
    mean = run["metrics"].get("programme.equity.irr", {})
    lossy = run["metrics"].get("programme.equity.probability_of_loss", {})
    finding = (
        "The equity of all vehicles, held as one, earns "
        f"{show_error(mean.get('value'), half_width(mean), '1/year')} on average over paths and loses money "
        f"on {show_error(lossy.get('value'), half_width(lossy), 'share')} of them"
    )
    figure, (axes,) = panels(finding)
    shown = dict(list(rates.items())[:_MOST])
    everything = np.concatenate([_finite(whole), *shown.values()])
    low, high = sensible_range(everything, floor=-100.0)
    top = draw_shares(axes, _finite(whole), whole.size, low=low, high=high, color=GREY)
    for number, (name, values) in enumerate(shown.items()):
        counts, edges = np.histogram(np.clip(values, low, high), bins=48, range=(low, high))
        heights = 100.0 * counts / max(whole.size, 1)
        top = max(top, float(heights.max()))
        axes.stairs(
            heights,
            edges,
            baseline=None,
            color=CYCLE[number],
            ls=DASHES[number % len(DASHES)],
            lw=1.6,
            label=label(name, 20),
        )
    axes.set_ylim(0.0, 1.08 * top)
    if mean.get("value") is not None:
        axes.axvline(
            100.0 * mean["value"],
            color=INK,
            lw=1.6,
            label=f"mean of all held as one, {show(mean['value'], '1/year')}",
        )
    tick_text(axes.xaxis, 1.0)
    axes.set_xlabel("equity IRR, %/year")
    axes.set_ylabel("share of paths, %")
    legend_below(figure, axes)
    left = f" The figure leaves out {len(rates) - _MOST} of them." if len(rates) > _MOST else ""
    return Chart(
        name="vehicle-returns",
        section="returns",
        finding=finding,
        reading=(
            "The grey area is the equity of all vehicles as one holding, each line that of one vehicle on "
            "the same paths. A path on which equity gets nothing back counts as −100 %." + left
        ),
        alt=f"Histograms of the equity IRR of the programme and of its vehicles. {finding}.",
        svg=svg(figure),
        table=Table(
            ("equity IRR", *(f"P{100 * level:.0f}" for level in _LEVELS)),
            tuple(
                (
                    line(name, 40),
                    *(
                        show(float(np.quantile(values, level)) / 100.0, "1/year") if values.size else "–"
                        for level in _LEVELS
                    ),
                )
                for name, values in {**rates, "together": _finite(whole)}.items()
            ),
        ),
    )
