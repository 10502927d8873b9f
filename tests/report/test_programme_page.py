"""The page of a programme: its vehicles with their reports, its figures, and nothing that runs."""

from __future__ import annotations

import copy
import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spv_sim.report.programme_material import ProgrammeMaterial
from spv_sim.report.programme_page import programme_page
from spv_sim.report.write import OF_PROGRAMME, write_programme

PATHS = 400


def told(value: float | None, unit: str) -> dict[str, Any]:
    """A metric as a document has it; of an undefined one None."""
    ends = [None, None] if value is None else [0.9 * value, 1.1 * value]
    return {"value": value, "unit": unit, "ci95": ends, "standard_error": value and 0.05 * value, "note": ""}


def document(names: tuple[str, ...] = ("first", "b & <c>")) -> dict[str, Any]:
    """A programme's document with the parts that its page reads."""
    own = {
        "equity.irr": told(0.20, "1/year"),
        "equity.irr_of_mean_cash_flow": told(0.21, "1/year"),
        "equity.moic": told(1.6, "x"),
        "equity.probability_of_loss": told(0.03, "share"),
        "senior.probability_of_loss": told(0.02, "share"),
        "senior.expected_loss": told(0.01, "share"),
    }
    together = {
        "debt.vehicles_in_default": told(0.3, "vehicles"),
        "debt.probability_of_any_default": told(0.2, "share"),
        "debt.probability_of_all_in_default": told(0.1, "share"),
        "debt.probability_of_loss": told(0.04, "share"),
        "debt.expected_loss": told(0.02, "share"),
        "cash_shared": told(7e6, "USD"),
    }
    equity = {name: found for name, found in own.items() if name.startswith("equity")}
    shares = {
        "lost_value": told(5e6, "USD"),
        "loss_share": told(0.5, "share"),
        "unexpected_loss_95": told(9e6, "USD"),
        "tail_loss_share_95": told(0.55, "share"),
        "variance_share": told(0.5, "share"),
    }
    return {
        "scenario": {"name": "All <of> them", "description": "Two vehicles.", "text": "a = '<b>'"},
        "manifest": {"paths": PATHS, "seed": 3, "version": "1", "command": ["run", "x.toml"], "columns": {}},
        "metrics": {f"programme.{name}": found for name, found in {**equity, **together}.items()},
        "shares": {side: {name: dict(shares) for name in names} for side in ("equity", "debt")},
        "vehicles": {
            name: {
                "name": f"Deal of {name}",
                "folder": f"{number}-x y",
                "cross_default": number == 1,
                "cross_collateral": False,
                "total_uses": 5e9,
                "tranches": ["senior"],
                "metrics": own,
            }
            for number, name in enumerate(names, 1)
        },
    }


def material(names: tuple[str, ...] = ("first", "b & <c>")) -> ProgrammeMaterial:
    """Arrays behind its figures."""
    rng = np.random.default_rng(1)
    rates = {name: {"equity.irr": rng.normal(0.2, 0.05, PATHS)} for name in names}
    defaults = (rng.random(PATHS) < 0.1) * 2.0
    whole = {
        "programme.equity_irr": np.mean([of["equity.irr"] for of in rates.values()], axis=0),
        "programme.defaults": defaults,
        "programme.loss": defaults * 1e8,
    }
    return ProgrammeMaterial(whole, rates)


@pytest.fixture
def run() -> dict[str, Any]:
    return copy.deepcopy(document())


def plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text.partition("<body>")[2])).split())


def test_nothing_is_loaded_and_only_the_reports_are_linked(run: dict[str, Any], tmp_path: Path) -> None:
    files = write_programme(run, material(), tmp_path)
    text = files[-1].read_text()
    assert [path.name for path in files] == [
        "01-vehicle-returns.svg",
        "02-vehicle-shares.svg",
        "03-joint-defaults.svg",
        "report.html",
    ]
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|<iframe|@import|url\(|https?://", text)
    links = re.findall(r'href="([^"#]+)"', text)
    assert links == ["1-x%20y/report.html", "2-x%20y/report.html"]
    names = re.findall(r'id="(\w+)"', text)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#(\w+)"', text)) == set(re.findall(r'<section id="(\w+)"', text))


def test_every_vehicle_stands_beside_the_others_with_its_ties(run: dict[str, Any]) -> None:
    text = plain(programme_page(run, []))
    assert "first Deal of first 5,000.0 m USD cross-default" in text
    assert "b & <c> Deal of b & <c> 5,000.0 m USD nothing" in text
    assert "P(loss), tranche 1 2.00 ± 0.20 % 2.00 ± 0.20 % 4.0 ± 0.4 %" in text
    assert "P(any vehicle in default) 20.0 ± 2.0 % 18.0 to 22.0 %" in text
    assert "Cash shared" not in text
    assert "10.00 bn USD 2 vehicles" in text


def test_shared_cash_is_told_where_vehicles_share(run: dict[str, Any]) -> None:
    run["vehicles"]["first"]["cross_collateral"] = True
    text = plain(programme_page(run, []))
    assert "cross-default, cross-collateral" in text
    assert "Cash shared between vehicles, mean 7.0 ± 0.7 m USD" in text


def test_figures_tell_what_they_show(run: dict[str, Any]) -> None:
    returns, shares, defaults = (figure(run, material()) for figure in OF_PROGRAMME)
    assert returns is not None
    assert shares is not None
    assert defaults is not None
    assert [row[0] for row in returns.table.rows] == ["first", "b & <c>", "together"]
    assert len(shares.table.rows) == 4
    assert shares.finding.startswith("On the worst paths first bears 55 ± 6 % of the unexpected loss of the")
    of_two = float(np.mean(material().columns["programme.defaults"] == 2.0))
    assert defaults.table.rows[2] == ("2", f"{100 * of_two:.1f} %", "200.0 m USD")
    assert defaults.table.rows[1] == ("1", "0.0 %", "0 USD")


def test_shares_that_are_not_defined_leave_their_section_out(run: dict[str, Any]) -> None:
    for vehicles in run["shares"].values():
        for of in vehicles.values():
            of["tail_loss_share_95"] = told(None, "share")
    charts = [chart for figure in OF_PROGRAMME if (chart := figure(run, material())) is not None]
    assert [chart.name for chart in charts] == ["vehicle-returns", "joint-defaults"]
    text = programme_page(run, charts)
    assert 'id="shares"' not in text
    assert "3 Defaults together" in text


def test_shares_that_say_nothing_are_in_the_table_alone(run: dict[str, Any]) -> None:
    drawn = OF_PROGRAMME[1](run, material())
    run["shares"]["equity"]["first"]["loss_share"] = told(1.5, "share") | {"ci95": [-9.0, 12.0]}
    wide = OF_PROGRAMME[1](run, material())
    assert drawn is not None
    assert wide is not None
    assert wide.table.rows[0][2].startswith("150 ±")
    assert wide.svg.count("<path") < drawn.svg.count("<path")


def test_many_vehicles_find_room() -> None:
    names = tuple(f"vehicle number {number}" for number in range(9))
    run, arrays = document(names), material(names)
    returns = OF_PROGRAMME[0](run, arrays)
    assert returns is not None
    assert "The figure leaves out 3 of them." in returns.reading
    assert len(returns.table.rows) == 10
