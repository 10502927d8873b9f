"""Draws what each vehicle of a programme has in the losses of all: of shareholders, and of lenders."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.numbers import half_width, is_number, show_error
from spv_sim.report.programme_material import ProgrammeMaterial
from spv_sim.report.share_bars import Bar, draw_bar, name_rows
from spv_sim.report.style import (
    BLUE,
    GREEN,
    NAME_ROOM,
    RED,
    label,
    legend_below,
    panels,
    styled,
    svg,
)
from spv_sim.report.text import line

SIDES = {"equity": "shareholders", "debt": "lenders"}
_BARS = {
    "loss_share": Bar(-0.27, BLUE, "", "of the expected loss"),
    "variance_share": Bar(0.0, GREEN, "--", "of the variance"),
    "tail_loss_share_95": Bar(0.27, RED, "//", "of the unexpected loss on the worst 5 % of paths"),
}
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
    for measure, bar in _BARS.items():
        found = [of.get(measure, {}) for of in shares.values()]
        if all(half_width(each) <= _WIDEST for each in found):
            draw_bar(axes, bar, 0.25, found)
    name_rows(axes, list(shares), "share")
    axes.set_title(f"loss of the {SIDES[side]}")


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
