"""Draws what the lender loses, and how often."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.histogram import draw_shares, sensible_range
from spv_sim.report.material import Material
from spv_sim.report.numbers import half_width, show, show_error
from spv_sim.report.style import BLUE, INK, RED, SKY, label, panels, styled, svg, tick_text
from spv_sim.report.text import line
from spv_sim.report.tranches import commitment
from spv_sim.spv.tolerance import CASH_TOLERANCE


@styled
def lender_loss(run: dict[str, Any], material: Material) -> Chart | None:
    """The share of paths without loss, and the spread of the loss given one, as a share of the commitment."""
    if len(material.tranches) != 1:  # several stand side by side in a figure of their own
        return None
    (name,) = material.tranches
    column = material.columns.get(f"{name}.loss")
    face = commitment(run, name)
    if column is None or not face > 0.0:
        return None
    loss = column[np.isfinite(column)] / face
    hit = loss[loss > CASH_TOLERANCE * float(run["closing"].get("total_uses") or face) / face]
    metrics = run["metrics"]
    chance, expected, given = (
        metrics.get(f"{name}.{metric}", {})
        for metric in ("probability_of_loss", "expected_loss", "loss_given_default")
    )
    severity = float(hit.mean()) if hit.size else float("nan")
    finding = (
        f"The {line(name, 28)} tranche loses money on "
        f"{show_error(chance.get('value'), half_width(chance), 'share')} of paths; its expected loss is "
        f"{show_error(expected.get('value'), half_width(expected), 'share')} of the commitment, "
        f"{show(severity, 'share')} on the paths with a loss"
        if hit.size
        else f"The {line(name, 28)} tranche loses nothing on any of {loss.size:,} paths"
    )
    figure, (left, right) = panels(label(finding, 400), 2, ratios=(1.0, 3.2))
    share = 100.0 * hit.size / max(loss.size, 1)
    left.bar(0, 100.0 - share, width=0.6, color=SKY, label="no loss")
    left.bar(
        0,
        share,
        width=0.6,
        bottom=100.0 - share,
        color=RED,
        hatch="//",
        edgecolor="white",
        lw=0.0,
        label="loss",
    )
    left.text(
        0, (100.0 - share) / 2, f"no loss\n{100.0 - share:.1f} %", ha="center", va="center", fontsize=9.0
    )
    left.annotate(
        f"loss {share:.1f} %",
        (0.30, 100.0 - share / 2),
        (4, 0),
        textcoords="offset points",
        fontsize=9.0,
        va="center",
    )
    left.set_xlim(-0.45, 1.0)
    left.set_xticks([])
    left.set_ylim(0.0, 100.0)
    left.set_ylabel("share of paths, %")
    left.set_title("How often")
    right.set_title(f"How much, on the {show(hit.size / max(loss.size, 1), 'share')} of paths with a loss")
    right.set_xlabel("loss at the end, % of commitment (unpaid principal and interest)")
    right.set_ylabel("share of all paths, %")
    if hit.size:
        high = sensible_range(hit * 100.0, floor=0.0)[1]
        draw_shares(right, hit * 100.0, loss.size, low=0.0, high=high, bins=40, color=BLUE)
        right.axvline(
            severity * 100.0, color=INK, lw=2.0, label=f"mean given loss, {show(severity, 'share')}"
        )
        unconditional = float(loss.mean())
        right.axvline(
            unconditional * 100.0,
            color=RED,
            lw=1.6,
            ls="--",
            label=f"expected loss, {show(unconditional, 'share')}",
        )
        right.legend(loc="upper right", frameon=False)
    tick_text(right.xaxis, 1.0)
    rows = (
        ("P(loss)", show_error(chance.get("value"), half_width(chance), "share")),
        ("expected loss, of commitment", show_error(expected.get("value"), half_width(expected), "share")),
        ("loss given a loss, of commitment", show_error(given.get("value"), half_width(given), "share")),
        ("largest loss seen", show(float(loss.max()) if loss.size else None, "share")),
    )
    return Chart(
        name="lender-loss",
        section="lenders",
        finding=finding,
        reading=(
            "Loss is principal and interest arrears still unpaid at the end of the model, so it can pass "
            "100 % of the commitment. The left bar is the mass at no loss, which the histogram leaves out."
        ),
        alt=f"Bar of paths with and without loss and histogram of the loss. {finding}.",
        svg=svg(figure),
        table=Table(("measure", "value ± 95 %"), rows),
    )
