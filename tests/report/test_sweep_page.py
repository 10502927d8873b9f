"""Maps, lines and tables of a sweep, from a document made by hand: gaps, far values, names that mean harm."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from spv_sim.report.chart import Table
from spv_sim.report.figures.heat_map import edges, heat_map, limits, thinned
from spv_sim.report.figures.sweep_line import sweep_line
from spv_sim.report.sweep import WIDTH, sweep_summary, table_lines
from spv_sim.report.sweep_grid import Grid
from spv_sim.report.sweep_page import draw_sweep, sweep_page

HOSTILE = "x/../<script>"
METRIC = f"{HOSTILE}.probability_of_loss"


def axis(key: str, unit: str, values: list[float], ending: str) -> dict[str, Any]:
    steps = [{"written": f"{value:g}{ending}", "value": value} for value in values]
    return {"key": key, "title": key.rpartition(".")[2], "unit": unit, "steps": steps}


def document(rates: list[float], shares: list[float]) -> dict[str, Any]:
    """P(loss) = share / rate; the last share cannot be closed at the first rate."""
    points = []
    for i, rate in enumerate(rates):
        for j, share in enumerate(shares):
            broken = i == 0 and j == len(shares) - 1
            own = {"value": share / rate, "unit": "share", "standard_error": 0.01, "ci95": [0.0, 1.0]}
            points.append(
                {
                    "at": [i, j],
                    "settings": {"lease.rate": f"{rate:g} USD", "capital.debt_share": f"{share:g}"},
                    "metrics": {} if broken else {METRIC: own},
                    "faults": [{"code": "x", "key": None, "message": HOSTILE}] if broken else [],
                }
            )
    made = {"version": "1", "paths": 10, "seed": 0, "command": ["spv-sim"]}
    found: dict[str, Any] = {
        "scenario": {"name": HOSTILE, "description": HOSTILE, "text": HOSTILE},
        "manifest": made,
        "axes": [axis("lease.rate", "USD", rates, " USD"), axis("capital.debt_share", "share", shares, "")],
        "metrics": [{"name": METRIC, "unit": "share", "definition": HOSTILE}],
        "contours": [{"metric": METRIC, "level": 0.25}],
        "markets": 1,
        "points": points,
    }
    return found | {"break_even": [at for own in found["contours"] for at in Grid(found).break_evens(own)]}


@pytest.fixture
def told() -> dict[str, Any]:
    return document([1.0, 2.0, 4.0], [0.2, 0.4, 0.8])


def test_break_evens_lie_where_the_straight_line_meets_the_level(told: dict[str, Any]) -> None:
    found = {
        (own["along"], *own["others"].values()): [at["value"] for at in own["at"]]
        for own in told["break_even"]
    }
    assert found == {
        ("lease.rate", "0.2"): [],
        ("lease.rate", "0.4"): [pytest.approx(2.0 - (0.25 - 0.2) / (0.4 - 0.2))],
        ("lease.rate", "0.8"): [pytest.approx(2.0 + (0.4 - 0.25) / (0.4 - 0.2) * 2.0)],
        ("capital.debt_share", "1 USD"): [pytest.approx(0.25)],
        ("capital.debt_share", "2 USD"): [pytest.approx(0.5)],
        ("capital.debt_share", "4 USD"): [],
    }


def test_the_page_obeys_no_name(told: dict[str, Any]) -> None:
    charts = draw_sweep(told)
    page = sweep_page(told, charts)
    assert "<script" not in page
    assert "FAILED" in page
    assert all(re.fullmatch(r"[a-z0-9-]+", chart.name) for chart in charts)
    (chart,) = charts
    assert "The dashed line is where it is 25.0 %." in chart.reading
    assert "Hatched" in chart.reading
    assert "on 2 of 8 deals it is 25.0 % or more" in chart.finding
    assert "<script" not in chart.svg


def test_a_map_has_its_cells_in_the_order_of_the_values() -> None:
    up = heat_map(Grid(document([1.0, 2.0, 4.0], [0.2, 0.4])), METRIC, 0, 1, 0.25)
    down = heat_map(Grid(document([4.0, 2.0, 1.0], [0.2, 0.4])), METRIC, 0, 1, 0.25)
    assert up is not None
    assert down is not None
    assert up.table.header == ("debt_share", "1", "2", "4")
    assert up.table.rows == (("0.2", "20.0 %", "10.0 %", "5.0 %"), ("0.4", "–", "20.0 %", "10.0 %"))
    assert down.table.rows[0] == up.table.rows[0]
    assert down.table.rows[1] == ("0.4", "40.0 %", "20.0 %", "–")


def test_too_few_values_draw_nothing() -> None:
    told = document([1.0, 2.0], [0.2, 0.4])
    for point in told["points"]:
        point["metrics"] = {}
    assert draw_sweep(told) == []
    assert "Too few points" in sweep_page(told, [])


def test_a_line_says_where_the_level_is_met(told: dict[str, Any]) -> None:
    chart = sweep_line(Grid(told), METRIC, 0, 0.25)
    assert chart is not None
    assert "The dashed line is 25.0 %, met at 2 USD." in chart.reading
    assert "Held: capital.debt_share = 0.4." in chart.reading


def test_a_line_has_the_intervals_of_the_points(told: dict[str, Any]) -> None:
    ends = Grid(told).intervals(METRIC)
    assert ends.shape == (2, 3, 3)
    assert ends[:, 1, 2].tolist() == [0.0, 1.0]
    assert np.isnan(ends[:, 0, 2]).all()


def test_a_metric_that_stays_is_told_as_such(told: dict[str, Any]) -> None:
    for point in told["points"]:
        point["metrics"] = {METRIC: {"value": 0.25, "ci95": None, "standard_error": None}}
    (chart,) = draw_sweep(told)
    assert "is 25.0 % throughout; on 9 of 9 deals it is 25.0 % or more" in chart.finding


def test_far_values_do_not_take_the_colours() -> None:
    field = np.arange(100.0).reshape(10, 10)
    assert limits(field) == (0.0, 99.0, "neither")
    field[0, 0], field[9, 9] = -1e4, math.nan
    low, high, beyond = limits(field)
    assert (high, beyond) == (98.0, "min")
    assert 0.0 < low < 10.0
    assert limits(-field)[2] == "max"


def test_cells_end_half_way_between_values() -> None:
    assert edges(np.array([1.0, 2.0, 4.0])).tolist() == [0.5, 1.5, 3.0, 5.0]


def test_a_large_table_is_thinned() -> None:
    table = Table(("a", *map(str, range(40))), tuple((str(i), *["x"] * 40) for i in range(27)))
    small = thinned(table)
    assert small.header == ("a", *map(str, range(0, 40, 4)))
    assert [row[0] for row in small.rows] == [str(i) for i in range(0, 27, 3)]
    assert {len(row) for row in small.rows} == {11}
    assert thinned(small) == small


def test_a_terminal_gets_what_fits(told: dict[str, Any]) -> None:
    for width in (1, 60, WIDTH):
        lines = table_lines(told, 4, width)
        assert len(lines) == 5
        assert width == 1 or max(map(len, lines)) <= width
    text = sweep_summary(told, "x/", 1.0)
    assert "1 point failed:\n1 x x/../<script>" in text
    assert "9 points on 1 simulated market" in text
