"""Draws the losses of several tranches side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.material import Floats, Material
from spv_sim.report.numbers import MISSING, half_width, is_number, show, show_error
from spv_sim.report.style import CYCLE, DASHES, NAME_ROOM, label, panels, styled, svg, tick_text
from spv_sim.report.text import line
from spv_sim.report.tranches import commitment, fit, left_out

_MOST = 6
_POINTS = 400


def _loss(material: Material, run: dict[str, Any], tranche: str) -> Floats:
    """(paths,) loss of a tranche as a share of its commitment; empty where it is not known."""
    column, face = material.columns.get(f"{tranche}.loss"), commitment(run, tranche)
    if column is None or not face > 0.0:
        return np.zeros(0)
    return np.asarray(column[np.isfinite(column)] / face)


def _measure(run: dict[str, Any], tranche: str, name: str) -> dict[str, Any]:
    found = run["metrics"].get(f"{tranche}.{name}")
    return found if isinstance(found, dict) else {}


def _bars(axes: Axes, run: dict[str, Any], shown: tuple[str, ...]) -> None:
    """P(loss) and expected loss of each tranche with their 95 % intervals [%]."""
    for offset, name, hatch, told in (
        (-0.2, "probability_of_loss", "", "P(loss)"),
        (0.2, "expected_loss", "//", "expected loss"),
    ):
        for row, tranche in enumerate(shown):
            found = _measure(run, tranche, name)
            if not is_number(found.get("value")):
                continue
            value, error = 100.0 * float(found["value"]), 100.0 * half_width(found)
            axes.barh(
                row + offset,
                value,
                height=0.36,
                color=CYCLE[row % len(CYCLE)],
                alpha=0.85 if not hatch else 0.55,
                hatch=hatch,
                edgecolor="white",
                lw=0.0,
                xerr=error if error > 0.0 else None,
                label=told if row == 0 else "_nolegend_",
            )
    axes.set_yticks(range(len(shown)), [label(tranche, 14) for tranche in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)  # the first rank on top
    axes.set_xlim(left=0.0)
    axes.grid(visible=False, axis="y")
    axes.set_title("P(loss); hatched: expected loss, %")
    tick_text(axes.xaxis, 1.0)


def _exceedance(axes: Axes, losses: dict[str, Floats]) -> None:
    """Share of paths [%] on which each tranche loses more than a share of its commitment."""
    top = max((float(loss.max()) for loss in losses.values() if loss.size), default=0.0)
    marks = np.linspace(0.0, max(1.02 * top, 0.05), _POINTS)
    for row, (tranche, loss) in enumerate(losses.items()):
        above = loss.size - np.searchsorted(np.sort(loss), marks, side="right")
        axes.plot(
            100.0 * marks,
            100.0 * above / max(loss.size, 1),
            color=CYCLE[row % len(CYCLE)],
            ls=DASHES[row % len(DASHES)],
            lw=2.0,
            label=label(tranche, 24),
        )
    axes.set_xlim(0.0, 100.0 * float(marks[-1]))
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("loss, % of commitment")
    axes.set_ylabel("share of paths that lose more, %")
    axes.set_title("Share of paths that lose more than…")
    axes.legend(loc="upper right", frameon=False)
    tick_text(axes.xaxis, 1.0)
    tick_text(axes.yaxis, 1.0)


@styled
def tranche_losses(run: dict[str, Any], material: Material) -> Chart | None:
    """How often and how much each tranche loses, and the share of paths that lose more than any amount."""
    losses = {tranche: loss for tranche in material.tranches if (loss := _loss(material, run, tranche)).size}
    if len(losses) < 2:
        return None
    shown, more = fit(tuple(losses), _MOST)
    told = [
        f"{line(tranche, 20)} on {show_error(found.get('value'), half_width(found), 'share')}"
        for tranche in shown
        if (found := _measure(run, tranche, "probability_of_loss"))
    ]
    words = ", ".join([*told, *([left_out(more)] if more else [])])
    finding = f"Share of paths with a loss, in order of rank: {words}"
    figure, (left, right) = panels(label(finding, 400), 2, ratios=(1.0, 1.15), height=4.3)
    _bars(left, run, shown)
    _exceedance(right, {tranche: losses[tranche] for tranche in shown})
    rows = tuple(
        (
            line(tranche, 40),
            *(
                show_error(found.get("value"), half_width(found), "share")
                if (found := _measure(run, tranche, name))
                else MISSING
                for name in ("probability_of_loss", "expected_loss", "loss_given_default")
            ),
            show(float(loss.max()), "share"),
        )
        for tranche, loss in losses.items()
    )
    return Chart(
        name="tranche-losses",
        section="lenders",
        finding=finding,
        reading=(
            "Each line falls from the share of paths on which the tranche loses anything to that of the "
            "worst loss. Loss is principal and interest arrears unpaid at the end, as a share of the "
            "commitment, so that it can pass 100 %. Whiskers are 95 % intervals."
        ),
        alt=f"Bars of loss by tranche and curves of the share of paths above each loss. {finding}.",
        svg=svg(figure, names=NAME_ROOM),
        table=Table(("tranche", "P(loss)", "expected loss", "loss given a loss", "largest loss seen"), rows),
    )
