"""Tests of cover on the path: values by hand, and what follows where they fail."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.engine.cpu import run_chunk
from spv_sim.scenario.read import read
from spv_sim.spv.event_of_default import COVENANT, LEASE, PAYMENT
from tests.edge_cases.deal_x import LAST, OPEX, RENT, replay
from tests.test_metamorphic import DEAL_X

SHOCK = "lease.holiday.shock={start = '12 months', end = '14 months', paid = '65 %'}"
"""Cover of 1.03 in months 12 to 14, 1.6 before and after."""


def covenant(name: str, **settings: object) -> str:
    """An assignment of a covenant of the kind."""
    words = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
    return f"capital.covenant.{name}={{ kind = 'dscr', {words} }}"


def test_trailing_cover_is_the_ratio_of_sums_over_the_dates_that_there_have_been() -> None:
    path = replay(SHOCK, covenant("back", window="12 months", level=1.5))
    months = path.months
    cash, service = months["cfads"], months["debt_service"]
    wanted = [
        cash[max(0, k - 11) : k + 1].sum() / service[max(0, k - 11) : k + 1].sum() for k in range(len(cash))
    ]
    np.testing.assert_allclose(months["covenant.back.measured"], wanted, rtol=1e-12)
    np.testing.assert_array_equal(months["covenant.back.fails"], np.array(wanted) < 1.5)
    assert months["covenant.back.fails"].any()
    assert (months["covenant.back.level"] == 1.5).all()


def test_forward_cover_is_of_the_contract_and_the_schedule() -> None:
    """No rent of the holidays is lost at closing, so that only the scheduled debt service is left to fall."""
    path = replay(covenant("ahead", basis="forward", level=1.0))
    service = path.series["sched_ds"]
    for place, k in enumerate(path.months["k"].astype(int)):
        ahead = service[k + 1 : k + 13].sum()
        cash = (RENT - OPEX) * len(service[k + 1 : k + 13])
        wanted = cash / ahead if ahead > 0 else math.nan
        assert path.months["covenant.ahead.measured"][place] == pytest.approx(wanted, rel=1e-9, nan_ok=True)


def test_no_contract_cash_is_ahead_of_a_lessee_in_default() -> None:
    path = replay("credit.default_month=30 months", covenant("ahead", basis="forward", level=1.0))
    measured = dict(zip(path.months["k"], path.months["covenant.ahead.measured"], strict=True))
    assert measured[29] > 1.0
    assert measured[30] == 0.0
    assert math.isnan(measured[31])  # an event of default: nothing is tested any more
    assert path.columns["covenant.ahead.first_breach_month"] == 30


@pytest.mark.parametrize("passes", [1, 2, 3])
def test_the_trap_opens_after_so_many_passes(passes: int) -> None:
    """Months 12 to 14 fail; the trap opens on the first, second or third pass and all of it is paid out."""
    path = replay(
        SHOCK,
        "capital.tranche.senior.lock_up_dscr=0.01",
        covenant("lock", level=1.15, release_after=passes),
    )
    months = path.months
    locked = months["k"][months["locked"] > 0].tolist()
    assert locked == list(range(12, 14 + passes))
    release = months["k"].tolist().index(14 + passes)
    assert months["trap"][release - 1] > 0
    assert months["trap"][release] == 0
    assert months["dist"][release] > months["trap"][release - 1]
    assert path.columns["covenant.lock.first_breach_month"] == 12
    assert path.columns["spv.lock_up_months"] == 2 + passes


@pytest.mark.parametrize(("grace", "begins"), [(1, 13), (3, 15), (4, math.inf)])
def test_a_default_test_outlasting_its_grace_is_an_event_of_default(grace: int, begins: float) -> None:
    """Fails on 12, 13 and 14; the date after the last date of grace begins in default and stays there."""
    path = replay(SHOCK, covenant("stop", level=1.1, consequence="default", grace=grace))
    assert path.columns["senior.event_of_default_month"] == begins
    assert path.columns["spv.event_of_default_cause"] == (COVENANT if begins < math.inf else 0)
    assert path.columns["covenant.stop.first_breach_month"] == 12
    months = path.months
    np.testing.assert_array_equal(months["eod"] > 0, months["k"] >= begins)
    after = months["eod"] > 0
    assert not months["dist"][after & (months["D"] > 0)].any()
    # The debt is called: all cash repays it, and it is repaid long before its maturity.
    if begins < math.inf:
        assert months["D"][months["k"] == LAST - 12] == 0
    assert months["locked"][months["k"] == 12] == 1
    assert path.columns["spv.breach"] <= 1e-9


def test_the_first_cause_on_a_date_counts() -> None:
    """The lessee defaults in 29; lease, payment and cover would each begin the default in month 30."""
    late = ("credit.default_month=29 months", "capital.tranche.senior.dsra=0 months")
    stop = covenant("stop", level=1.1, consequence="default")
    assert replay(*late, stop).columns["spv.event_of_default_cause"] == LEASE
    shock = "lease.holiday.shock={start = '12 months', end = '14 months', paid = '20 %'}"
    short = replay(shock, "capital.tranche.senior.dsra=0 months", stop)
    assert short.columns["senior.event_of_default_month"] == 13
    assert short.columns["spv.event_of_default_cause"] == PAYMENT


def test_a_tranche_lock_up_level_is_a_covenant_in_short() -> None:
    long = replay(SHOCK, "capital.tranche.senior.lock_up_dscr=0.01", covenant("lock", level=1.15))
    short = replay(SHOCK)
    assert short.columns["spv.lock_up_months"] == 3
    np.testing.assert_array_equal(
        [long.columns[name] for name in short.columns], list(short.columns.values())
    )


def test_a_covenant_that_never_binds_changes_nothing() -> None:
    """Bit for bit, on paths with defaults."""
    sets = ["credit.hazard=20 %/year", "lease.holiday={}"]
    idle = [
        covenant("back", window="12 months", level=1e-9),
        covenant("ahead", basis="forward", level=1e-9, release_after=3),
    ]
    never = covenant("never", window="3 months", level=1e-9, consequence="default", grace=240)
    plain, held = (close(read(DEAL_X, list(more)).scenario) for more in (sets, [*sets, *idle, never]))
    alone, beside = (run_chunk(of.terms, 3, 0, 2000).columns for of in (plain, held))
    assert len(beside) == len(alone) + 3
    np.testing.assert_array_equal(beside[: len(alone)], alone)


def test_a_higher_lock_up_level_never_traps_later_or_less() -> None:
    """On every path: first breach no later, dates locked no fewer, and equity no richer."""
    found = []
    for level in (1.1, 1.3, 1.5, 1.7):
        closed = close(
            read(DEAL_X, ["credit.hazard=20 %/year", SHOCK, covenant("lock", level=level)]).scenario
        )
        columns = dict(zip(closed.columns, run_chunk(closed.terms, 3, 0, 2000).columns, strict=True))
        found.append(columns)
    for low, high in pairwise(found):
        first = "covenant.lock.first_breach_month"
        assert (high[first] <= low[first]).all()
        assert (high["spv.lock_up_months"] >= low["spv.lock_up_months"]).all()
        assert (high["equity.npv"] <= low["equity.npv"] + 1.0).all()
