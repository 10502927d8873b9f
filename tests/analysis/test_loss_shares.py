"""Losses of the stakeholders on the engine's own flows: their sum is what the deal gets less from outside."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.analysis import simulation
from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.enumerate_defaults import Enumeration
from spv_sim.analysis.expectations import expected, worst_weights
from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import Chunk, ledgers, run_chunk
from spv_sim.results.checks import BREACH
from spv_sim.results.loss_shares import OUTSIDE, lost_values, outside_breach, stakeholders, whole_loss
from spv_sim.results.metrics import find_metric
from spv_sim.results.variables import DealFacts, variables
from spv_sim.scenario.read import read
from tests.cli.process import BASE

PATHS = 2_000
SETS = ("credit.hazard=30 %/year", "capital.tranche.senior.lock_up_dscr=1.3")


def present_values(closed: Closed, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The columns that `loss_shares` names, from a ledger, at the account rate."""
    deal = closed.terms.deal
    months = np.arange(deal.last_month + 1)
    worth = (1.0 + deal.account_rate) ** -months
    after = slice(deal.completion + 1, None)

    def later(*names: str) -> np.ndarray:
        return np.asarray(worth[after] @ sum(rows[name][after] for name in names))

    before = slice(0, deal.completion + 1)
    columns = {
        "equity.pv": deal.equity.net_flow[before] @ worth[before] + later("dist"),
        "lessee.pv_paid": later("claim"),
        OUTSIDE: later("rent", "merchant", "sale") - later("costs_paid"),
    }
    for row, name in enumerate(closed.tranches):
        received = later(*(f"{name}.{of}" for of in ("interest_paid", "principal_paid", "prepaid")))
        columns[f"{name}.pv"] = deal.lender_flow[row][before] @ worth[before] + received
    return columns


@pytest.mark.parametrize(
    "sets",
    [
        ("accounts.interest_rate=0 %/year",),
        ("accounts.interest_rate=4 %/year",),
        ("accounts.interest_rate=4 %/year", "lease.timing=advance", "workout.mode=liquidate"),
    ],
    ids=["no interest", "interest", "advance, liquidation"],
)
def test_the_losses_add_up_to_the_outside_loss_on_every_path(sets: tuple[str, ...]) -> None:
    closed = close(read(BASE, (*SETS, *sets)).scenario)
    base = run_base_case(closed)
    planned = {
        name: float(value[0])
        for name, value in present_values(closed, {n: row[:, None] for n, row in base.ledger.items()}).items()
    }
    rows = ledgers(closed.terms, closed.tranches, 1, 0, PATHS)
    columns = present_values(closed, rows)
    holders = stakeholders(planned, closed.tranches)
    assert [holder.name for holder in holders] == ["lessee", "senior", "equity"]
    uses = closed.terms.deal.total_uses
    assert outside_breach(columns, holders, planned[OUTSIDE], uses).max() <= BREACH
    lost = lost_values(columns, holders)
    assert np.ptp(whole_loss(columns, holders)) > 0.1 * uses
    assert (lost[0] >= 0.0).all()  # a claim is paid or not
    assert (lost[0] > 0.0).mean() > 0.2
    assert lost[1].mean() > 0.0
    calm = np.isinf(rows["default_month"][-1])
    assert 0.1 < calm.mean() < 0.6
    assert (
        np.abs(lost[:2, calm]) <= BREACH * uses
    ).all()  # while the lessee pays, only the fleet's price moves


def test_a_simulation_estimates_shares_where_the_engine_leaves_their_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = close(read(BASE, SETS).scenario)
    base = run_base_case(closed)
    one = present_values(closed, {name: row[:, None] for name, row in base.ledger.items()})
    planned = base.values | {name: float(value[0]) for name, value in one.items()}
    values = present_values(closed, ledgers(closed.terms, closed.tranches, 5, 0, PATHS))
    plain = run_chunk(closed.terms, 5, 0, PATHS)
    new = [name for name in values if name not in column_names(closed.tranches)]
    added = np.vstack([plain.columns, *(values[name][None] for name in new)])
    monkeypatch.setattr(simulation, "simulate", lambda *_, **__: iter([Chunk(0, added, plain.flow_sums)]))
    monkeypatch.setattr(simulation, "column_names", lambda names: [*column_names(names), *new])
    done = simulation.run_simulation(closed, PATHS, 5, PATHS, base=planned)
    bearers = ("lessee", "senior", "equity")
    shares = [done.estimates[f"{name}.loss_share"] for name in bearers]
    assert sum(share.value for share in shares) == pytest.approx(1.0, abs=1e-12)
    assert all(share.standard_error > 0.0 for share in shares)
    assert done.checks[1].name == "losses of all stakeholders are the loss of the deal"
    assert done.checks[1].passed
    promised = planned["senior.yield"]
    lost = promised - np.nanmean(done.collected.columns["senior.yield"])
    assert done.estimates["senior.yield_loss"].value == pytest.approx(lost, rel=1e-9)
    without = simulation.deal_facts(closed, base.values)
    assert without.promised_yields == {"senior": promised}


def test_exact_shares_by_hand() -> None:
    """Three paths with 90, 6 and 4 %: the worst 5 % are the last and a sixth of the one before it."""
    weights = np.array([0.90, 0.06, 0.04])
    columns = {
        "senior.pv": np.array([50.0, 50.0, 20.0]),
        "equity.pv": np.array([40.0, 20.0, 0.0]),
        "lessee.pv_paid": np.array([0.0, 5.0, 5.0]),
    }
    planned = {"senior.pv": 50.0, "equity.pv": 40.0, "lessee.pv_paid": 0.0}
    facts = DealFacts({"senior": 60.0}, 100.0, 0.12, 60, stakeholders=stakeholders(planned, ["senior"]))
    never = np.array([np.inf, 10.0, 20.0])
    paths = Enumeration(never, weights, np.zeros(61), columns, {}, facts)
    followed = {of.name: of for of in variables(facts)}

    def exact(name: str) -> float:
        metric = find_metric(name)
        assert metric is not None
        return expected(metric, paths, lambda of: followed[of].values(columns))

    np.testing.assert_allclose(worst_weights(np.array([0.0, 25.0, 75.0]), weights, 0.95), [0.0, 0.01, 0.04])
    whole = 0.06 * 25.0 + 0.04 * 75.0
    assert exact("spv.lost_value") == pytest.approx(whole)
    assert exact("senior.loss_share") == pytest.approx(0.04 * 30.0 / whole)
    assert exact("lessee.loss_share") == pytest.approx(0.10 * 5.0 / whole)
    worst = 0.01 * 25.0 + 0.04 * 75.0
    assert exact("equity.tail_loss_share_95") == pytest.approx((0.01 * 20.0 + 0.04 * 40.0) / worst)
