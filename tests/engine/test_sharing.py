"""A month of sharing by hand: three vehicles on one book each, in dollars."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.closing.close import close
from spv_sim.engine.layout import lay_out
from spv_sim.engine.place import book_of
from spv_sim.engine.sharing import share_cash
from spv_sim.engine.terms import Ties
from spv_sim.kernel.shelf import Shelf
from spv_sim.market.credit import NEVER
from spv_sim.spv.book import (
    BREACH,
    DATES_IN_ARREARS,
    DEBT,
    DISTRIBUTED,
    EQUITY_CURES,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    INTEREST_ARREARS,
    INTEREST_DUE,
    INTEREST_PAID,
    INTEREST_RECEIVED,
    LENDER_VALUE,
    OUTSIDE_VALUE,
    PAYBACK_MONTH,
    PRINCIPAL_ARREARS,
    PRINCIPAL_DUE,
    PRINCIPAL_PAID,
    PRINCIPAL_RECEIVED,
    SHARED_IN,
    SHARED_OUT,
    Book,
    read,
    tranche_cell,
    write,
)
from tests.closing.deals import base

MONTH = 12
DUE = {INTEREST_DUE: 30e6, INTEREST_PAID: 10e6, PRINCIPAL_DUE: 200e6, PRINCIPAL_PAID: 50e6}
OWED = {DEBT: 900e6, INTEREST_ARREARS: 20e6, PRINCIPAL_ARREARS: 150e6}


class Month:
    """Three equal deals in one month; the second has a senior tranche that is 20 m and 150 m short."""

    def __init__(
        self, first: float, third: float, shares: tuple[bool, bool, bool] = (True, True, True)
    ) -> None:
        self.deal = close(base("vci-h100")).terms.deal
        self.layout = lay_out([self.deal] * 3)
        self.cells, self.flows = np.zeros(self.layout.cells[-1]), np.zeros(self.layout.flows[-1])
        for d, cash in enumerate((first, 0.0, third)):
            self.flows[self.layout.flows[d] + MONTH] = cash
            for cell in (DISTRIBUTED, EQUITY_RECEIVED):
                write(self.book(d), cell, cash)
            write(self.book(d), PAYBACK_MONTH, NEVER)
        for cell, value in (DUE | OWED).items():
            write(self.book(1), tranche_cell(0, cell), value)
        write(self.book(1), DATES_IN_ARREARS, 1.0)
        self.ties = Ties(np.zeros(3, dtype=np.bool_), np.array(shares))

    def book(self, d: int) -> Book:
        return book_of(self.layout, d, self.cells, 0.0)

    def share(self) -> None:
        deals = Shelf([self.deal] * 3)
        share_cash(self.ties, deals, self.layout, MONTH, self.flows, self.cells, 0.0, np.empty(0), 0, 0)

    def of(self, d: int, cell: int) -> float:
        return float(read(self.book(d), cell))

    def senior(self, cell: int) -> float:
        return self.of(1, tranche_cell(0, cell))


def test_interest_then_principal_from_the_first_vehicle_and_then_the_third() -> None:
    """Need 20 + 150 m: the first gives its 60 m, 20 of interest and 40 of principal; the third gives 110."""
    month = Month(60e6, 500e6)
    month.share()
    assert [month.of(d, DISTRIBUTED) for d in range(3)] == [0.0, 0.0, 390e6]
    assert [month.of(d, SHARED_OUT) for d in range(3)] == [60e6, 0.0, 110e6]
    assert [month.of(d, SHARED_IN) for d in range(3)] == [0.0, 170e6, 0.0]
    assert month.senior(INTEREST_PAID) == 30e6
    assert month.senior(PRINCIPAL_PAID) == 200e6
    assert month.senior(DEBT) == 750e6
    assert month.senior(INTEREST_ARREARS) == month.senior(PRINCIPAL_ARREARS) == 0.0
    assert (month.senior(INTEREST_RECEIVED), month.senior(PRINCIPAL_RECEIVED)) == (20e6, 150e6)
    assert month.of(1, DATES_IN_ARREARS) == 0.0
    flows, months = month.layout.flows, month.deal.last_month + 1
    assert [month.flows[flows[d] + MONTH] for d in range(3)] == [0.0, 0.0, 390e6]
    assert month.flows[flows[1] + months + MONTH] == 170e6
    worth, hurdle = month.deal.discount[MONTH], month.deal.equity.discount[MONTH]
    assert month.senior(LENDER_VALUE) == pytest.approx(worth * 170e6, rel=1e-14)
    for d, moved in enumerate((-60e6, 170e6, -110e6)):
        assert month.of(d, OUTSIDE_VALUE) == pytest.approx(worth * moved, rel=1e-14)
        assert month.of(d, EQUITY_VALUE) == pytest.approx(worth * min(moved, 0.0), rel=1e-14)
        assert month.of(d, EQUITY_NPV) == pytest.approx(hurdle * min(moved, 0.0), rel=1e-14)
        assert month.of(d, BREACH) == 0.0


def test_what_is_not_enough_goes_to_interest_and_leaves_the_date_in_arrears() -> None:
    month = Month(15e6, 0.0)
    month.share()
    assert (month.senior(INTEREST_PAID), month.senior(PRINCIPAL_PAID)) == (25e6, 50e6)
    assert (month.senior(DEBT), month.senior(INTEREST_ARREARS)) == (900e6, 5e6)
    assert month.of(1, DATES_IN_ARREARS) == 1.0


def test_only_vehicles_with_the_mark_give_and_take() -> None:
    month = Month(60e6, 500e6, (False, True, True))
    month.share()
    assert [month.of(d, SHARED_OUT) for d in range(3)] == [0.0, 0.0, 170e6]
    month = Month(60e6, 500e6, (True, False, True))
    before = month.cells.copy()
    month.share()
    assert np.array_equal(month.cells, before)


def test_a_payback_that_the_gift_undoes_is_undone() -> None:
    for others, expected in ((0.0, NEVER), (170e6, 1.0 * MONTH)):
        month = Month(200e6, 0.0)
        book = month.book(0)
        write(book, EQUITY_RECEIVED, month.deal.equity.contributed + 1.0 + others)
        write(book, PAYBACK_MONTH, 1.0 * MONTH)
        write(book, EQUITY_PAID_IN, month.deal.equity.contributed)
        write(book, EQUITY_CURES, 0.0)
        month.share()
        assert month.of(0, PAYBACK_MONTH) == expected


def test_nothing_is_shared_on_another_date() -> None:
    """Cash of an earlier date still stands in the book between dates; it has been paid."""
    month = Month(60e6, 500e6)
    before, pays = month.cells.copy(), month.deal.pays.copy()
    pays[MONTH] = False
    month.deal = month.deal._replace(pays=pays)
    month.share()
    assert np.array_equal(month.cells, before)
