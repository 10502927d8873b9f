"""Minimum liquidity: what the shareholders wait for, by hand, and what follows where too little is kept."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.analysis.replay import Replay
from spv_sim.spv.event_of_default import COVENANT
from tests.edge_cases.deal_x import at, replay

IDLE = ("accounts.interest_rate=0 %", "capital.tranche.senior.lock_up_dscr=0.01")
"""Nothing is earned on what is kept, and no other test keeps anything."""
DUST = 20.0
"""Of deal X's debt [USD]."""


def liquidity(**settings: object) -> str:
    """An assignment of a minimum liquidity."""
    words = ", ".join(f"{key} = {value!r}" for key, value in settings.items())
    return f"capital.covenant.kept={{ kind = 'liquidity', {words} }}"


def held(path: Replay) -> np.ndarray:
    """Cash in all accounts after each date [USD]."""
    return np.asarray(sum(path.months[name] for name in ("revenue", "trap", "dsra")))


def by_hand(plain: Replay, least: np.ndarray) -> tuple[list[float], list[float]]:
    """Trap and dividends where so much is to be kept of what the plain deal pays out at once."""
    traps, paid, trap = [], [], 0.0
    last = len(least) - 1
    for row, dividend in enumerate(plain.months["dist"]):
        have = trap + dividend
        wanted = max(least[row] - plain.months["dsra"][row], 0.0)
        owed = plain.months["D"][row] > DUST and row < last
        trap = min(have, wanted) if owed else 0.0
        traps.append(trap)
        paid.append(have - trap)
    return traps, paid


def test_the_shareholders_get_what_lies_above_the_minimum() -> None:
    plain = replay(*IDLE)
    path = replay(*IDLE, liquidity(minimum=["1.2 bn USD", "1.5 bn USD", "300 m USD"]))
    years = np.arange(len(path.months["k"])) // 12
    least = np.array([1.2e9, 1.5e9, 0.3e9])[np.minimum(years, 2)]
    traps, paid = by_hand(plain, least)
    np.testing.assert_allclose(path.months["trap"], traps, rtol=1e-12, atol=1e-3)
    np.testing.assert_allclose(path.months["dist"], paid, rtol=1e-12, atol=1e-3)
    assert max(traps) > 0
    assert path.months["dist"].sum() == pytest.approx(plain.months["dist"].sum(), rel=1e-12)
    owed = (path.months["D"] > DUST)[:-1]
    wanted = np.where(owed, held(path)[:-1] + path.months["dist"][:-1], math.nan) / least[:-1]
    np.testing.assert_allclose(path.months["covenant.kept.measured"][:-1], wanted, rtol=1e-12)
    np.testing.assert_array_equal(path.months["covenant.kept.fails"][:-1] > 0, wanted < 1.0)
    assert not path.months["locked"].any()
    assert path.columns["spv.breach"] <= 1e-9


def test_months_of_debt_service_are_those_still_scheduled() -> None:
    plain = replay(*IDLE)
    path = replay(*IDLE, liquidity(debt_service="9 months"))
    service = plain.series["sched_ds"]
    least = np.array([service[k + 1 : k + 10].sum() for k in plain.months["k"].astype(int)])
    traps, paid = by_hand(plain, least)
    np.testing.assert_allclose(path.months["trap"], traps, rtol=1e-9, atol=1.0)
    np.testing.assert_allclose(path.months["dist"], paid, rtol=1e-9, atol=1.0)
    assert max(traps) > 0


def test_the_larger_of_amount_and_debt_service_counts() -> None:
    amount, months = {"minimum": "1.4 bn USD"}, {"debt_service": "9 months"}
    one, two, both = (replay(*IDLE, liquidity(**said)) for said in (amount, months, amount | months))
    kept = np.maximum(held(one), held(two))
    late = both.months["k"] > 20  # by then each minimum is reached
    np.testing.assert_allclose(held(both)[late], kept[late], rtol=1e-9)


def test_what_is_kept_pays_the_debt_of_a_lessee_in_default() -> None:
    default = "credit.default_month=30 months"
    plain, path = replay(*IDLE, default), replay(*IDLE, default, liquidity(minimum="2 bn USD"))
    assert at(path, "trap", 29) > at(plain, "trap", 29)
    assert path.columns["senior.loss"] < plain.columns["senior.loss"] or plain.columns["senior.loss"] == 0
    assert path.months["D"].sum() < plain.months["D"].sum()


@pytest.mark.parametrize("grace", [1, 3])
def test_too_little_for_longer_than_the_grace_is_an_event_of_default(grace: int) -> None:
    path = replay(*IDLE, liquidity(minimum="50 bn USD", consequence="default", grace=grace))
    first = path.months["k"][0]
    assert path.columns["covenant.kept.first_breach_month"] == first
    assert path.columns["senior.event_of_default_month"] == first + grace
    assert path.columns["spv.event_of_default_cause"] == COVENANT


def test_nothing_is_kept_of_a_debt_repaid() -> None:
    path = replay(*IDLE, "capital.tranche.senior.cash_sweep=100 %", liquidity(minimum="9 bn USD"))
    repaid = int(np.argmax(path.months["D"] <= DUST))
    assert repaid < len(path.months["k"]) - 2
    assert path.months["trap"][repaid] == 0.0
    assert not path.months["covenant.kept.fails"][repaid:].any()


def test_no_minimum_changes_nothing() -> None:
    plain, path = replay(), replay(liquidity(minimum="0 USD"))
    for name, values in plain.months.items():
        np.testing.assert_array_equal(path.months[name], values)
