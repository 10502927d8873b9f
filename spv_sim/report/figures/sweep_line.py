"""Draws a metric over one varied setting with its 95 % interval, and where it breaks even."""

from __future__ import annotations

import numpy as np

from spv_sim.analysis.sweep.break_even import passings
from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.heat_map import told_range
from spv_sim.report.labels import title
from spv_sim.report.numbers import plain_number, scaled, show, show_error, suffix
from spv_sim.report.style import BLUE, INK, panels, styled, svg, tick_text
from spv_sim.report.sweep_grid import Grid
from spv_sim.report.text import line
from spv_sim.store.slug import slug


@styled
def sweep_line(grid: Grid, metric: str, along: int, level: float | None) -> Chart | None:
    """One metric along one setting; None where fewer than two points have it.

    Parameters
    ----------
    along : number of the axis, whose values may be words; other settings are held in their middle.
    level : of the break-even; None for none.
    """
    index = grid.middle((along,))
    values, errors = grid.values(metric)[index], grid.values(metric, "standard_error")[index]
    if np.isfinite(values).sum() < 2:
        return None
    unit, (written, name) = grid.units[metric], grid.labels(along)
    is_number = along in grid.numeric
    x = grid.steps(along) if is_number else np.arange(float(len(written)))
    order = np.argsort(x, kind="stable")
    ends = grid.intervals(metric)[(slice(None), *index)][:, order]
    x, values, errors = x[order], values[order], errors[order]
    written = [written[i] for i in order]
    size = float(np.nanmax(np.abs(values)))
    finding = told_range(values, metric, unit)
    found = passings(x, values, errors, level) if level is not None and is_number else []
    figure, (axes,) = panels(finding)
    reach = np.nan_to_num([values - ends[0], ends[1] - values])
    axes.errorbar(
        x,
        scaled(values, unit, size),
        yerr=scaled(reach, unit, size),
        color=BLUE,
        marker="o",
        ms=3.5,
        lw=1.4 if is_number else 0.0,
        elinewidth=1.2,
        capsize=2.5,
    )
    if level is not None:
        axes.axhline(float(scaled(np.array(level), unit, size)), color=INK, ls="--", lw=1.2)
    for passing in found:
        axes.plot([passing.at], [float(scaled(np.array(level), unit, size))], "D", color=INK, ms=5)
    every = max(1, -(-len(x) // 9))
    axes.set_xticks(x[::every], written[::every])
    tick_text(axes.yaxis, 1.0)
    axes.set_xlabel(name)
    axes.set_ylabel(f"{title(metric)}, {suffix(unit, size).strip()}".rstrip(", "))
    at = " and ".join(plain_number(own.at, grid.axes[along]["unit"]) for own in found)
    drawn = f" The dashed line is {show(level, unit)}" if level is not None else ""
    drawn += f", met at {at}{suffix(grid.axes[along]['unit'])}." if at else "." if drawn else ""
    held = "; ".join(f"{line(key, 60)} = {line(value, 40)}" for key, value in grid.held((along,)).items())
    return Chart(
        name=slug(f"{metric}-{grid.axes[along]['key']}"),
        section="lines",
        finding=finding,
        reading=(
            "Bars are 95 % intervals; all deals have the same draws, so that differences are surer than "
            f"each of them.{drawn}" + (f" Held: {held}." if held else "")
        ),
        alt=f"{title(metric)} over {name}. {finding}.",
        svg=svg(figure),
        table=Table(
            (name, title(metric)),
            tuple(
                (text, show_error(float(value), float(width), unit))
                for text, value, width in zip(written, values, reach.mean(axis=0), strict=True)
            ),
        ),
    )
