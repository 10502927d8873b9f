"""Losses of the stakeholders on the engine's own flows: their sum is what the deal gets less from outside."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.enumerate_defaults import Enumeration, enumerate_defaults
from spv_sim.analysis.expectations import expectations, expected, worst_weights
from spv_sim.analysis.simulation import deal_facts
from spv_sim.closing.close import Closed, close
from spv_sim.closing.discounting import common_discount
from spv_sim.engine.cpu import ledgers, run_chunk
from spv_sim.results.loss_shares import OUTSIDE, outside_breach, stakeholders, whole_loss
from spv_sim.results.metrics import find_metric
from spv_sim.results.variables import DealFacts, variables
from spv_sim.spv.book import DSRA, TRAP
from spv_sim.spv.tolerance import CASH_TOLERANCE
from tests.closing.deals import base
from tests.edge_cases.deal_x import LAST, market_rate, price
from tests.floating.deals import floating, senior
from tests.oracle import run_deal

PATHS = 512
RISKY = ("credit.hazard=30 %/year",)
X, Y = "e1", "y-base"
VENDORS = "lease.residual_value_guarantee.guarantor=vendor"
CURVE = 'rates.curve={ kind = "nelson_siegel", level = "4 %", slope = "1 %", decay_time = "2 years" }'
EARLY = 'lease.early_termination={ hazard = "20 %/year", discount_rate = "12 %", residual = "10 %" }'
DEPOSIT = 'lease.deposit={ kind = "cash", months = "3 months" }'
CALL = 'lease.end_of_term={ option = "fixed_price", price = "9,000 USD" }'


def outside(closed: Closed, rows: dict[str, np.ndarray]) -> np.ndarray:
    """What a deal gets from outside, from its ledger: receipts that are nobody's loss less costs, at closing.

    The accounts begin with what completion left in them.
    """
    deal = closed.terms.deal
    after = slice(deal.completion + 1, None)
    worth = common_discount(closed.scenario, deal.last_month)
    held = np.nan_to_num(sum(rows[name] for name in ("revenue", "trap", "dsra", "maintenance")))
    held[deal.completion] = deal.opening[TRAP] + deal.opening[DSRA]
    moved = np.diff(held, axis=0, prepend=held[:1])
    cash = sum(rows[name] for name in ("rent", "merchant", "sale", "account_interest")) - rows["costs_paid"]
    returned = deal.assets.lease.returned[:, None]
    cash += np.where(rows["purchase"] > 0.0, returned * rows["price"], 0.0)  # what the lessee gets for it
    return np.asarray(worth[after] @ (cash - moved)[after])


def run(name: str, *sets: str) -> tuple[Closed, DealFacts, dict[str, np.ndarray]]:
    """A deal, what its estimates know of it, and its columns on some paths."""
    closed = close(base(name, *sets))
    base_case = run_base_case(closed)
    columns = run_chunk(closed.terms, 1, 0, PATHS).columns
    facts = deal_facts(closed, base_case.values)
    return closed, facts, dict(zip(closed.columns, columns, strict=True))


@pytest.mark.parametrize(
    ("name", "sets", "holders"),
    [
        (X, ("accounts.interest_rate=0 %/year",), ("lessee", "senior", "equity")),
        (X, ("workout.mode=liquidate", "grid.tail=24 months"), ("lessee", "senior", "equity")),
        (X, (CURVE,), ("lessee", "senior", "equity")),
        ("vci-h100", (CURVE,), ("lessee", "senior", "equity")),
        ("vci-h100", ("lease.timing=advance",), ("lessee", "senior", "equity")),
        ("vci-h100", (CALL, CURVE), ("lessee", "senior", "equity")),
        ("vci-h100", (EARLY, DEPOSIT), ("lessee", "senior", "equity")),
        (Y, (), ("lessee", "senior", "mezz", "equity", "guarantor")),
        (Y, (VENDORS, CURVE), ("lessee", "senior", "mezz", "equity", "vendor")),
    ],
)
def test_the_losses_add_up_to_the_outside_loss_on_every_path(
    name: str, sets: tuple[str, ...], holders: tuple[str, ...]
) -> None:
    """Identity I11, with the other side once by the engine and once from the ledger."""
    closed, facts, columns = run(name, *RISKY, *sets)
    assert facts.bearers == holders
    assert (
        outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses).max() <= CASH_TOLERANCE
    )
    lost = whole_loss(columns, facts.stakeholders)
    assert np.ptp(lost) > 0.1 * facts.total_uses
    rows = ledgers(closed.terms, closed.ledger_rows, 1, 0, PATHS)
    np.testing.assert_allclose(
        columns[OUTSIDE], outside(closed, rows), rtol=0, atol=CASH_TOLERANCE * facts.total_uses
    )


OUTCOMES = (
    'credit.outcome={ reinstate = "30 %", assume = "20 %", renegotiate = "20 %", cure_months = "2 months" }'
)
PARENT = 'credit.guarantor={ hazard = "5 %/year", cap = "500 m USD" }'
LETTER = (
    "capital.tranche.senior.dsra_kind=letter_of_credit",
    "capital.tranche.senior.letter_of_credit_margin=2 %",
)
SPLIT = 'capital.equity={ fund = { share = 0.6 }, pref = { share = 0.4, kind = "preferred", rate = "9 %" } }'


@pytest.mark.parametrize(
    "sets", [(OUTCOMES,), (OUTCOMES, PARENT, DEPOSIT, CURVE), LETTER, (*LETTER, SPLIT, CURVE)]
)
@pytest.mark.parametrize("name", [X, "vci-h100"])
def test_the_losses_add_up_whatever_follows_a_default(name: str, sets: tuple[str, ...]) -> None:
    """Outcomes of a default, a parent that pays, a bank that stands for the reserve, classes of equity."""
    closed, facts, columns = run(name, *RISKY, *sets)
    assert (
        outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses).max() <= CASH_TOLERANCE
    )
    assert ("bank" in facts.bearers) == (sets[0] in LETTER)
    assert facts.bearers[-1] != "equity" or not closed.classes


def test_the_losses_add_up_with_floating_and_hedged_debt() -> None:
    """The short rate moves, three quarters of the debt are swapped, and values are taken on the curve."""
    closed = floating(*RISKY, *senior(hedge_share="75 %"))
    facts = deal_facts(closed, run_base_case(closed).values)
    columns = dict(zip(closed.columns, run_chunk(closed.terms, 1, 0, PATHS).columns, strict=True))
    assert (
        outside_breach(columns, facts.stakeholders, facts.outside, facts.total_uses).max() <= CASH_TOLERANCE
    )
    calm = np.isinf(columns["lessee.default_month"])
    assert np.ptp(columns["senior.pv"][calm]) > 0.0


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
    # Unexpected is what exceeds the means: 3 of equity's 40 and 20, and the whole of the deal's loss.
    mean = 0.06 * 20.0 + 0.04 * 40.0
    worst = (0.01 * 25.0 + 0.04 * 75.0) / 0.05 - whole
    part = (0.01 * 20.0 + 0.04 * 40.0) / 0.05 - mean
    assert exact("equity.unexpected_loss_95") == pytest.approx(part)
    assert exact("spv.unexpected_loss_95") == pytest.approx(worst)
    assert exact("equity.tail_loss_share_95") == pytest.approx(part / worst)
    moment = 0.06 * 20.0 * 25.0 + 0.04 * 40.0 * 75.0 - mean * whole
    variance = 0.06 * 25.0**2 + 0.04 * 75.0**2 - whole**2
    assert exact("equity.variance_share") == pytest.approx(moment / variance)


def test_E1_shares_are_those_of_the_slow_deal() -> None:
    """Deal E1 in obvious Python, one month of default after the other, with the sums taken by hand."""
    scenario = base("e1")
    rate = scenario.accounts.interest_rate / 12
    prices = [price(k) for k in range(LAST + 1)]
    rents = [market_rate(k) for k in range(LAST + 1)]
    survival, hazards = [1.0], (0.06, 0.09, 0.11, 0.12, 0.12)
    for k in range(60):
        survival.append(survival[-1] * math.exp(-hazards[k // 12] / 12))
    months = [*range(5, LAST + 1), None]
    weights = [survival[k - 5] - survival[k - 4] for k in months[:-1]] + [survival[-1]]

    def worth(flows: list[float]) -> float:
        return math.fsum(flow / (1 + rate) ** k for k, flow in enumerate(flows))

    values: dict[str, list[float]] = {"lessee": [], "senior": [], "equity": []}
    for month in months:
        deal = run_deal(scenario, prices, rents, math.inf if month is None else month)
        values["lessee"].append(-worth([row["claim"] for row in deal.rows]))
        values["senior"].append(worth(deal.lenders["senior"]))
        values["equity"].append(worth(deal.equity))
    lost = {name: [of[-1] - value for value in of] for name, of in values.items()}
    whole = [sum(path) for path in zip(*lost.values(), strict=True)]

    def mean(of: list[float]) -> float:
        return math.fsum(w * value for w, value in zip(weights, of, strict=True))

    left, worst = 0.05, [0.0] * len(weights)
    for path in sorted(range(len(weights)), key=lambda at: -whole[at]):
        worst[path] = min(weights[path], left)
        left -= worst[path]

    def unexpected(of: list[float]) -> float:
        return math.fsum(w * value for w, value in zip(worst, of, strict=True)) / 0.05 - mean(of)

    found = expectations(enumerate_defaults(close(scenario)))
    assert found["spv.lost_value"] == pytest.approx(mean(whole), rel=1e-9)
    assert found["spv.unexpected_loss_95"] == pytest.approx(unexpected(whole), rel=1e-9)
    square = mean([value * value for value in whole]) - mean(whole) ** 2
    for name, own in lost.items():
        product = mean([a * b for a, b in zip(own, whole, strict=True)]) - mean(own) * mean(whole)
        exact = {
            "lost_value": mean(own),
            "loss_share": mean(own) / mean(whole),
            "unexpected_loss_95": unexpected(own),
            "tail_loss_share_95": unexpected(own) / unexpected(whole),
            "variance_share": product / square,
        }
        for of, value in exact.items():
            assert found[f"{name}.{of}"] == pytest.approx(value, rel=1e-9, abs=1e-9), (name, of)
    for of in ("loss_share", "tail_loss_share_95", "variance_share"):
        assert sum(found[f"{name}.{of}"] for name in lost) == pytest.approx(1.0, abs=1e-12)
