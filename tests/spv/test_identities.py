"""Each identity is silent on sound books and loud on a planted fault of known size."""

from __future__ import annotations

import math

import pytest

from spv_sim.spv.accounts import Balances
from spv_sim.spv.identities import (
    cash_breach,
    distribution_breach,
    lease_breach,
    loss_breach,
    negative_breach,
    priority_breach,
    reserve_breach,
)
from spv_sim.spv.waterfall import Payments

BEFORE = Balances(
    revenue=5.0,
    trap=10.0,
    dsra=20.0,
    debt=500.0,
    cost_arrears=0.0,
    interest_arrears=0.0,
    principal_arrears=0.0,
)
AFTER = BEFORE._replace(revenue=0.0, trap=0.0, debt=470.0)
PAID = Payments(
    costs_due=7.0,
    costs_paid=7.0,
    current_interest=4.0,
    interest_accrued=4.0,
    interest_due=4.0,
    interest_paid=4.0,
    principal_due=30.0,
    principal_paid=30.0,
    reserve_topped_up=0.0,
    distribution=74.0,
    dscr=3.0,
    locked=0.0,
)
INFLOW = 100.0


def test_sound_books_breach_nothing() -> None:
    assert cash_breach(INFLOW, BEFORE, AFTER, PAID) == 0
    assert negative_breach(AFTER) == 0
    assert priority_breach(AFTER, PAID) == 0
    assert distribution_breach(AFTER, PAID, True, 1e-6) == 0
    assert reserve_breach(AFTER, 20.0) == 0
    assert lease_breach(100.0, 100.0, 0.0, 0.0) == 0
    assert loss_breach(500.0, 40.0, 40.0, 450.0, 50.0) == 0


@pytest.mark.parametrize("field", ["costs_paid", "interest_paid", "principal_paid", "distribution"])
def test_a_dollar_that_comes_from_nowhere_is_seen(field: str) -> None:
    planted = PAID._replace(**{field: getattr(PAID, field) + 1.0})
    assert cash_breach(INFLOW, BEFORE, AFTER, planted) == pytest.approx(1.0)


@pytest.mark.parametrize("field", Balances._fields)
def test_a_negative_balance_is_seen(field: str) -> None:
    assert negative_breach(AFTER._replace(**{field: -3.0})) == 3.0


@pytest.mark.parametrize(
    ("after", "paid"),
    [
        (AFTER._replace(cost_arrears=2.0), PAID),
        (AFTER, PAID._replace(interest_paid=2.0)),
        (AFTER, PAID._replace(principal_paid=28.0)),
        (AFTER, PAID._replace(principal_paid=28.0, distribution=0.0, reserve_topped_up=9.0)),
    ],
)
def test_paying_a_later_step_before_an_earlier_is_seen(after: Balances, paid: Payments) -> None:
    assert priority_breach(after, paid) == pytest.approx(2.0)


def test_a_distribution_without_a_passed_test_is_seen_unless_the_debt_is_repaid() -> None:
    assert distribution_breach(AFTER, PAID, False, 1e-6) == PAID.distribution
    assert distribution_breach(AFTER._replace(debt=0.0), PAID, False, 1e-6) == 0


def test_a_reserve_above_its_target_is_seen() -> None:
    assert reserve_breach(AFTER, 15.0) == 5.0


def test_two_phases_of_the_lease_at_once_are_seen() -> None:
    assert lease_breach(100.0, 100.0, 6.0, 0.0) == 6.0
    assert lease_breach(0.0, 100.0, 6.0, 2.0) == 2.0
    assert lease_breach(103.0, 100.0, 0.0, 0.0) == 3.0


def test_a_loss_that_does_not_follow_from_the_payments_is_seen() -> None:
    assert math.isclose(loss_breach(500.0, 40.0, 40.0, 450.0, 49.0), 1.0)
