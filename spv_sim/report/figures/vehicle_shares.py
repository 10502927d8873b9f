"""Draws what each vehicle of a programme has in the losses of all: of shareholders, and of lenders."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.numbers import half_width, is_number, show_error
from spv_sim.report.programme_material import ProgrammeMaterial
from spv_sim.report.style import (
    BLUE,
    GREEN,
    INK,
    NAME_ROOM,
    RED,
    label,
    legend_below,
    panels,
    styled,
    svg,
    tick_text,
)
from spv_sim.report.text import line

SIDES = {"equity": "shareholders", "debt": "lenders"}
_BARS = (
    (-0.27, "loss_share", BLUE, "", "of the expected loss"),
    (0.0, "variance_share", GREEN, "--", "of the variance"),
    (0.27, "tail_loss_share_95", RED, "//", "of the unexpected loss on the worst 5 % of paths"),
)
_WIDEST = 0.5
"""Half-width of an interval from which on a share says nothing, and is not drawn [1]."""

_COLUMNS = (
    ("lost_value", "expected loss, present value"),
    ("loss_share", "share of it"),
    ("unexpected_loss_95", "unexpected loss on the worst 5 % of paths"),
    ("tail_loss_share_95", "share of it"),
    ("variance_share", "share of the variance"),
)


def _draw(axes: Axes, shares: dict[str, Any], side: str) -> None:
    for offset, measure, color, hatch, words in _BARS:
        named = False
        if any(half_width(of.get(measure)) > _WIDEST for of in shares.values()):
            continue
        for row, found in enumerate(of.get(measure, {}) for of in shares.values()):
            if not is_number(found.get("value")):
                continue
            error = 100.0 * half_width(found)
            axes.barh(
                row + offset,
                100.0 * float(found["value"]),
                height=0.25,
                color=color,
                hatch=hatch,
                edgecolor="white",
                lw=0.0,
                alpha=0.8,
                xerr=error if error > 0.0 else None,
                label="_nolegend_" if named else words,
            )
            named = True
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_yticks(range(len(shares)), [label(name, 14) for name in shares])
    axes.set_ylim(len(shares) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("share, %; whiskers are 95 % intervals")
    axes.set_title(f"loss of the {SIDES[side]}")
    tick_text(axes.xaxis, 1.0)


def _most(shares: dict[str, Any], measure: str) -> str | None:
    told = {name: of.get(measure, {}).get("value") for name, of in shares.items()}
    known = {name: float(value) for name, value in told.items() if is_number(value)}
    return max(known, key=known.__getitem__) if known else None


@styled
def vehicle_shares(run: dict[str, Any], material: ProgrammeMaterial) -> Chart | None:
    """Shares of the vehicles in the loss of the shareholders and in that of the lenders, side by side."""
    sides = {side: of for side, of in run.get("shares", {}).items() if _most(of, "tail_loss_share_95")}
    if not sides:
        return None
    told = []
    for side, shares in sides.items():
        first = str(_most(shares, "tail_loss_share_95"))
        found = shares[first]["tail_loss_share_95"]
        share = show_error(found.get("value"), half_width(found), "share")
        told.append(f"{line(first, 24)} bears {share} of the unexpected loss of the {SIDES[side]}")
    finding = f"On the worst paths {' and '.join(told)}"
    rows = len(next(iter(sides.values())))
    figure, axes = panels(label(finding, 400), len(sides), height=2.5 + 0.6 * rows, share_y=True)
    for panel, (side, shares) in zip(axes, sides.items(), strict=True):
        _draw(panel, shares, side)
    fullest = max(axes, key=lambda panel: len(panel.get_legend_handles_labels()[0]))
    legend_below(figure, fullest, columns=3)
    return Chart(
        name="vehicle-shares",
        section="shares",
        finding=finding,
        reading=(
            "Loss is present value in the base case less present value on the path, at one rate; the worst "
            "paths are those on which all vehicles together lose most, and what is unexpected is the loss "
            "beyond the mean. Each kind of share adds up to 100 % over the vehicles; one whose intervals are "
            "wider than ±50 %, such as that of an expected loss near zero, is in the table alone."
        ),
        alt=f"Bars of each vehicle's shares of the losses. {finding}.",
        svg=svg(figure, names=NAME_ROOM),
        table=Table(
            ("vehicle", *(heading for _, heading in _COLUMNS)),
            tuple(
                (
                    f"{line(name, 40)}, {SIDES[side]}",
                    *(
                        show_error(found.get("value"), half_width(found), str(found.get("unit", "")))
                        for measure, _ in _COLUMNS
                        for found in (of.get(measure, {}),)
                    ),
                )
                for side, shares in sides.items()
                for name, of in shares.items()
            ),
        ),
    )
