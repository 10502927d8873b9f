"""Draws how the loss of each stakeholder grows with that of the deal: one panel each, on one scale."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.loss_bearers import foremost, measure
from spv_sim.report.material import Floats, Material
from spv_sim.report.numbers import half_width, is_number, show, show_error
from spv_sim.report.style import BLUE, GREY, INK, RED, label, panels, styled, svg, tick_text
from spv_sim.report.text import line

_MOST, _BINS = 6, 40
_SHOWN = (0.01, 0.05, 0.2, 0.5)
"""Shares of worst paths told in the table."""


def _by_depth(material: Material, shown: tuple[str, ...]) -> dict[str, Floats]:
    """(bins,) mean loss of each stakeholder over equal parts of the paths, the deal's worst first [USD]."""
    whole = material.lost["spv"]
    order = np.argsort(-whole, kind="stable")
    parts = np.array_split(order, min(_BINS, whole.size))
    return {of: np.array([material.lost[of][part].mean() for part in parts]) for of in shown}


def _panel(axes: Axes, name: str, means: Floats) -> None:
    edges = np.linspace(0.0, 100.0, means.size + 1)
    axes.stairs(np.maximum(means, 0.0), edges, fill=True, color=RED, alpha=0.75)
    axes.stairs(np.minimum(means, 0.0), edges, fill=True, color=BLUE, alpha=0.55)
    axes.stairs(means, edges, color=INK, lw=0.8, baseline=None)
    axes.axhline(0.0, color=GREY, lw=0.8)
    axes.set_title(label(name, 16))
    axes.set_xlim(0.0, 100.0)
    axes.set_xticks([0.0, 50.0, 100.0])


@styled
def stakes(run: dict[str, Any], material: Material) -> Chart | None:
    """Mean loss of each stakeholder on the deal's worst paths, on the next worst, and so on to the best."""
    chosen, more = foremost(run, _MOST)
    shown = tuple(of for of in chosen if of in material.lost)
    if len(shown) < 2 or "spv" not in material.lost or not material.lost["spv"].size:
        return None
    means = _by_depth(material, shown)
    first = max(shown, key=lambda of: float(means[of][0]))
    tail = measure(run, first, "tail_loss_share_95")
    finding = f"Where the deal loses most, {line(first, 24)} loses most"
    if is_number(tail.get("value")):
        finding += f": {show_error(tail.get('value'), half_width(tail), 'share')} of what is unexpected"
    figure, axes = panels(label(finding, 300), len(shown), height=3.4, share_y=True)
    for at, name in zip(axes, shown, strict=True):
        _panel(at, name, means[name])
    size = max(float(np.abs(values).max()) for values in means.values())
    factor, unit = (1e-9, "bn USD") if size >= 1e9 else (1e-6, "m USD")
    tick_text(axes[0].yaxis, factor)
    axes[0].set_ylabel(f"mean loss, {unit}")
    axes[len(axes) // 2].set_xlabel("share of paths, the deal's worst first, %")
    order = np.argsort(-material.lost["spv"], kind="stable")
    rows = tuple(
        (
            line(name, 40),
            *(
                show(float(material.lost[name][order[: max(round(part * order.size), 1)]].mean()), "USD")
                for part in _SHOWN
            ),
        )
        for name in shown
    )
    left = f" {more} with smaller shares are left out." if more else ""
    return Chart(
        name="stakes",
        section="losses",
        finding=finding,
        reading=(
            "Paths stand in the order of the deal's loss, the worst to the left, in equal parts; each panel "
            "shows one stakeholder's mean loss in each part, and below zero what it gains against the base "
            "case. The red area less the blue one is its expected loss." + left
        ),
        alt=f"One panel for each stakeholder with its mean loss from the deal's worst paths on. {finding}.",
        svg=svg(figure),
        table=Table(("mean loss on", *(f"worst {100 * part:.0f} %" for part in _SHOWN)), rows),
    )
