"""Deals with several tranches: from columns to figures, page and terminal, however many there are."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest

from spv_sim.engine.summing import BLOCK
from spv_sim.report.cover_ratios import combined_cover_on_dates, cover_on_dates
from spv_sim.report.figures.capital import fitted
from spv_sim.report.headline import sentences, tiles, with_error
from spv_sim.report.labels import definitions
from spv_sim.report.loss_bearers import bearers, foremost
from spv_sim.report.material import Material, scheduled_service
from spv_sim.report.page import page
from spv_sim.report.tables import metrics_table, tranches_table
from spv_sim.report.terminal import summary
from spv_sim.report.tranches import fit, left_out, tranches_of
from spv_sim.report.write import draw
from spv_sim.results.collect import Collector
from spv_sim.results.estimate import as_record
from spv_sim.results.estimate_all import estimate_all
from spv_sim.results.loss_shares import stakeholders
from spv_sim.results.variables import DealFacts, variables
from tests.report.example import example
from tests.report.example_document import EQUITY, MONTHS, USES, stack
from tests.results.invented import invent_columns

SEVERAL = [
    "sources-and-uses", "cash-flow", "cover", "returns", "tranche-losses", "collateral", "loss-shares",
    "survival", "convergence",
]  # fmt: skip


def words(svg: str) -> str:
    return " ".join(text.strip() for text in ET.fromstring(svg).itertext() if text.strip())  # noqa: S314


@pytest.mark.parametrize("tranches", [2, 4, 12])
def test_every_figure_is_drawn_and_bounded(tranches: int) -> None:
    run, material = example(800, 256, 0, tranches)
    charts = draw(run, material)
    assert [chart.name for chart in charts] == SEVERAL
    for chart in charts:
        ET.fromstring(chart.svg)  # noqa: S314
        assert len(chart.svg) < 150_000
        assert not re.search(r"\bnan\b|\binf\b", chart.finding + words(chart.svg), re.IGNORECASE)
        assert all(len(row) == len(chart.table.header) for row in chart.table.rows)


def test_each_tranche_stands_in_the_figure_of_losses() -> None:
    run, material = example(800, 256, 0, 4)
    (chart,) = (chart for chart in draw(run, material) if chart.name == "tranche-losses")
    assert [row[0] for row in chart.table.rows] == ["senior", "mezzanine", "junior", "holdco"]
    for row, name in zip(chart.table.rows, material.tranches, strict=True):
        assert name in words(chart.svg)
        chance = float(np.mean(material.columns[f"{name}.loss"] > 0.0))
        assert float(row[1].split()[0]) == pytest.approx(100.0 * chance, abs=0.06)


def test_debt_service_is_that_of_all_tranches() -> None:
    _, material = example(800, 256, 0, 2)
    first = scheduled_service(material, material.tranches[:1])
    both = scheduled_service(material, material.tranches)
    senior, mezzanine = stack(2)
    np.testing.assert_allclose(first[:20], senior.face * senior.service, rtol=1e-9)
    added = senior.face * senior.service + mezzanine.face * mezzanine.service
    np.testing.assert_allclose(both[:20], added, rtol=1e-9)


def test_combined_cover_by_hand() -> None:
    """Cash of 12 over 6 for senior and 4 for junior; then a default, with junior debt unpaid on one path."""
    nan, never = np.nan, np.inf
    ledger = {
        "cfads": np.array([[0.0] * 2, [12.0, 6.0], [12.0, 6.0]]),
        "dscr": np.array([[nan] * 2, [2.0, 1.0], [2.0, nan]]),
        "event_of_default_month": np.array([[never] * 2, [never] * 2, [never, 2.0]]),
        "a.interest_current": np.array([[nan] * 2, [2.0] * 2, [2.0] * 2]),
        "a.principal_due": np.array([[nan] * 2, [4.0] * 2, [4.0] * 2]),
        "b.interest_current": np.array([[nan] * 2, [4.0] * 2, [4.0] * 2]),
        "b.principal_due": np.zeros((3, 2)),
        "a.debt": np.array([[8.0] * 2, [4.0] * 2, [0.0] * 2]),
        "b.debt": np.array([[30.0] * 2, [30.0] * 2, [30.0] * 2]),
    }
    base = {name: rows[:, 0] for name, rows in ledger.items()}
    material = Material(fan_months=np.arange(3.0), fan=ledger, base=base, tranches=("a", "b"))
    np.testing.assert_array_equal(cover_on_dates(material)[1], [[2.0, 1.0], [2.0, 0.0]])
    months, cover = combined_cover_on_dates(material)
    np.testing.assert_array_equal(months, [1.0, 2.0])
    np.testing.assert_array_equal(cover, [[1.2, 0.6], [1.2, 0.0]])


@pytest.mark.parametrize("tranches", [2, 4, 12])
def test_terminal_has_a_row_for_each_up_to_eight(tranches: int) -> None:
    run, material = example(800, 256, 0, tranches)
    text = summary(run, material, "runs/x/", seconds=1.0)
    rows = text.split("\n")
    assert max(len(row) for row in rows) <= 80
    assert len(rows) < 60
    named = [row for row in rows if row.startswith(material.tranches)]
    assert len(named) == min(tranches, 8)
    assert named[0].startswith("senior")
    assert named[-1].startswith(material.tranches[-1])
    chance = run["metrics"]["mezzanine.probability_of_loss"]["value"]
    shown = next(row for row in named if row.startswith("mezzanine")).split()[1]
    assert float(shown) == pytest.approx(100.0 * chance, abs=0.5)
    assert ("and 4 more tranches" in text) == (tranches == 12)
    assert "Borne by  lessee" in text


@pytest.mark.parametrize("tranches", [2, 4, 12])
def test_page_has_every_measure_of_every_tranche(tranches: int) -> None:
    run, material = example(800, 256, 0, tranches)
    text = page(run, draw(run, material), material.tranches)
    assert "Tranches side by side" in text
    assert "Who bears the loss" in text
    side = tranches_table(run, material.tranches)
    assert [row[0] for row in side.rows] == list(material.tranches)
    assert all(len(row) == len(side.header) for row in side.rows)
    told = metrics_table(run, ("lessee", *material.tranches))
    assert len(told.rows) == 1 + 5 * tranches
    headline = tiles(run, material.tranches)
    assert len(headline) == 3 + min(tranches, 6)
    assert all("±" in tile.value for tile in headline)
    said = sentences(run, material.tranches)
    assert len(said) == {2: 3, 4: 5, 12: 6}[tranches]
    assert re.findall(r"<h2>(?:5|6) [^<]*", text) == ["<h2>5 Who bears the loss", "<h2>6 Checks"]


def test_a_page_without_shares_counts_its_sections_on() -> None:
    run, material = example(800, 256)
    kept = {
        name: found
        for name, found in run["metrics"].items()
        if "loss_share" not in name and "lost" not in name
    }
    text = page(run | {"metrics": kept}, [], material.tranches)
    assert "Who bears the loss" not in text
    assert [int(number) for number in re.findall(r"<h2>(\d+) ", text)] == list(range(1, 10))


def test_glossary_speaks_of_a_tranche_where_there_are_several() -> None:
    told = {name for _, name, _ in definitions(("a", "b"), ("lessee", "a"))}
    assert {"tranche.expected_loss", "stakeholder.loss_share", "equity.irr"} <= told
    assert not any(name.startswith(("a.", "b.")) for name in told)


def test_the_first_and_the_last_rank_are_always_shown() -> None:
    assert fit(("a", "b"), 2) == (("a", "b"), 0)
    assert fit(tuple("abcdef"), 3) == (("a", "b", "f"), 3)
    assert left_out(0) == ""
    assert left_out(1) == "and 1 more tranche"
    entries = [{"name": str(number), "amount": float(number)} for number in range(20)]
    shown = fitted(entries)
    assert len(shown) == 8
    assert [entry["name"] for entry in (shown[0], shown[-1])] == ["0", "19"]
    assert sum(entry["amount"] for entry in shown) == sum(range(20))


def test_the_largest_shares_are_shown_in_order() -> None:
    run, _ = example(800, 256, 0, 12)
    shown, more = foremost(run, 5)
    everyone = bearers(run)
    assert (len(shown), more) == (5, 10)
    assert list(shown) == [holder for holder in everyone if holder in shown]
    told = run["metrics"]
    both = ("loss_share", "tail_loss_share_95")
    size = {of: max(abs(told[f"{of}.{name}"]["value"]) for name in both) for of in everyone}
    assert set(shown) == set(sorted(everyone, key=lambda of: -size[of])[:5])
    assert foremost({"metrics": {}}, 5) == ((), 0)


def columns_of_two(material: Material) -> dict[str, np.ndarray]:
    """Every column of a deal with two tranches: the stand-in's, and invented ones beside them."""
    paths = material.columns["equity.irr"].size
    invented = {
        name: column for name, column in invent_columns(paths).items() if not name.startswith("senior")
    }
    columns: dict[str, np.ndarray] = {**invented, "lessee.pv_paid": np.zeros(paths)}
    columns["lessee.pv_paid"][::7] = 0.01 * USES
    for debt in stack(2):
        columns |= {
            f"{debt.name}.event_of_default_month": np.full(paths, np.inf),
            f"{debt.name}.yield_flag": np.zeros(paths),
            f"{debt.name}.wal": np.full(paths, 3.0),
            f"{debt.name}.pv": debt.face * (0.2 - material.columns[f"{debt.name}.loss_pv"]),
        }
    columns |= material.columns
    return columns | {"equity.pv": columns["equity.npv"]}


@pytest.mark.parametrize("keep", [10**6, BLOCK], ids=["kept", "streamed"])
def test_two_tranches_from_columns_to_report(keep: int) -> None:
    document, material = example(8_000, 256, 0, 2)
    columns = columns_of_two(material)
    planned = {"equity.pv": 0.1 * EQUITY, "lessee.pv_paid": 0.0}
    planned |= {f"{debt.name}.pv": 0.2 * debt.face for debt in stack(2)}
    facts = DealFacts(
        commitments={debt.name: debt.face for debt in stack(2)},
        total_uses=USES,
        hurdle=0.12,
        months=MONTHS,
        promised_yields={"senior": 0.112, "mezzanine": 0.14},
        stakeholders=stakeholders(
            planned, material.tranches, {"sponsor": {"equity.pv": 0.8}, "vendor": {"equity.pv": 0.2}}
        ),
    )
    collector = Collector(variables(facts), keep)
    plain = np.full((2, MONTHS + 1), 1.0)
    plain[:, 0] = -60.0
    collector.add(0, columns, dict.fromkeys(("equity", *material.tranches), plain))
    estimates = estimate_all(collector.finish(), facts)
    for debt in stack(2):
        loss, earned = columns[f"{debt.name}.loss"], columns[f"{debt.name}.yield"]
        found = {name: estimates[f"{debt.name}.{name}"].value for name in ("expected_loss", "yield_loss")}
        assert found["expected_loss"] == pytest.approx(loss.mean() / debt.face, rel=1e-10)
        promised = facts.promised_yields[debt.name]
        assert found["yield_loss"] == pytest.approx(promised - np.nanmean(earned), rel=1e-10)
    run: dict[str, Any] = document | {
        "metrics": {name: as_record(estimate) for name, estimate in estimates.items()}
    }
    assert bearers(run) == ("lessee", "senior", "mezzanine", "sponsor", "vendor")
    assert tranches_of(run) == material.tranches
    shown = dataclasses.replace(material, columns=columns)
    charts = draw(run, shown)
    assert [chart.name for chart in charts] == SEVERAL
    text = page(run, charts, material.tranches).replace("\u00a0", " ")
    for name in ("mezzanine.loss_share", "mezzanine.yield_loss", "senior.loss_given_default"):
        assert with_error(run, name) in text
    rows = tranches_table(run, material.tranches).rows
    assert all("–" not in cell for row in rows for cell in row[1:])
    assert "mezzanine" in summary(run, shown)
