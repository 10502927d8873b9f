"""Bars of shares, one row for each who bears one and one bar a measure, with the interval of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from spv_sim.report.numbers import half_width, is_number
from spv_sim.report.style import INK, label, tick_text


class Bar(NamedTuple):
    """How one measure is drawn: distance from the middle of its row, colour, hatch, words in the legend."""

    offset: float
    color: str
    hatch: str
    words: str


def draw_bar(axes: Axes, bar: Bar, height: float, shares: Sequence[dict[str, Any]]) -> None:
    """A measure's bars, one for each estimate [1] that is a number."""
    named = False
    for row, found in enumerate(shares):
        if not is_number(found.get("value")):
            continue
        error = 100.0 * half_width(found)
        axes.barh(
            row + bar.offset,
            100.0 * float(found["value"]),
            height=height,
            color=bar.color,
            hatch=bar.hatch,
            edgecolor="white",
            lw=0.0,
            alpha=0.8,
            xerr=error if error > 0.0 else None,
            label="_nolegend_" if named else bar.words,
        )
        named = True


def name_rows(axes: Axes, names: Sequence[str], what: str) -> None:
    """Name the rows from the top down, and the axis of shares."""
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_yticks(range(len(names)), [label(name, 14) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"{what}, %; whiskers are 95 % intervals")
    tick_text(axes.xaxis, 1.0)
