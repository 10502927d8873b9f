"""Draws how many vehicles of a programme are in default together, and what their lenders then lose."""

from __future__ import annotations

from typing import Any

import numpy as np

from spv_sim.report.chart import Chart, Table
from spv_sim.report.numbers import half_width, show, show_error
from spv_sim.report.programme_material import ProgrammeMaterial
from spv_sim.report.style import BLUE, RED, panels, styled, svg, tick_text


@styled
def joint_defaults(run: dict[str, Any], material: ProgrammeMaterial) -> Chart | None:
    """Share of paths by the number of vehicles in default, and the mean loss of all debt on them."""
    count, loss = (material.columns.get(f"programme.{name}") for name in ("defaults", "loss"))
    if count is None or loss is None or not count.size:
        return None
    numbers = range(len(run["vehicles"]) + 1)
    shares = [100.0 * float(np.mean(count == number)) for number in numbers]
    means = [float(loss[count == number].mean()) if (count == number).any() else 0.0 for number in numbers]
    some, every = (
        run["metrics"].get(f"programme.debt.probability_of_{name}", {})
        for name in ("any_default", "all_in_default")
    )
    finding = (
        f"Some vehicle is in default on {show_error(some.get('value'), half_width(some), 'share')} of paths, "
        f"all of them on {show_error(every.get('value'), half_width(every), 'share')}"
    )
    figure, (left, right) = panels(finding, 2, height=3.4)
    ticks = [str(number) for number in numbers]
    left.bar(ticks[1:], shares[1:], color=BLUE, alpha=0.75, width=0.6)
    left.set_ylabel("share of paths, %")
    size = max(means)
    factor, unit = (1e-9, "bn USD") if size >= 1e9 else (1e-6, "m USD")
    right.bar(ticks[1:], means[1:], color=RED, hatch="//", edgecolor="white", lw=0.0, alpha=0.75, width=0.6)
    right.set_ylabel(f"mean loss of all debt, {unit}")
    tick_text(left.yaxis, 1.0)
    tick_text(right.yaxis, factor)
    for axes in (left, right):
        axes.set_xlabel("vehicles in default")
        axes.grid(visible=False, axis="x")
    return Chart(
        name="joint-defaults",
        section="defaults",
        finding=finding,
        reading=(
            "Vehicles in default are those whose debt is in an event of default at some time on the path. "
            "All let to one lessee, so that its default reaches all of them that still let; cross-default "
            "and the vehicles' own tests add what is not its fault."
        ),
        alt=f"Bars of the share of paths and of the debt's loss by number of vehicles in default. {finding}.",
        svg=svg(figure),
        table=Table(
            ("vehicles in default", "share of paths", "mean loss of all debt"),
            tuple(
                (str(number), show(share / 100.0, "share"), show(mean, "USD"))
                for number, share, mean in zip(numbers, shares, means, strict=True)
            ),
        ),
    )
