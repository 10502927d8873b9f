"""Draws a metric over two varied settings, with the contour on which the deal breaks even."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from spv_sim.report.chart import Chart, Table
from spv_sim.report.labels import title
from spv_sim.report.material import Floats
from spv_sim.report.numbers import plain_number, scaled, show, suffix
from spv_sim.report.style import GREY, INK, panels, styled, svg, tick_text
from spv_sim.report.sweep_grid import Grid
from spv_sim.report.text import line
from spv_sim.store.slug import slug

_WRITTEN = 132
"""Cells up to which each bears its number."""

_TAIL = 0.05
"""Share of deals at each end that may lie beyond the colours."""

_MOST_CELLS = 13
"""Rows and columns of the table beside a map."""

_COLOURS = "cividis"  # Nuñez, Anderton and Renslow (2018): one order of lightness for all kinds of sight
_DARK = 0.55


def edges(centres: Floats) -> Floats:
    """(n + 1,) borders of cells around ascending centres, half-way between them."""
    middle = (centres[1:] + centres[:-1]) / 2.0
    return np.concatenate([[2 * centres[0] - middle[0]], middle, [2 * centres[-1] - middle[-1]]])


def ticks(axis: Any, centres: Floats, written: list[str]) -> None:
    """Name the values of a setting, all of them or some."""
    every = max(1, -(-len(centres) // 9))
    axis.set_ticks(centres[::every], written[::every])


def limits(field: Floats) -> tuple[float, float, str]:
    """Ends of the colours, and beyond which of them there are values: a few that lie far out do not count."""
    low, high = float(np.nanmin(field)), float(np.nanmax(field))
    first, last = (float(end) for end in np.nanquantile(field, [_TAIL, 1.0 - _TAIL]))
    cuts_low, cuts_high = (first - low > last - first > 0.0), (high - last > last - first > 0.0)
    beyond = {(True, True): "both", (True, False): "min", (False, True): "max"}.get(
        (cuts_low, cuts_high), "neither"
    )
    return first if cuts_low else low, last if cuts_high else high, beyond


def thinned(table: Table) -> Table:
    """Of a large table every so-manieth row and column."""
    across, down = -(-(len(table.header) - 1) // _MOST_CELLS), -(-len(table.rows) // _MOST_CELLS)

    def kept(row: tuple[str, ...]) -> tuple[str, ...]:
        return (row[0], *row[1 :: max(1, across)])

    return Table(kept(table.header), tuple(kept(row) for row in table.rows[:: max(1, down)]))


def _write(axes: Axes, x: Floats, y: Floats, field: Floats, unit: str, ends: tuple[float, float]) -> None:
    size = float(np.nanmax(np.abs(field)))
    shown = scaled(field, unit, size)
    for row, column in np.argwhere(np.isfinite(field)):
        value = float(field[row, column])
        level = (float(shown[row, column]) - ends[0]) / (ends[1] - ends[0]) if ends[1] > ends[0] else 0.5
        axes.text(
            x[column],
            y[row],
            plain_number(value, unit, size=size),
            ha="center",
            va="center",
            fontsize=8.0,
            color="white" if level < _DARK else INK,
        )


def _hatch(axes: Axes, x: Floats, y: Floats, field: Floats) -> None:
    """Mark the points without a value."""
    for row, column in np.argwhere(~np.isfinite(field)):
        corner = (x[column], y[row])
        width, height = x[column + 1] - x[column], y[row + 1] - y[row]
        axes.add_patch(Rectangle(corner, width, height, fill=False, hatch="////", ec=GREY, lw=0.0))


def _sorted(grid: Grid, axis: int) -> tuple[Floats, list[str], Any]:
    steps, (written, _) = grid.steps(axis), grid.labels(axis)
    order = np.argsort(steps, kind="stable")
    return steps[order], [written[i] for i in order], order


@styled
def heat_map(grid: Grid, metric: str, across: int, up: int, level: float | None) -> Chart | None:
    """One metric over two settings; None where fewer than two points have it.

    Parameters
    ----------
    across, up : numbers of the axes; other settings are held in their middle.
    level : of the contour; None for none.
    """
    index = grid.middle((across, up))
    field = grid.values(metric)[index]
    if across < up:
        field = field.T
    x, x_written, x_order = _sorted(grid, across)
    y, y_written, y_order = _sorted(grid, up)
    field = field[np.ix_(y_order, x_order)]
    if np.isfinite(field).sum() < 2:
        return None
    unit = grid.units[metric]
    names = (grid.labels(across)[1], grid.labels(up)[1])
    finding = told(field, metric, unit, level)
    figure, (axes, key) = panels(finding, 2, height=5.0, ratios=(34, 1))
    axes.grid(visible=False)
    size = float(np.nanmax(np.abs(field)))
    shown = np.ma.masked_invalid(scaled(field, unit, size))
    bottom, top, beyond = limits(scaled(field, unit, size))
    mesh = axes.pcolormesh(
        edges(x), edges(y), shown, cmap=_COLOURS, vmin=bottom, vmax=top, edgecolors="face", linewidth=0.3
    )
    _hatch(axes, edges(x), edges(y), field)
    if field.size <= _WRITTEN:
        _write(axes, x, y, field, unit, (bottom, top))
    passes = level is not None and float(np.nanmin(field)) <= level <= float(np.nanmax(field))
    if passes:
        at = [float(scaled(np.array(level), unit, size))]
        axes.contour(x, y, shown, levels=at, colors="white", linewidths=2.8)
        axes.contour(x, y, shown, levels=at, colors=INK, linewidths=1.5, linestyles="--")
    ticks(axes.xaxis, x, x_written)
    ticks(axes.yaxis, y, y_written)
    axes.set_xlabel(names[0])
    axes.set_title(names[1], fontsize=9.5)
    bar = figure.colorbar(mesh, cax=key, ticklocation="left", extend=beyond)
    bar.outline.set_linewidth(0.5)
    tick_text(key.yaxis, 1.0)
    key.set_ylabel(suffix(unit, size).strip() or " ")
    held = "; ".join(
        f"{line(name, 60)} = {line(value, 40)}" for name, value in grid.held((across, up)).items()
    )
    drawn = f" The dashed line is where it is {show(level, unit)}." if passes else ""
    gaps = (
        " Hatched: the deal cannot be closed, or has no such number." if (~np.isfinite(field)).any() else ""
    )
    return Chart(
        name=slug(f"{metric}-{grid.axes[across]['key']}-{grid.axes[up]['key']}"),
        section="maps",
        finding=finding,
        reading=f"Each cell is one deal; all have the same draws.{drawn}{gaps}"
        + (f" Held: {held}." if held else ""),
        alt=f"Map of {title(metric)} over {names[0]} and {names[1]}. {finding}.",
        svg=svg(figure, names=1.25),
        table=thinned(
            Table(
                (names[1], *x_written),
                tuple(
                    (text, *(show(float(value), unit) for value in row))
                    for text, row in zip(y_written, field, strict=True)
                ),
            )
        ),
    )


def told_range(field: Floats, metric: str, unit: str) -> str:
    """From where to where a metric goes over some deals."""
    low, high = (show(float(end), unit) for end in (np.nanmin(field), np.nanmax(field)))
    if low == high:
        return f"{title(metric)} is {low} throughout"
    return f"{title(metric)} goes from {low} to {high}"


def told(field: Floats, metric: str, unit: str, level: float | None) -> str:
    """The finding of a map: its range, and on how many deals it is beyond the level."""
    text = told_range(field, metric, unit)
    if level is None:
        return text
    defined = int(np.isfinite(field).sum())
    beyond = int((field >= level).sum())
    return f"{text}; on {beyond:,} of {defined:,} deals it is {show(level, unit)} or more"
