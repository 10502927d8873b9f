"""Tests of what the contract has paid and is to pay: values by hand, and what follows where they fail."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from spv_sim.spv.event_of_default import COVENANT
from tests.edge_cases.deal_x import LAST, RENT, at, replay
from tests.test_metamorphic import DEAL_X

SHOCK = "lease.holiday.shock={start = '12 months', end = '14 months', paid = '65 %'}"
"""Deal X pays 65 % of its rent in months 12 to 14."""
OFF = "capital.tranche.senior.lock_up_dscr=0.01"


def realisation(**settings: object) -> str:
    """An assignment of a test of contract realisation."""
    words = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
    return f"capital.covenant.real={{ kind = 'contract_realisation', {words} }}"


def contract_cover(**settings: object) -> str:
    """An assignment of a test of contract cover."""
    words = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
    return f"capital.covenant.ahead={{ kind = 'contract_cover', {words} }}"


@pytest.mark.parametrize("window", [1, 3])
def test_realisation_is_rent_received_over_rent_promised(window: int) -> None:
    path = replay(SHOCK, OFF, realisation(level=0.85, window=f"{window} months"))
    rent = path.months["rent"]
    owed = path.months["D"] > 20
    for row, measured in enumerate(path.months["covenant.real.measured"]):
        months = rent[max(0, row + 1 - window) : row + 1]
        wanted = months.sum() / (RENT * len(months)) if owed[row] else math.nan
        assert measured == pytest.approx(wanted, rel=1e-12, nan_ok=True)
    # Of three months 65 % falls in one, two, three, two, one: 0.883, 0.767, 0.65, 0.767, 0.883.
    failing = {1: [12, 13, 14], 3: [13, 14, 15]}[window]
    assert path.months["k"][path.months["covenant.real.fails"] > 0].tolist() == failing
    assert path.months["k"][path.months["locked"] > 0].tolist() == failing


def test_rent_before_completion_and_after_the_contract_is_neither_promised_nor_missed() -> None:
    path = replay("credit.hazard=0 %/year", "lease.timing=advance", realisation(level=1, window="3 months"))
    measured = path.months["covenant.real.measured"]
    np.testing.assert_allclose(measured[~np.isnan(measured)], 1.0, rtol=1e-12)
    assert not np.nansum(path.months["covenant.real.fails"])


def test_a_lessee_in_default_pays_none_of_what_it_promised() -> None:
    """Of months 28 to 30 the last is unpaid: two thirds; the debt defaults a month later."""
    path = replay("credit.default_month=30 months", OFF, realisation(level=0.85, window="3 months"))
    assert at(path, "covenant.real.measured", 29) == pytest.approx(1.0, rel=1e-12)
    assert at(path, "covenant.real.measured", 30) == pytest.approx(2 / 3, rel=1e-12)
    assert path.columns["covenant.real.first_breach_month"] == 30
    eod = path.months["k"][path.months["eod"] > 0]
    assert np.isnan(path.months["covenant.real.measured"][path.months["k"] >= eod[0]]).all()


def test_a_grace_of_realisation_ends_in_an_event_of_default() -> None:
    path = replay(SHOCK, OFF, realisation(level=0.85, window="3 months", consequence="default", grace=2))
    assert path.columns["senior.event_of_default_month"] == 15
    assert path.columns["spv.event_of_default_cause"] == COVENANT


@pytest.mark.parametrize(("first", "failing"), [(13, [13, 14]), (14, [14]), (15, [])])
def test_nothing_is_tested_before_the_first_test(first: int, failing: list[int]) -> None:
    path = replay(SHOCK, OFF, realisation(level=0.85, first_test=f"{first} months"))
    months = path.months
    assert months["k"][months["covenant.real.fails"] > 0].tolist() == failing
    assert np.isnan(months["covenant.real.measured"][months["k"] < first]).all()
    assert not np.isnan(months["covenant.real.measured"][(months["k"] >= first) & (months["D"] > 20)]).any()


@pytest.mark.parametrize(
    "test",
    [
        "{ kind = 'dscr', level = 9 }",
        "{ kind = 'dscr', basis = 'forward', level = 9 }",
        "{ kind = 'ltv', level = '1 %', consequence = 'prepay' }",
        "{ kind = 'contract_cover', level = 99 }",
        "{ kind = 'liquidity', minimum = '9 bn USD' }",
    ],
)
def test_the_first_test_is_of_every_kind(test: str) -> None:
    """What fails from the beginning fails from the first test on, and costs nothing before."""
    late = test.replace(" }", ", first_test = '20 months' }")
    path = replay(OFF, f"capital.covenant.late={late}")
    plain = replay(OFF)
    assert path.columns["covenant.late.first_breach_month"] == 20
    before = path.months["k"] < 20
    for name in ("dist", "trap", "D"):
        np.testing.assert_array_equal(path.months[name][before], plain.months[name][before])


def test_contract_cover_is_rent_to_come_over_debt() -> None:
    path = replay(OFF, contract_cover(level=1.8))
    months = path.months
    for row, k in enumerate(months["k"].astype(int).tolist()):
        debt = months["D"][row]
        wanted = RENT * max(LAST - k, 0) / debt if debt > 20 else math.nan
        assert months["covenant.ahead.measured"][row] == pytest.approx(wanted, rel=1e-9, nan_ok=True)
    np.testing.assert_array_equal(
        months["covenant.ahead.fails"], np.nan_to_num(months["covenant.ahead.measured"], nan=9.0) < 1.8
    )
    assert months["covenant.ahead.fails"].any()


def test_nothing_is_to_come_from_a_lessee_in_default() -> None:
    path = replay("credit.default_month=30 months", OFF, contract_cover(level=0.5))
    assert at(path, "covenant.ahead.measured", 29) > 1.0
    assert at(path, "covenant.ahead.measured", 30) == 0.0
    assert path.columns["covenant.ahead.first_breach_month"] == 30


def test_the_promise_is_that_of_the_contract_on_a_quarterly_grid() -> None:
    """Rents by the month and debt by the quarter: a window of two dates is six months of rent."""
    quarterly = ("capital.tranche.senior.payment_every=3 months", "capital.tranche.senior.lock_up_dscr=0.01")
    closed = close(read(DEAL_X, (*quarterly, realisation(level=0.85, window="6 months"))).scenario)
    promised = closed.terms.deal.covenant.amount[0]
    assert promised[closed.terms.deal.dates[:3]].tolist() == pytest.approx([3 * RENT, 6 * RENT, 6 * RENT])
