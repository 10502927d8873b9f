"""Each identity is silent on sound books and loud on a planted fault of known size."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spv_sim.closing.priority_terms import cell_of, kernel_steps, steps_terms
from spv_sim.scenario.capital import Tranche
from spv_sim.scenario.waterfall import usual_steps
from spv_sim.spv.book import (
    CASH,
    COSTS_DUE,
    COSTS_PAID,
    COVERED,
    DEBT,
    DISTRIBUTED,
    DSRA,
    EVENT_OF_DEFAULT,
    INTEREST_ARREARS,
    INTEREST_DUE,
    INTEREST_PAID,
    MAINTENANCE,
    MAINTENANCE_TARGET,
    N_DEAL_CELLS,
    N_TRANCHE_CELLS,
    PREPAID,
    PRINCIPAL_ARREARS,
    PRINCIPAL_DUE,
    PRINCIPAL_PAID,
    TOPPED_UP,
    TRAP,
    Book,
    cash_held,
)
from spv_sim.spv.identities import (
    cash_breach,
    distribution_breach,
    lease_breach,
    loss_breach,
    negative_breach,
    reserve_breach,
)
from spv_sim.spv.priority import Setting
from spv_sim.spv.priority_breach import priority_breach

MONTH, TOLERANCE = 12, 1e-6
INFLOW, OPENING = 100.0, 35.0
SENIOR, MEZZANINE = 0, 1
SOUND = {
    COSTS_DUE: 7.0,
    COSTS_PAID: 7.0,
    DSRA: 20.0,
    DISTRIBUTED: 62.0,
    EVENT_OF_DEFAULT: math.inf,
    COVERED: 1.0,
    cell_of(SENIOR, INTEREST_DUE): 4.0,
    cell_of(SENIOR, INTEREST_PAID): 4.0,
    cell_of(SENIOR, PRINCIPAL_DUE): 30.0,
    cell_of(SENIOR, PRINCIPAL_PAID): 30.0,
    cell_of(SENIOR, DEBT): 470.0,
    cell_of(MEZZANINE, INTEREST_DUE): 5.0,
    cell_of(MEZZANINE, INTEREST_PAID): 5.0,
    cell_of(MEZZANINE, PREPAID): 7.0,
    cell_of(MEZZANINE, DEBT): 90.0,
}
TRANCHES = {
    name: Tranche(rank=rank, coupon="10 %", tenor="5 years", amortisation="level")
    for rank, name in enumerate(("senior", "mezzanine"), 1)
}
STEPS = steps_terms(kernel_steps(usual_steps(TRANCHES), TRANCHES, list(TRANCHES)))
SETTING = Setting(is_date=True, is_whole=True, is_last=False, performs=True, active=True, tolerance=TOLERANCE)


def book(changes: dict[int, float] | None = None) -> Book:
    cells = np.zeros(N_DEAL_CELLS + 2 * N_TRANCHE_CELLS)
    for cell, value in (SOUND | (changes or {})).items():
        cells[cell] = value
    return Book(cells, 0.0)


def cash_of(kept: Book) -> float:
    return cash_breach(INFLOW, OPENING, cash_held(kept), True, 2, False, kept)


def test_sound_books_breach_nothing() -> None:
    assert cash_of(book()) == 0
    assert negative_breach(2, True, book()) == 0
    assert priority_breach(STEPS, None, book(), SETTING) == 0
    assert distribution_breach(MONTH, 2, TOLERANCE, book()) == 0
    assert reserve_breach(20.0, book()) == 0
    assert lease_breach(100.0, 100.0, 0.0, 0.0) == 0
    assert loss_breach(500.0, 40.0, 40.0, 450.0, 50.0) == 0


@pytest.mark.parametrize(
    "cell",
    [
        COSTS_PAID,
        DISTRIBUTED,
        TRAP,
        *(cell_of(i, paid) for i in (0, 1) for paid in (INTEREST_PAID, PRINCIPAL_PAID, PREPAID)),
    ],
)
def test_a_dollar_that_comes_from_nowhere_is_seen(cell: int) -> None:
    planted = book({cell: SOUND.get(cell, 0.0) + 1.0})
    assert cash_of(planted) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "cell",
    [CASH, TRAP, DSRA, *(cell_of(1, owed) for owed in (DEBT, INTEREST_ARREARS, PRINCIPAL_ARREARS))],
)
def test_a_negative_balance_is_seen(cell: int) -> None:
    assert negative_breach(2, True, book({cell: -3.0})) == 3.0


@pytest.mark.parametrize(
    "changes",
    [
        {COSTS_PAID: 5.0},
        {cell_of(SENIOR, INTEREST_PAID): 2.0},
        {cell_of(SENIOR, PRINCIPAL_PAID): 28.0},
        {cell_of(SENIOR, PRINCIPAL_PAID): 28.0, DISTRIBUTED: 0.0, TOPPED_UP: 9.0},
        {cell_of(SENIOR, PRINCIPAL_PAID): 28.0, DISTRIBUTED: 0.0},
        {cell_of(MEZZANINE, INTEREST_PAID): 3.0},
    ],
)
def test_paying_a_later_step_before_an_earlier_is_seen(changes: dict[int, float]) -> None:
    assert priority_breach(STEPS, None, book(changes), SETTING) == pytest.approx(2.0)


def test_a_distribution_without_a_passed_test_is_seen_unless_the_debt_is_repaid() -> None:
    assert distribution_breach(MONTH, 2, TOLERANCE, book({COVERED: 0.0})) == SOUND[DISTRIBUTED]
    assert distribution_breach(MONTH, 2, TOLERANCE, book({EVENT_OF_DEFAULT: 3.0})) == SOUND[DISTRIBUTED]
    repaid = {cell_of(SENIOR, DEBT): 0.0, cell_of(MEZZANINE, DEBT): 0.0}
    assert distribution_breach(MONTH, 2, TOLERANCE, book({COVERED: 0.0, **repaid})) == 0


def test_a_reserve_above_its_target_is_seen() -> None:
    assert reserve_breach(15.0, book()) == 5.0
    assert reserve_breach(20.0, book({MAINTENANCE: 9.0, MAINTENANCE_TARGET: 6.0})) == 3.0


def test_two_phases_of_the_lease_at_once_are_seen() -> None:
    assert lease_breach(100.0, 100.0, 6.0, 0.0) == 6.0
    assert lease_breach(0.0, 100.0, 6.0, 2.0) == 2.0
    assert lease_breach(103.0, 100.0, 0.0, 0.0) == 3.0


def test_a_loss_that_does_not_follow_from_the_payments_is_seen() -> None:
    assert math.isclose(loss_breach(500.0, 40.0, 40.0, 450.0, 49.0), 1.0)
