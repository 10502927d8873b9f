"""Gives every figure one look and turns it into SVG whose bytes depend on the numbers alone."""

from __future__ import annotations

import functools
import io
import math
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar, cast

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.ticker import FuncFormatter, MaxNLocator

from spv_sim.report.text import line

# Okabe and Ito (2008): told apart under the three colour-vision deficiencies; a dash or hatch goes with each.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PINK, YELLOW, INK, GREY = "#56B4E9", "#CC79A7", "#F0E442", "#1a1a1a", "#767676"
CYCLE = (BLUE, ORANGE, GREEN, PINK, SKY, YELLOW, RED, GREY)
DASHES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 1)))
HATCHES = ("", "//", "--", "\\\\", "||", "xx", "++", "///")  # strokes, as dots make a figure large
NAME_ROOM = 1.25  # inches that names of 14 signs need

_LOOK = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.0,
    "axes.unicode_minus": True,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": "#e2e2e2",
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.6,
    "legend.fontsize": 9.0,
    "path.simplify": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "spv-sim",
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
}
_NOT_OURS = {
    "backend",
    "backend_fallback",
    "interactive",
    "toolbar",
    "timezone",
    "webagg.port",
    "savefig.directory",
}
_FONTS = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Geneva, sans-serif"
_RIGHT = 0.26  # inches: half of a tick label such as 10,000
_SIGNS_PER_INCH = 10.9  # of the bold finding at 10.5 points

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def _ground() -> dict[str, Any]:
    """The library's own defaults and our look over them: a user's matplotlibrc must not change a report."""
    defaults = dict(matplotlib.rcParamsDefault)
    return {key: value for key, value in defaults.items() if key not in _NOT_OURS} | _LOOK


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Run a drawing function under the report's settings, and leave the process's own as they were."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.rc_context():
            dict.update(
                cast("dict[str, Any]", matplotlib.rcParams), _ground()
            )  # checked already: no validation
            return draw(*args, **kwargs)

    return drawn


@functools.cache
def _font() -> Any:
    return get_font(findfont("DejaVu Sans"))


def label(text: object, longest: int = 28) -> str:
    """A user's name made fit for a figure: one line, only signs that the font has, no leading underscore."""
    words = "".join(sign if _font().get_char_index(ord(sign)) else "□" for sign in line(text, longest))
    return words.lstrip("_ ") or "□"  # an artist label that starts with an underscore is hidden


def panels(
    finding: str,
    count: int = 1,
    *,
    width: float = 9.6,
    height: float = 4.3,
    ratios: Sequence[float] | None = None,
    share_y: bool = False,
) -> tuple[Figure, list[Axes]]:
    """A figure with its finding as headline and `count` axes side by side."""
    figure = Figure(figsize=(width, height), dpi=72)
    FigureCanvasSVG(figure)
    grid = figure.subplots(1, count, squeeze=False, sharey=share_y, width_ratios=ratios)
    headline(figure, finding)
    return figure, cast("list[Axes]", list(grid[0]))


def headline(figure: Figure, finding: str) -> None:
    """Write the finding over the figure, in as many lines as its width asks for."""
    words = textwrap.fill(finding, int(figure.get_figwidth() * _SIGNS_PER_INCH))
    figure.suptitle(
        words, x=0.008, y=1.0 - 0.07 / figure.get_figheight(), ha="left", fontsize=10.5, fontweight="bold"
    )


def legend_below(figure: Figure, *axes: Axes, columns: int = 4) -> None:
    """One legend under all panels, from the handles of those given."""
    told = [panel.get_legend_handles_labels() for panel in axes]
    handles = [handle for found, _ in told for handle in found]
    names = [name for _, found in told for name in found]
    figure.legend(
        handles, names, loc="lower left", ncols=columns, frameon=False, handlelength=2.6, borderaxespad=0.1
    )


def tick_text(axis: Any, factor: float, ending: str = "", places: int | None = None) -> None:
    """Label an axis with value × factor, thousands apart, and an ending."""
    axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))

    def written(value: float, _: int | None) -> str:
        shown = round(value * factor, 9)
        text = f"{shown:,.{places}f}" if places is not None else f"{shown:,.10g}"
        return text.replace("-", "−") + ending

    axis.set_major_formatter(FuncFormatter(written))


def months_axis(axes: Axes, last: float) -> None:
    """A time axis in months after closing, with a tick each half-year to each second year."""
    every = 6 if last <= 36 else 12 if last <= 130 else 24
    axes.set_xlim(0.0, last)
    axes.set_xticks([float(month) for month in range(0, int(last) + 1, every)])
    axes.set_xlabel("months after closing")


def _arrange(figure: Figure, names: float = 0.0) -> None:
    """Set the margins [inches] from what stands in them; measuring every label takes half as long again."""
    width, height = figure.get_size_inches()
    axes = figure.axes
    headline_lines = figure.get_suptitle().count("\n") + 1
    rows = sum(math.ceil(len(legend.get_texts()) / getattr(legend, "_ncols", 1)) for legend in figure.legends)
    top = (
        0.16 + 0.185 * headline_lines + (0.26 if any(panel.get_title(loc="left") for panel in axes) else 0.06)
    )
    bottom = 0.20 * rows + 0.52 + 0.08 * (rows > 0)
    left = max(0.85 if axes[0].get_ylabel() else 0.7, names)
    shared = axes[0].get_shared_y_axes().joined(axes[0], axes[-1]) and len(axes) > 1
    gap = 0.28 if shared else 0.75 if any(panel.get_ylabel() for panel in axes[1:]) else 0.55
    room = (width - left - _RIGHT - gap * (len(axes) - 1)) / len(axes)
    figure.subplots_adjust(
        left=left / width,
        right=1.0 - _RIGHT / width,
        bottom=bottom / height,
        top=1.0 - top / height,
        wspace=gap / room,
    )


def svg(figure: Figure, *, names: float = 0.0) -> str:
    """The figure as an SVG document without date, with text kept as text.

    Parameters
    ----------
    figure : what is drawn.
    names : room left of the first panel where its vertical axis bears names instead of numbers [inches].
    """
    _arrange(figure, names)
    target = io.StringIO()
    canvas: Any = figure.canvas
    canvas.print_svg(target, metadata={"Date": None, "Creator": "spv-sim"})
    return re.sub(r"'DejaVu Sans'(, [^;\"<]*)?", _FONTS, target.getvalue())
