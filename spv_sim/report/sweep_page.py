"""Builds the page of a sweep: its maps and lines, where deals break even, and every point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from markupsafe import Markup, escape

from spv_sim.report.chart import Chart, Table
from spv_sim.report.figures.heat_map import heat_map
from spv_sim.report.figures.sweep_line import sweep_line
from spv_sim.report.labels import title
from spv_sim.report.numbers import show
from spv_sim.report.page import environment, source_of, standing
from spv_sim.report.sweep import columns_of, fault_lines, rows_of, tell_markets, with_error
from spv_sim.report.sweep_grid import Grid
from spv_sim.report.text import block, line

TEMPLATE = "sweep.html.jinja"
MOST_MAPS, MOST_LINES, MOST_SHOWN = 12, 8, 500
FURTHER = ("equity.irr_of_mean_cash_flow", "spv.min_dscr")


def drawn_metrics(document: dict[str, Any]) -> dict[str, float | None]:
    """The metrics that are drawn, those of the contours first, each with its level."""
    names = [own["name"] for own in document["metrics"]]
    found: dict[str, float | None] = {own["metric"]: own["level"] for own in document["contours"]}
    losses = [name for name in names if name.endswith(".expected_loss")][:1]
    return found | {name: None for name in (*FURTHER, *losses) if name in names and name not in found}


def draw_sweep(document: dict[str, Any]) -> list[Chart]:
    """Maps of each pair of settings with numbers; without a pair, lines along each setting."""
    return list(_maps(document)) or list(_lines(document))


def _maps(document: dict[str, Any]) -> Iterator[Chart]:
    grid, metrics = Grid(document), drawn_metrics(document)
    wanted = [(pair, own) for pair in combinations(grid.numeric, 2) for own in metrics.items()]
    for (first, second), (name, level) in wanted[:MOST_MAPS]:
        chart = heat_map(grid, name, second, first, level)
        if chart is not None:
            yield chart


def _lines(document: dict[str, Any]) -> Iterator[Chart]:
    grid, metrics = Grid(document), drawn_metrics(document)
    long = [number for number, count in enumerate(grid.shape) if count > 1]
    for along, (name, level) in [(a, own) for a in long for own in metrics.items()][:MOST_LINES]:
        chart = sweep_line(grid, name, along, level)
        if chart is not None:
            yield chart


def break_even_table(document: dict[str, Any]) -> Table:
    """Each place where a contour is passed."""
    units = {own["name"]: own["unit"] for own in document["metrics"]}
    rows = [
        (
            f"{title(own['metric'])} = {show(own['level'], units[own['metric']])}",
            line(own["along"], 60),
            " and ".join(with_error(at, own["unit"]) for at in own["at"]),
            ", ".join(f"{line(key, 60)} = {line(value, 40)}" for key, value in own["others"].items()) or "–",
        )
        for own in document["break_even"]
        if own["at"]
    ]
    return Table(("break-even", "along", "met at", "where"), tuple(rows[:MOST_SHOWN]))


def points_table(document: dict[str, Any]) -> Table:
    """Every point, as far as a page holds them."""
    header, rows = rows_of(document, columns_of(document), MOST_SHOWN)
    return Table(tuple(header), tuple(tuple(row) for row in rows))


def sweep_page(document: dict[str, Any], charts: Sequence[Chart]) -> str:
    """The page of a sweep as one HTML document.

    Parameters
    ----------
    document : schema `spv-sim/sweep@1`.
    charts : figures in the order in which they appear.
    """
    made, points = document["manifest"], document["points"]
    return (
        environment()
        .get_template(TEMPLATE)
        .render(
            name=f"{line(document['scenario']['name'])}: sweep",
            description=line(document["scenario"].get("description") or "", 600),
            manifest=made,
            paths=f"{made['paths']:,}",
            count=f"{len(points):,}",
            markets=tell_markets(document),
            failed=sum(bool(point["faults"]) for point in points),
            faults=fault_lines(document),
            axes=Table(
                ("setting", "term", "values"),
                tuple(
                    (
                        line(axis["key"], 80),
                        line(axis["title"], 80),
                        line(", ".join(step["written"] for step in axis["steps"]), 300),
                    )
                    for axis in document["axes"]
                ),
            ),
            charts=charts,
            source=source_of,
            break_even=break_even_table(document),
            points=points_table(document),
            left_out=max(0, len(points) - MOST_SHOWN),
            glossary=[(title(own["name"]), own["name"], own["definition"]) for own in document["metrics"]],
            scenario_text=Markup(escape(block(document["scenario"].get("text") or ""))),  # noqa: S704  escaped
            **standing(made),
        )
    )
