"""Classes of equity on the engine's paths: the deal stays as it is, and its equity is split to the cent."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.base_case import run_base_case
from spv_sim.analysis.replay import replay_path
from spv_sim.analysis.simulation import deal_facts
from spv_sim.closing.close import Closed, close
from spv_sim.engine.cpu import ledgers, run_chunk
from spv_sim.engine.ledger import ledger_names
from spv_sim.results.loss_shares import outside_breach
from spv_sim.spv.tolerance import CASH_TOLERANCE
from tests.closing.deals import base

PATHS, SEED = 300, 4
RISKY = ("credit.hazard=25 %/year",)
CLASSES = (
    'capital.equity={ manager = { share = "10 %" }, vendor = { share = "30 %", vendor = true }, '
    'funds = { share = "25 %" }, pref = { share = "35 %", kind = "preferred", rate = "9 %" } }'
)
PROMOTE = 'capital.promote={ hurdle = "8 %", carry = "20 %", catch_up = "60 %", to = "manager" }'
DEALS = ("e1", "y-base", "vci-h100")


def columns(closed: Closed, lanes: int = 8) -> dict[str, np.ndarray]:
    return dict(zip(closed.columns, run_chunk(closed.terms, SEED, 0, PATHS, lanes).columns, strict=True))


@pytest.mark.parametrize("name", DEALS)
def test_the_whole_equity_is_that_of_the_deal_without_classes_bit_for_bit(name: str) -> None:
    plain = columns(close(base(name, *RISKY)))
    split = columns(close(base(name, *RISKY, CLASSES, PROMOTE)))
    for column, values in plain.items():
        if column != "spv.breach":
            assert np.array_equal(split[column], values, equal_nan=True), column


@pytest.mark.parametrize("name", DEALS)
@pytest.mark.parametrize("sets", [(CLASSES,), (CLASSES, PROMOTE)], ids=["plain", "promote"])
def test_flows_of_the_classes_are_those_of_the_equity(name: str, sets: tuple[str, ...]) -> None:
    """Each month of each path's sum: identity I12, and the same in values; the losses sum to the deal's."""
    closed = close(base(name, *RISKY, *sets))
    chunk = run_chunk(closed.terms, SEED, 0, PATHS)
    flows = dict(zip(closed.investors, chunk.flow_sums[0], strict=True))
    uses = closed.terms.deal.total_uses
    summed = sum(flows[held] for held in closed.classes)
    np.testing.assert_allclose(summed, flows["equity"], rtol=0, atol=PATHS * 1e-12 * uses)
    found = dict(zip(closed.columns, chunk.columns, strict=True))
    for of in ("pv", "npv"):
        total = sum(found[f"{held}.{of}"] for held in closed.classes)
        np.testing.assert_allclose(total, found[f"equity.{of}"], rtol=0, atol=1e-12 * uses)
    facts = deal_facts(closed, run_base_case(closed).values)
    assert {"manager", "vendor", "funds", "pref"} <= set(facts.bearers)
    assert outside_breach(found, facts.stakeholders, facts.outside, uses).max() <= CASH_TOLERANCE
    assert found["spv.breach"].max() <= CASH_TOLERANCE


def test_a_preferred_class_earns_its_rate_where_it_is_served() -> None:
    """On deal X without a default preferred equity has 9 % and not a cent more."""
    found = columns(close(base("x1", CLASSES)))
    assert found["pref.irr"] == pytest.approx(0.09, abs=1e-9)
    assert found["funds.irr"][0] > found["equity.irr"][0] > 0.09
    assert found["funds.moic"][0] == pytest.approx(found["manager.moic"][0], rel=1e-12)


def test_a_class_that_has_it_all_is_the_equity() -> None:
    """To rounding of sums of 64 amounts."""
    closed = close(base("e1", *RISKY, 'capital.equity={ all = { share = "100 %" } }'))
    found = columns(closed)
    for of in ("irr", "moic", "npv", "pv", "irr_flag"):
        assert np.array_equal(found[f"all.{of}"], found[f"equity.{of}"], equal_nan=True), of


def test_the_numbers_depend_on_no_lanes_and_replay_shows_them() -> None:
    closed = close(base("vci-h100", *RISKY, CLASSES, PROMOTE))
    wide, narrow = columns(closed, 32), columns(closed, 1)
    for column, values in wide.items():
        assert np.array_equal(values, narrow[column], equal_nan=True), column
    path = int(np.flatnonzero(np.isfinite(wide["lessee.default_month"]))[0])
    shown = replay_path(closed, path, SEED)
    deal = closed.terms.deal
    for row, held in enumerate(closed.classes):
        assert shown.columns[f"{held}.npv"] == wide[f"{held}.npv"][path]
        flow = shown.series[f"{held}_cf"]
        np.testing.assert_array_equal(flow[deal.completion + 1 :], shown.months[f"{held}.dist"])
        assert flow @ deal.equity.discount == pytest.approx(shown.columns[f"{held}.npv"], abs=1e-3)
        assert deal.classes.contributed[row] == pytest.approx(-deal.classes.flow[row].sum())
    summed = sum(shown.months[f"{held}.dist"] for held in closed.classes)
    np.testing.assert_allclose(summed, shown.months["dist"], rtol=1e-12)
    assert math.isfinite(shown.columns["manager.irr"])


def test_a_ledger_wants_the_names_of_all_classes() -> None:
    closed = close(base("e1", CLASSES))
    with pytest.raises(ValueError, match="rows of the ledger"):
        ledgers(closed.terms, ledger_names(closed.tranches, (), tuple(closed.covenants)), 0, 0, 1)


def test_classes_do_not_touch_the_size_of_debt_on_simulated_cash_flow() -> None:
    """The pilot deal has no debt and one class of equity, whatever the classes of the real one."""
    senior = "capital.tranche.senior"
    sized = (f"{senior}.amortisation=sculpted", f"{senior}.target_dscr=1.5x", f"{senior}.sizing_case=p90")
    plain, split = (
        close(base("e1", *sized, "monte_carlo.pilot_paths=64", "lease.triple_net=true", *sets))
        for sets in ((), (CLASSES, PROMOTE))
    )
    assert split.capital.tranches[0].commitment == plain.capital.tranches[0].commitment
    assert split.classes == ("manager", "vendor", "funds", "pref")
