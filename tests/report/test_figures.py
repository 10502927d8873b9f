"""Every figure says what its numbers say, in valid SVG, on ordinary and on odd runs."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib
import numpy as np
import pytest

from spv_sim.report.cover_ratios import cover_on_dates
from spv_sim.report.figures.cash_flow import cash_flow_fan
from spv_sim.report.figures.checks import convergence, lessee_survival
from spv_sim.report.figures.collateral import collateral_fan, runs_of
from spv_sim.report.figures.cover import cover_fan
from spv_sim.report.figures.lender_loss import lender_loss
from spv_sim.report.figures.returns import equity_returns
from spv_sim.report.material import Material
from spv_sim.report.style import CYCLE, label
from spv_sim.report.write import FIGURES, draw
from tests.report.example import example
from tests.report.example_document import DEBT

NAMES = [
    "sources-and-uses",
    "cash-flow",
    "cover",
    "returns",
    "lender-loss",
    "collateral",
    "loss-shares",
    "survival",
    "convergence",
]


DRAWN_FROM_PATHS = (cash_flow_fan, cover_fan, equity_returns, lender_loss, collateral_fan)


@pytest.fixture(scope="module")
def charts() -> dict[str, Any]:
    return {chart.name: chart for chart in draw(*example())}


def words(svg: str) -> str:
    return " ".join(text.strip() for text in ET.fromstring(svg).itertext() if text.strip())  # noqa: S314


def test_all_figures_are_drawn(charts: dict[str, Any]) -> None:
    assert list(charts) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_valid_small_and_inert(charts: dict[str, Any], name: str) -> None:
    chart = charts[name]
    root = ET.fromstring(chart.svg)  # noqa: S314
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "foreignObject", "image", "a", "animate"}
    assert len(chart.svg) < 150_000
    assert "DejaVu Sans" in chart.svg
    assert not re.search(r"<dc:date>|matplotlib\.org", chart.svg.partition("</metadata>")[0])
    head = " ".join(chart.finding.split()[:4])
    assert head in words(chart.svg)
    assert chart.finding in chart.alt
    assert all(len(row) == len(chart.table.header) for row in chart.table.rows)
    assert chart.table.rows


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_outside_the_picture(charts: dict[str, Any], name: str) -> None:
    root = ET.fromstring(charts[name].svg)  # noqa: S314
    width, height = (float(side) for side in root.attrib["viewBox"].split()[2:])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text.attrib.get("transform", ""))
        x, y = (float(part) for part in place.groups()) if place else (0.0, 0.0)
        x, y = float(text.attrib.get("x", x)), float(text.attrib.get("y", y))
        size = float(re.search(r"([\d.]+)px", text.attrib["style"]).group(1))  # type: ignore[union-attr]
        content = "".join(text.itertext())
        reach = 0.62 * size * len(content)  # mean advance of DejaVu Sans is 0.6 em
        anchor = re.search(r"text-anchor: (\w+)", text.attrib["style"])
        shift = {"middle": 0.5, "end": 1.0}.get(anchor.group(1) if anchor else "start", 0.0)
        if "rotate(-90" in text.attrib.get("transform", ""):
            assert reach <= height
            continue
        assert x - shift * reach > -4.0, content
        assert x + (1.0 - shift) * reach < 1.06 * width, content
        assert 0.0 < y < height, content


def test_returns_mark_both_means_and_the_lost(charts: dict[str, Any]) -> None:
    run, material = example()
    text = words(charts["returns"].svg)
    lost = float(np.mean(material.columns["equity.irr_flag"] == 1.0))
    mean, pooled = (run["metrics"][name]["value"] for name in ("equity.irr", "equity.irr_of_mean_cash_flow"))
    assert f"{100 * lost:.1f} % of paths lose all" in text
    assert f"E[IRR], {100 * mean:.1f} %/year" in text
    assert f"IRR of expected cash flow, {100 * pooled:.1f} %/year" in text


def test_loss_figure_says_the_shares(charts: dict[str, Any]) -> None:
    _, material = example()
    loss = material.columns["senior.loss"]
    hit = loss[loss > 0.0]
    text = words(charts["lender-loss"].svg)
    assert f"loss {100 * hit.size / loss.size:.1f} %" in text
    assert f"mean given loss, {100 * hit.mean() / DEBT:.1f} %" in text
    assert f"expected loss, {100 * loss.mean() / DEBT:.1f} %" in text


def test_cover_counts_an_unpaid_default_as_zero() -> None:
    nan = np.nan
    material = Material(
        fan_months=np.arange(5.0),
        fan={
            "dscr": np.array([[nan] * 3, [1.4] * 3, [1.4, 0.2, 1.4], [1.4, nan, nan], [nan, nan, nan]]),
            "senior.debt": np.array(
                [[9.0] * 3, [8.0] * 3, [7.0, 7.0, 0.0], [0.0, 7.0, 0.0], [0.0, 7.0, 0.0]]
            ),
        },
        base={"dscr": np.array([nan, 1.4, 1.4, 1.4, nan]), "senior.debt": np.zeros(5)},
    )
    months, cover = cover_on_dates(material)
    np.testing.assert_array_equal(months, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(cover, [[1.4] * 3, [1.4, 0.2, 1.4], [1.4, 0.0, nan]])


def test_gaps_are_found_as_stretches() -> None:
    months = np.arange(6.0)
    assert runs_of(months, [True, True, False, True, False, True]) == [(0.0, 1.0), (3.0, 3.0), (5.0, 5.0)]
    assert runs_of(months, [False] * 6) == []


def odd(case: str) -> tuple[dict[str, Any], Material]:
    run, material = example()
    fan, columns = dict(material.fan), dict(material.columns)
    if case == "one path":
        fan = {name: series[:, :1] for name, series in fan.items()}
        columns = {name: column[:1] for name, column in columns.items()}
        return run, dataclasses.replace(
            material, fan=fan, columns=columns, lessee_default_month=material.lessee_default_month[:1]
        )
    if case == "all default":
        return run, dataclasses.replace(material, lessee_default_month=np.full(fan["cfads"].shape[1], 7.0))
    if case == "no loss":
        columns["senior.loss"] = np.zeros_like(columns["senior.loss"])
    if case == "all lost":
        columns["equity.irr"] = np.full_like(columns["equity.irr"], -1.0)
        columns["equity.irr_flag"] = np.ones_like(columns["equity.irr"])
        columns["equity.moic"] = np.zeros_like(columns["equity.irr"])
    if case == "undefined irr":
        columns["equity.irr"] = np.full_like(columns["equity.irr"], np.nan)
        columns["equity.irr_flag"] = np.full_like(columns["equity.irr"], 2.0)
    if case == "equal irr":
        columns["equity.irr"] = np.full_like(columns["equity.irr"], 0.2)
        columns["equity.irr_flag"] = np.zeros_like(columns["equity.irr"])
        columns["equity.moic"] = np.full_like(columns["equity.irr"], 2.0)
    if case == "huge irr":
        columns["equity.irr"] = columns["equity.irr"] * 1e4
    if case == "no cash":
        fan |= {"cfads": np.zeros_like(fan["cfads"]), "dscr": np.full_like(fan["dscr"], np.nan)}
    if case == "small money":
        fan |= {name: fan[name] * 1e-6 for name in fan if name != "dscr"}
        base = {name: material.base[name] * 1e-6 for name in material.base} | {"dscr": material.base["dscr"]}
        return run, dataclasses.replace(material, fan=fan, base=base)
    if case == "monthly, no lock-up":
        return run, dataclasses.replace(material, payment_every=1, lock_up_levels=(None,), lease_end=0)
    if case == "no survival error":
        flat = {"standard_error": np.zeros(61), "simulated": np.ones(61), "closed_form": np.ones(61)}
        told = {**material.survival, **flat}
        return run, dataclasses.replace(material, survival=told)
    return run, dataclasses.replace(material, fan=fan, columns=columns)


@pytest.mark.parametrize(
    "case",
    [
        "one path", "all default", "no loss", "all lost", "undefined irr", "equal irr", "huge irr", "no cash",
        "small money", "monthly, no lock-up", "no survival error",
    ],
)  # fmt: skip
def test_odd_runs_are_drawn_without_a_warning(case: str) -> None:
    touched = (lessee_survival,) if case == "no survival error" else DRAWN_FROM_PATHS
    for figure in touched:
        chart = figure(*odd(case))
        assert chart is not None
        ET.fromstring(chart.svg)  # noqa: S314
        assert not re.search(r"\bnan\b|\binf\b", chart.finding + words(chart.svg), re.IGNORECASE)


def test_what_has_no_numbers_is_left_out() -> None:
    run, _ = example()
    assert [chart.name for chart in draw(run, Material())] == ["sources-and-uses", "loss-shares"]
    run = run | {"metrics": {}}
    assert [chart.name for chart in draw(run, Material())] == ["sources-and-uses"]
    assert draw(run | {"closing": {"uses": [], "sources": []}}, Material()) == []


def test_figures_leave_the_process_settings_alone() -> None:
    before = dict(matplotlib.rcParams)
    FIGURES[0](*example())
    assert dict(matplotlib.rcParams) == before


def test_a_users_settings_do_not_change_a_figure() -> None:
    plain = FIGURES[0](*example())
    with matplotlib.rc_context({"font.size": 20.0, "axes.facecolor": "black", "svg.fonttype": "path"}):
        assert FIGURES[0](*example()) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [("_hidden", "hidden"), ("", "□"), ("日本", "□□"), ("a\u202eb", "a b"), ("x" * 50, "x" * 27 + "…")],
)
def test_labels_hold_only_what_the_font_has(text: str, shown: str) -> None:
    assert label(text) == shown


def test_colours_differ_for_dichromats() -> None:
    """Machado, Oliveira and Fernandes (2009), full deuteranopia and protanopia: no two alike."""
    matrices = (
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    )
    colours = np.array([[int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)] for code in CYCLE[:6]])
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    for matrix in matrices:
        seen = np.clip(linear @ np.array(matrix).T, 0.0, 1.0)
        gaps = np.linalg.norm(seen[:, None] - seen[None], axis=-1) + np.eye(6)
        assert gaps.min() > 0.1  # of the unit cube in linear light; the first six of tab10 come to 0.01


def test_a_metric_undefined_at_every_number_of_paths_is_not_drawn() -> None:
    run, material = example()
    told = {name: dict(series) for name, series in material.convergence.items()}
    one = next(iter(told))
    told[one]["value"] = np.full(len(told[one]["paths"]), np.nan)
    chart = convergence(run, dataclasses.replace(material, convergence=told))
    assert chart is not None
    assert len({row[0] for row in chart.table.rows}) == len(told) - 1
    assert convergence(run, dataclasses.replace(material, convergence={one: told[one]})) is None
