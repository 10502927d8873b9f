"""Draws who bears the loss: each stakeholder's share of it on average and on the worst paths."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from spv_sim.report.chart import Chart, Table
from spv_sim.report.loss_bearers import bearers, foremost, measure
from spv_sim.report.material import Material
from spv_sim.report.numbers import half_width, is_number, show, show_error
from spv_sim.report.share_bars import Bar, draw_bar, name_rows
from spv_sim.report.style import (
    BLUE,
    NAME_ROOM,
    RED,
    label,
    legend_below,
    panels,
    styled,
    svg,
)
from spv_sim.report.text import line

_MOST = 10
_COLUMNS = (
    ("lost_value", "expected loss, present value"),
    ("loss_share", "share of it"),
    ("unexpected_loss_95", "unexpected loss on the worst 5 % of paths"),
    ("tail_loss_share_95", "share of it"),
    ("variance_share", "share of the variance"),
)
"""Columns of the table: metric and heading."""

_BARS = {
    "loss_share": Bar(-0.2, BLUE, "", "of the expected loss"),
    "tail_loss_share_95": Bar(0.2, RED, "//", "of the unexpected loss on the worst 5 % of paths"),
}


def _draw(axes: Axes, run: dict[str, Any], shown: tuple[str, ...]) -> None:
    for name, bar in _BARS.items():
        draw_bar(axes, bar, 0.36, [measure(run, holder, name) for holder in shown])
    name_rows(axes, shown, "share of the deal's loss")


@styled
def loss_shares(run: dict[str, Any], material: Material) -> Chart | None:
    """Shares of the deal's loss by stakeholder, of the expected one and of that on the worst paths."""
    everyone = bearers(run)
    defined = [of for of in everyone if is_number(measure(run, of, "loss_share").get("value"))]
    if not defined:
        return None
    shown, more = foremost(run, _MOST)
    whole = run["metrics"].get("spv.lost_value", {})
    most = max(defined, key=lambda of: float(measure(run, of, "loss_share")["value"]))
    share = measure(run, most, "loss_share")
    lost = show_error(whole.get("value"), half_width(whole), "USD")
    finding = (
        f"Against the base case the deal loses {lost} of present value on "
        f"average; {line(most, 24)} bears {show_error(share.get('value'), half_width(share), 'share')} of it"
    )
    tail = [of for of in everyone if is_number(measure(run, of, "tail_loss_share_95").get("value"))]
    if tail:
        worst = max(tail, key=lambda of: float(measure(run, of, "tail_loss_share_95")["value"]))
        found = measure(run, worst, "tail_loss_share_95")
        finding += (
            ", and of what is unexpected on the worst twentieth of the paths "
            f"{'it' if worst == most else line(worst, 24)} bears "
            f"{show_error(found.get('value'), half_width(found), 'share')}"
        )
    rate = line(run["closing"].get("discounted_at") or "one rate for everybody", 80)
    figure, (axes,) = panels(label(finding, 400), height=2.3 + 0.42 * len(shown))
    _draw(axes, run, shown)
    legend_below(figure, axes, columns=2)
    rows = tuple(
        (
            line(holder, 40),
            *(
                show_error(found.get("value"), half_width(found), str(found.get("unit", "")))
                for name, _ in _COLUMNS
                for found in (measure(run, holder, name),)
            ),
        )
        for holder in everyone
    )
    unexpected = run["metrics"].get("spv.unexpected_loss_95", {})
    total = (
        "sum",
        lost,
        show(1.0, "share"),
        show_error(unexpected.get("value"), half_width(unexpected), "USD"),
        show(1.0, "share"),
        show(1.0, "share"),
    )
    left = f" The figure leaves out {more} of them." if more else ""
    return Chart(
        name="loss-shares",
        section="losses",
        finding=finding,
        reading=(
            f"Loss is present value in the base case less present value on the path, at {rate}, so that the "
            "shares add up to 100 %; what is unexpected is the loss beyond each one's mean. The lessee bears "
            "what it pays after it has given up the fleet; rent that it stops paying is not its gain, as it "
            "loses the use. A negative share is a gain on average, such as that of a shareholder who keeps "
            "the resale price's upside." + left
        ),
        alt=f"Bars of each stakeholder's share of the loss. {finding}.",
        svg=svg(figure, names=NAME_ROOM),
        table=Table(
            ("who", *(heading for _, heading in _COLUMNS)),
            (*rows, total),
        ),
    )
