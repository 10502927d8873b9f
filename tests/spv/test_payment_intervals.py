"""A tranche that pays on some of the payment dates alone: by hand, and with every identity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.replay import Replay, replay_path
from spv_sim.closing.close import close
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.model import Scenario
from tests.closing.deals import base
from tests.engine.test_covenants import ALL, NOISE
from tests.identities import EXACT
from tests.identities_lease import IDENTITIES
from tests.paths import run_paths

SLOW = "capital.tranche.mezz.payment_every=3 months"
FLAT = ("capital.tranche.mezz.amortisation=straight_line",)
CALM = ("capital.tranche.senior.cash_sweep=0 %", "capital.tranche.senior.lock_up_dscr=0.01")
RATE = 0.135
"""Coupon of deal Y's mezzanine tranche [1/year]."""


def deal(*sets: str) -> Scenario:
    """Deal Y with its mezzanine tranche paid by the quarter."""
    unset = "capital.tranche.mezz.scheduled_share" if FLAT[0] in sets else ""
    scenario = base("y-base", *(each for each in sets if each not in FLAT), SLOW)
    if not unset:
        return scenario
    tranches = scenario.capital.tranche
    mezz = tranches["mezz"].model_copy(update={"amortisation": "straight_line", "scheduled_share": None})
    capital = scenario.capital.model_copy(update={"tranche": tranches | {"mezz": mezz}})
    return scenario.model_copy(update={"capital": capital})


def replay(*sets: str) -> Replay:
    return replay_path(close(deal(*sets)), 0, 0)


def own_dates(path: Replay) -> np.ndarray:
    """Rows of the tranche's own dates, of deals complete in month 3."""
    months = path.months["k"].astype(int)
    return np.asarray((months > 3) & ((months - 3) % 3 == 0))


@pytest.mark.parametrize("sets", [(), FLAT])
def test_interest_of_three_months_is_due_at_once(sets: tuple[str, ...]) -> None:
    closed = close(deal(*CALM, *sets))
    path = replay_path(closed, 0, 0)
    own, due, debt = own_dates(path), path.months["mezz.interest_due"], path.months["mezz.debt"]
    assert not due[~own].any()
    rows = np.flatnonzero(own)
    commitment = closed.capital.tranches[1].commitment
    opening = np.concatenate(([commitment], debt[rows[1:] - 1]))
    np.testing.assert_allclose(due[rows], opening * RATE / 4, rtol=1e-12, atol=1e-6)
    assert not path.months["mezz.principal_due"][~own].any()
    assert path.columns["mezz.loss"] == 0.0
    assert abs(path.columns["mezz.loss_pv"]) <= 1e-12


def test_the_lender_earns_the_quarterly_coupon() -> None:
    free = tuple(f"capital.tranche.mezz.{fee}=0 %" for fee in ("oid", "upfront_fee"))
    path = replay(*CALM, *free)
    yields = path.columns["mezz.yield"]
    quarterly = (1 + RATE / 4) ** 4 - 1
    monthly = (1 + RATE / 12) ** 12 - 1
    # Interest up to COD is paid by the month, which lifts the yield a little above that of the quarters.
    assert quarterly <= yields <= quarterly + (monthly - quarterly) / 4


def test_cash_stays_in_the_accounts_until_all_pay() -> None:
    path = replay(*CALM)
    months, own = path.months, own_dates(path)
    assert not months["dist"][~own].any()
    assert (months["dist"][own] > 0).all()
    assert (months["revenue"][~own][1:] > 0).all()
    assert not months["revenue"][own].any()
    # What is left of two months, with interest on it, joins the third's.
    monthly = replay_path(close(base("y-base", *CALM, "accounts.interest_rate=0 %")), 0, 0)
    quarterly = replay(*CALM, "accounts.interest_rate=0 %")
    assert quarterly.months["dist"].sum() == pytest.approx(monthly.months["dist"].sum(), rel=1e-9)


def test_a_sweep_waits_for_the_tranche_behind() -> None:
    path = replay()
    swept = path.months["senior.prepaid"]
    assert not swept[~own_dates(path)].any()
    assert swept[own_dates(path)].any()


@pytest.mark.parametrize("default", [19, 20, 21])
def test_an_acceleration_between_dates_asks_for_the_interest_so_far(default: int) -> None:
    """Grace of one date: the date after the default calls the debt, one to three months into a quarter."""
    path = replay(*CALM, "capital.tranche.senior.grace=1", f"credit.default_month={default - 3} months")
    called = path.months["k"][path.months["eod"] > 0].astype(int)[0]
    row = path.months["k"].tolist().index(called)
    since = (called - 3 - 1) % 3 + 1
    owed = path.months["mezz.debt"][row - since]
    asked = path.months["mezz.interest_current"][row]
    assert asked == pytest.approx(owed * RATE / 12 * since, rel=1e-12)
    after = path.months["mezz.interest_current"][row + 1]
    assert after == pytest.approx(path.months["mezz.debt"][row] * RATE / 12, rel=1e-12)


def test_cover_down_to_the_tranche_is_that_of_its_quarter() -> None:
    path = replay(*CALM, "capital.tranche.mezz.lock_up_dscr=1.05")
    months = path.months
    service = months["debt_service"] + months["mezz.interest_current"] + months["mezz.principal_due"]
    for row in np.flatnonzero(own_dates(path)):
        window = slice(max(0, row - 2), row + 1)
        wanted = months["cfads"][window].sum() / service[window].sum()
        found = months["covenant.mezz.lock_up_dscr.measured"][row]
        if not math.isnan(found):
            assert found == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    "sets",
    [(), FLAT, ("workout.mode=remarket",), ("capital.tranche.mezz.pik=true",), ALL],
    ids=["plain", "flat", "remarket", "pik", "covenants"],
)
def test_every_identity_holds(sets: tuple[str, ...]) -> None:
    closed = close(deal(*NOISE, *sets))
    paths = run_paths(closed, 64)
    for name, identity in IDENTITIES.items():
        assert identity(paths) <= EXACT, name
    columns = dict(zip(closed.columns, run_chunk(closed.terms, 5, 0, 4096).columns, strict=True))
    assert columns["spv.breach"].max() <= 1e-9
    assert columns["mezz.loss"].max() > 0
