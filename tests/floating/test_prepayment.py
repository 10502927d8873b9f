"""The premium on what is repaid early, and debt whose balance grows before it falls."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.close import Closed, close
from spv_sim.engine.columns import column_names
from spv_sim.engine.cpu import ledgers, run_chunk
from spv_sim.kernel.jit import PLAIN
from tests.closing.deals import base
from tests.identities_lease import holds
from tests.paths import run_paths

PATHS = 64 if PLAIN else 1 << 13
PREMIUM = ("capital.tranche.senior.prepayment_premium=['3 %', '2 %', '1 %']",)
SWEEP = ("capital.tranche.senior.cash_sweep=50 %",)
NOISE = ("gpu_price.volatility=35 %/sqrt(year)", "credit.hazard=20 %/year")


def deal(*sets: str, name: str = "x-base") -> Closed:
    return close(base(name, *sets))


def months(closed: Closed, paths: int = 1) -> dict[str, np.ndarray]:
    return ledgers(closed.terms, closed.ledger_rows, 0, 0, paths)


def breach(closed: Closed, paths: int = PATHS) -> float:
    row = column_names(closed.tranches).index("spv.breach")
    return float(run_chunk(closed.terms, 0, 0, paths).columns[row].max())


def test_a_sweep_pays_its_premium_out_of_its_share_of_the_cash() -> None:
    """Half of the cash: to 100 that repay come 3 of premium in the first year, 2 in the second, then 1."""
    closed = deal(*SWEEP, *PREMIUM)
    ledger = months(closed)
    prepaid, paid = ledger["senior.prepaid"][:, 0], ledger["senior.premium_paid"][:, 0]
    for month in (5, 16, 17, 28, 29, 40, 41):
        year = (month - 4 - 1) // 12
        assert prepaid[month] > 0
        assert paid[month] == pytest.approx(prepaid[month] * (0.03, 0.02, 0.01, 0.0)[year], rel=1e-12)
    np.testing.assert_allclose(ledger["swept"][5:, 0], (prepaid + paid)[5:], rtol=1e-12, atol=1e-3)
    plain = months(deal(*SWEEP))["senior.prepaid"][:, 0]
    assert prepaid[5] == pytest.approx(plain[5] / 1.03, rel=1e-12)
    assert breach(closed) <= 1e-9


def test_a_sweep_that_repays_all_leaves_the_reserve_to_the_next_date() -> None:
    """R7: the reserve is set before the sweep, so that what the last sweep frees is paid a month later."""
    sets = ("capital.tranche.senior.cash_sweep=100 %", "capital.tranche.senior.coupon=3.9 %")
    closed = deal(*sets)
    ledger = months(closed)
    repaid = 5 + int(np.flatnonzero(ledger["senior.debt"][5:, 0] == 0)[0])
    assert ledger["senior.prepaid"][repaid, 0] > 0
    assert ledger["dsra"][repaid, 0] > 0
    assert ledger["dsra"][repaid + 1, 0] == 0
    assert breach(closed, 1) <= 1e-9


def test_the_lender_keeps_the_premium_beside_what_it_lent() -> None:
    """Yield and flows hold it, loss in present value does not: that is of payments due under the loan."""
    with_it, without = deal(*SWEEP, *PREMIUM), deal(*SWEEP)
    one = dict(zip(column_names(("senior",)), run_chunk(with_it.terms, 0, 0, 1).columns[:, 0], strict=True))
    two = dict(zip(column_names(("senior",)), run_chunk(without.terms, 0, 0, 1).columns[:, 0], strict=True))
    assert one["senior.yield"] > two["senior.yield"] + 1e-4
    assert one["equity.moic"] < two["equity.moic"]
    assert abs(one["senior.loss_pv"]) <= 1e-12


def test_debt_that_units_repay_bears_the_premium_on_what_was_not_yet_due() -> None:
    """A lessee that buys at the end of a lease which the debt outlasts repays it: model 19 case 24."""
    right = ("lease.end_of_term.option=fair_market_value", "lease.term=36 months")
    late = (
        "lease.end_of_term.re_let=24 months",
        "lease.rate=3 USD/GPU-hour",
        "gpu_price.curve.decay=5 %/year",
    )
    closed = deal(*right, *late, "capital.tranche.senior.prepayment_premium=['3 %', '3 %', '3 %', '3 %']")
    ledger = months(closed)
    owed, scheduled = (
        float(row[40, 0]) for row in (ledger["senior.principal_due"], closed_principal(closed))
    )
    assert owed > scheduled > 0
    assert ledger["senior.premium_paid"][40, 0] == pytest.approx(0.03 * (owed - scheduled), rel=1e-12)
    assert ledger["senior.debt"][40, 0] == 0
    assert breach(closed, 32) <= 1e-9


def closed_principal(closed: Closed) -> np.ndarray:
    return closed.capital.tranches[0].scheduled_principal[:, np.newaxis]


@pytest.mark.parametrize("name", ["x-base", "y1"])
def test_what_a_default_makes_due_bears_no_premium(name: str) -> None:
    closed = deal(*PREMIUM, *NOISE, name=name)
    ledger = months(closed, 32)
    in_default = ledger["event_of_default_month"] <= np.arange(len(ledger["dist"]))[:, np.newaxis]
    assert in_default.any()
    assert ledger["senior.premium_paid"][in_default].max() == 0
    assert breach(closed) <= 1e-9


GROWING = (
    "capital.tranche.senior.amortisation=sculpted",
    "capital.tranche.senior.target_dscr=1.5x",
    "capital.tranche.senior.negative_amortisation=allow",
    "lease.rate=0.6 USD/GPU-hour",
    "lease.escalation=60 %",
    "capital.debt_share=95 %",
)


def test_a_poor_month_adds_its_interest_to_the_debt() -> None:
    """Sculpting on an escalating rent asks for less than the interest at first: the balance grows."""
    closed = deal(*GROWING)
    of, ledger = closed.capital.tranches[0], months(closed)
    assert of.binding.endswith("target_dscr")
    assert of.scheduled_principal.min() < 0
    room = 1e-9 * closed.terms.deal.total_uses
    balance = of.commitment - np.cumsum(of.scheduled_principal)
    np.testing.assert_allclose(ledger["senior.debt"][5:, 0], balance[5:], rtol=0, atol=room)
    paid = (ledger["senior.interest_paid"] + ledger["senior.principal_paid"])[5:, 0]
    np.testing.assert_allclose(paid, of.scheduled_debt_service[5:], rtol=0, atol=room)
    assert ledger["senior.debt"][5:].max() > of.commitment * 1.01
    np.testing.assert_allclose(ledger["dscr"][5:64, 0], 1.5, rtol=2e-2)
    columns = dict(
        zip(column_names(("senior",)), run_chunk(closed.terms, 0, 0, 1).columns[:, 0], strict=True)
    )
    assert abs(columns["senior.loss_pv"]) <= 1e-12
    assert columns["senior.loss"] == 0
    assert breach(deal(*GROWING, *NOISE)) <= 1e-9
    for also in ((), NOISE, ("capital.tranche.senior.pik=true", *NOISE)):
        holds(run_paths(deal(*GROWING, *also), 64))
