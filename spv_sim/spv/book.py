"""The deal's book: everything that it holds, owes and counts, one cell of lanes each, found by name.

A deal has any number of tranches, so its memory is an array and not a tuple: one compilation serves all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import load, store, width_of

# Accounts [USD]: cash in hand, cash held by a lock-up, debt service reserve.
CASH, TRAP, DSRA = 0, 1, 2
N_ACCOUNTS = 3

# The costs' claim on the cash of the month, of which what stays unpaid is owed next month [USD].
COSTS_DUE, COSTS_PAID = 3, 4

# Since the last payment date, with and without interest on accounts [USD].
CFADS, OPERATING_CASH = 5, 6

# Month from which the debt is in an event of default; payment dates in a row that ended with arrears.
EVENT_OF_DEFAULT, DATES_IN_ARREARS = 7, 8

# Of the last payment date: cover [x], whether it allows a distribution [0 or 1], cash trapped [0 or 1].
DSCR, COVERED, LOCKED = 9, 10, 11
# Senior debt service, paid to the shareholders, put into (or taken out of) the reserve, prepaid [USD].
DEBT_SERVICE, DISTRIBUTED, TOPPED_UP, SWEPT = 12, 13, 14, 15

# Sums and extremes of the path.
BREACH, CLAIM, SALE = 16, 17, 18
MIN_DSCR, SUM_DSCR, DATES, LOCKED_DATES, OPERATING_VALUE = 19, 20, 21, 22, 23
EQUITY_RECEIVED, EQUITY_NPV, PAYBACK_MONTH = 24, 25, 26

N_DEAL_CELLS = 27

# Of each tranche [USD]: a claim on the cash, and right behind it what has been paid on it.
INTEREST_DUE, INTEREST_PAID, PRINCIPAL_DUE, PRINCIPAL_PAID = 0, 1, 2, 3
# Outstanding; due before and unpaid; interest of the period now ended.
DEBT, INTEREST_ARREARS, PRINCIPAL_ARREARS, CURRENT_INTEREST = 4, 5, 6, 7
# Paid on the last payment date before it was due.
PREPAID = 8
# Sums of the path; principal times months since completion.
VALUE, INTEREST_ACCRUED, INTEREST_RECEIVED, PRINCIPAL_RECEIVED, PRINCIPAL_MONTHS = 9, 10, 11, 12, 13

N_TRANCHE_CELLS = 14


class Book(NamedTuple):
    """The cells of the paths under way.

    cells : (n_cells x lanes,) float64.  template : any value of the lanes' shape.
    """

    cells: Any
    template: Any


@jit
def tranche_cell(tranche: int, cell: int) -> int:
    """Where a cell of a tranche stands."""
    return N_DEAL_CELLS + tranche * N_TRANCHE_CELLS + cell


@jit
def read(book: Book, cell: int) -> Any:
    """What stands in a cell."""
    return load(book.cells, cell * width_of(book.template), book.template)


@jit
def write(book: Book, cell: int, value: Any) -> None:
    """Put a value into a cell."""
    store(book.cells, cell * width_of(book.template), value)


@jit
def add(book: Book, cell: int, value: Any) -> None:
    """Add a value to a cell."""
    write(book, cell, read(book, cell) + value)


@jit
def cash_held(book: Book) -> Any:
    """What lies in all accounts [USD]."""
    return read(book, CASH) + read(book, TRAP) + read(book, DSRA)
