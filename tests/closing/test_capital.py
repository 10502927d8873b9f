"""The capital structure as a whole: relations between closings, edge cases, and the faults they name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spv_sim.closing.capital import Base, CapitalClosing, close_capital
from spv_sim.closing.close import close
from spv_sim.closing.contract import lay_out_contract
from spv_sim.closing.fleet import spending
from spv_sim.closing.forward_rates import ForwardRates
from spv_sim.closing.sources_and_uses import Spending
from spv_sim.errors import UserError
from spv_sim.scenario.capital import Capital
from tests.closing.deals import base, base_case, capital_of

MONTHS = 40
SPENT = Spending(np.array([400.0, 300.0, 500.0]) * 1e6, np.array([10e6, 0, 0]), np.zeros(3))
BASE = Base(
    np.where(np.arange(MONTHS + 1) > 2, 45e6, 0.0),
    1e9 * 0.98 ** np.arange(MONTHS + 1.0),
    ForwardRates(np.full(41, 0.04)),
)
LOAN: dict[str, Any] = {
    "coupon": "9 %",
    "tenor": "36 months",
    "amortisation": "level",
    "oid": "1 %",
    "upfront_fee": "2 %",
    "commitment_fee": "0.5 %",
    "dsra": "3 months",
}


def closed(tranches: dict[str, dict[str, Any]], given: Base = BASE, **capital: Any) -> CapitalClosing:
    return close_capital(
        Capital.model_validate({**capital, "tranche": {name: LOAN | own for name, own in tranches.items()}}),
        SPENT,
        given,
    )


def compare(whole: CapitalClosing, parts: CapitalClosing, names: set[str]) -> None:
    """The parts named add up to the tranche that is not among the other tranches."""
    (one,) = (tranche for tranche in whole.tranches if tranche.name == "whole")
    held = [tranche for tranche in parts.tranches if tranche.name in names]
    for name in ("commitment", "gearing", "reserve"):
        assert sum(getattr(tranche, name) for tranche in held) == pytest.approx(getattr(one, name), rel=1e-10)
    for name in ("draws", "interest_during_construction", "scheduled_debt_service", "dsra_target"):
        total = sum(getattr(tranche, name) for tranche in held)
        np.testing.assert_allclose(total, getattr(one, name), rtol=1e-10, atol=1e-3)
    for name, values in vars(whole.table).items():
        np.testing.assert_allclose(getattr(parts.table, name), values, rtol=1e-10, atol=1e-3, err_msg=name)


SIZES = {
    "share": ({"debt_share": "60 %"}, {"debt_share": "30 %"}),
    "amount": ({"commitment": "700 m USD"}, {"commitment": "350 m USD"}),
    "cost": ({"advance_rate": "50 %"}, {"advance_rate": "25 %"}),
    "cover": ({"target_dscr": "1.8x"}, {"target_dscr": "1.8x"}),
    "value": ({"max_ltv": "55 %"}, {"max_ltv": "55 %"}),
    "sculpted": ({"target_dscr": "1.8x", "amortisation": "sculpted"},) * 2,
    "least equity": ({"target_dscr": "1.01x"}, {"target_dscr": "1.01x"}),
}


@pytest.mark.parametrize("funding", ["pro_rata", "equity_first", "debt_first"])
@pytest.mark.parametrize("size", SIZES)
def test_a_tranche_in_two_halves_of_one_rank_is_the_same_deal(size: str, funding: str) -> None:
    one, half = SIZES[size]
    mezz = {"rank": 2, "coupon": "14 %", "debt_share": "5 %"}
    least = {"min_equity": "30 %", "funding": funding}
    whole = closed({"whole": one, "mezz": mezz}, **least)
    parts = closed({"left": half, "right": half, "mezz": mezz}, **least)
    compare(whole, parts, {"left", "right"})
    if size == "least equity":
        assert whole.tranches[0].binding == "capital.min_equity"


@pytest.mark.parametrize("empty", [{"commitment": "0 USD"}, {"debt_share": "0 %"}])
@pytest.mark.parametrize("size", SIZES)
def test_a_tranche_of_no_size_changes_nothing(size: str, empty: dict[str, Any]) -> None:
    one, _ = SIZES[size]
    alone = closed({"whole": one}, min_equity="30 %")
    beside = closed({"whole": one, "none": {"rank": 2, **empty}}, min_equity="30 %")
    compare(alone, beside, {"whole"})
    nothing = beside.tranches[1]
    assert nothing.commitment == nothing.gearing == nothing.reserve == 0
    assert not nothing.draws.any()
    assert not nothing.scheduled_debt_service.any()


def test_all_equity() -> None:
    closing = closed({"senior": {"debt_share": "0 %"}})
    assert np.array_equal(closing.table.equity, SPENT.total)
    assert closing.reserve == closing.table.gearing == closing.table.commitment == 0


def test_the_order_of_writing_moves_nothing() -> None:
    senior, mezz = {"debt_share": "50 %"}, {"rank": 2, "debt_share": "20 %", "coupon": "14 %"}
    one, other = closed({"a": senior, "b": mezz}), closed({"b": mezz, "a": senior})
    assert [tranche.name for tranche in other.tranches] == ["a", "b"]
    for first, second in zip(one.tranches, other.tranches, strict=True):
        assert first.commitment == second.commitment


def test_the_smallest_of_three_sizes_binds_and_is_named() -> None:
    sizes = {"debt_share": "90 %", "commitment": "600 m USD", "target_dscr": "2x"}
    (tranche,) = closed({"senior": sizes}).tranches
    service = 45e6 / 2
    face = service / (0.0075 / (1 - 1.0075**-36))
    assert tranche.binding == "capital.tranche.senior.commitment"
    (tranche,) = closed({"senior": sizes | {"commitment": "1 bn USD"}}).tranches
    assert tranche.binding == "capital.tranche.senior.target_dscr"
    assert tranche.commitment == pytest.approx(face, rel=1e-10)


def test_a_loan_to_value_path_holds_every_month() -> None:
    (tranche,) = closed(
        {"senior": {"max_ltv": ["60 %", "40 %", "20 %"], "amortisation": "straight_line"}}
    ).tranches
    balance = tranche.commitment - np.cumsum(tranche.scheduled_principal)
    months = np.arange(2, 38)
    limit = np.array([0.6, 0.4, 0.2])[(months - 2) // 12] * BASE.value[months]
    slack = limit - balance[months]
    assert tranche.binding == "capital.tranche.senior.max_ltv"
    assert slack.min() == pytest.approx(0, abs=1e-3)
    assert np.all(slack >= -1e-3)


def test_mezzanine_is_sculpted_to_the_combined_cover() -> None:
    closing = closed(
        {
            "senior": {"debt_share": "35 %"},
            "mezz": {"rank": 2, "amortisation": "sculpted", "target_dscr": "1.5x", "coupon": "13 %"},
        }
    )
    service = sum(tranche.scheduled_debt_service for tranche in closing.tranches)
    np.testing.assert_allclose(service[3:39], 45e6 / 1.5, rtol=1e-9)
    assert closing.tranches[1].commitment > 0


def test_mezzanine_finds_no_room_behind_a_full_senior_tranche() -> None:
    closing = closed(
        {
            "senior": {"target_dscr": "1.5x", "amortisation": "sculpted"},
            "mezz": {"rank": 2, "target_dscr": "1.5x"},
        }
    )
    # What rounding leaves of the room is not a loan.
    assert closing.tranches[1].commitment <= 1e-9 * closing.table.uses.sum()


def test_advance_rent_leaves_the_last_month_without_cash_flow() -> None:
    """Sculpted to the end of the lease, the loan ends a month earlier by itself."""
    to_the_end = capital_of(base("y1", "capital.tranche.senior.tenor=54 months")).tranches[0]
    short = capital_of(base("y1")).tranches[0]
    assert to_the_end.commitment == pytest.approx(short.commitment, rel=1e-12)
    assert not to_the_end.scheduled_debt_service[57:].any()


def test_a_month_without_cash_flow_is_named() -> None:
    hole = BASE.cash_flow.copy()
    hole[20] = -1e6
    with pytest.raises(UserError, match=r"infeasible-sculpt.*month 20") as caught:
        closed({"senior": {"amortisation": "sculpted", "target_dscr": "1.4x"}}, Base(hole, BASE.value))
    assert caught.value.problems[0].key == "capital.tranche.senior.amortisation"


def test_quarterly_debt_covers_its_three_months() -> None:
    sizes = {"target_dscr": "1.5x", "amortisation": "sculpted", "payment_every": "3 months"}
    (tranche,) = closed({"senior": sizes}).tranches
    np.testing.assert_allclose(tranche.scheduled_debt_service[5:39:3], 3 * 45e6 / 1.5, rtol=1e-12)
    assert np.flatnonzero(tranche.scheduled_debt_service).tolist() == list(range(5, 39, 3))


def test_a_floating_tranche_at_a_flat_curve_is_the_fixed_one() -> None:
    fixed = closed({"senior": {"debt_share": "60 %"}})
    terms = {"coupon": None, "base_rate": "term_1m", "margin": "5 %", "debt_share": "60 %"}
    floating = closed({"senior": terms})
    for one, other in ((fixed.tranches[0], floating.tranches[0]),):
        assert other.commitment == pytest.approx(one.commitment, rel=1e-12)
        np.testing.assert_allclose(other.scheduled_debt_service, one.scheduled_debt_service, rtol=1e-12)
        np.testing.assert_allclose(other.coupon.discount, one.coupon.discount, rtol=1e-12)


def test_a_reserve_by_bank_or_sweep_asks_for_no_cash_at_completion() -> None:
    cash = closed({"senior": {"commitment": "600 m USD"}})
    bank = closed(
        {
            "senior": {
                "commitment": "600 m USD",
                "dsra_kind": "letter_of_credit",
                "letter_of_credit_fee": "2 %",
                "agency_fee": "1,000 USD/month",
            }
        }
    )
    sweep = closed({"senior": {"commitment": "600 m USD", "dsra_kind": "sweep"}})
    assert cash.reserve > 0
    assert bank.reserve == sweep.reserve == 0
    for closing in (bank, sweep):
        np.testing.assert_allclose(closing.tranches[0].dsra_target, cash.tranches[0].dsra_target, rtol=1e-12)
    fees, target = bank.tranches[0].fees, bank.tranches[0].dsra_target
    np.testing.assert_allclose(fees[3:39], 1000 + 0.02 / 12 * target[2:38], rtol=1e-12)
    assert not fees[:3].any()
    assert not fees[39:].any()


def test_classes_of_equity_share_every_call() -> None:
    classes = {
        "sponsor": {"share": "60 %"},
        "vendor": {"share": "25 %", "vendor": True},
        "preferred": {"share": "15 %", "kind": "preferred", "rate": "10 %"},
    }
    closing = closed({"senior": {"debt_share": "60 %"}}, equity=classes)
    np.testing.assert_allclose(sum(held.calls for held in closing.equity), closing.table.equity, rtol=1e-14)
    sponsor, vendor, preferred = closing.equity
    np.testing.assert_allclose(vendor.calls, 0.25 * closing.table.equity, rtol=1e-15)
    assert (vendor.vendor, sponsor.vendor, preferred.kind, preferred.rate) == (True, False, "preferred", 0.1)
    (only,) = closed({"senior": {"debt_share": "60 %"}}).equity
    assert (only.name, only.share) == ("equity", 1.0)


def test_one_tranche_sized_in_its_own_table_is_the_same_deal() -> None:
    scenario = base("x1")
    outside = close(scenario)
    senior = scenario.capital.tranche["senior"].model_copy(update={"debt_share": scenario.capital.debt_share})
    capital = scenario.capital.model_copy(update={"debt_share": None, "tranche": {"senior": senior}})
    inside = close_capital(
        capital, spending(scenario, lay_out_contract(scenario).early_rent), base_case(scenario)
    )
    assert inside.tranches[0].commitment == outside.table.commitment
    assert inside.tranches[0].binding == "capital.tranche.senior.debt_share"
    assert outside.capital.tranches[0].binding == "capital.debt_share"
