"""The deal's book: everything that it holds, owes and counts, one cell of lanes each, found by name.

A deal has any number of tranches, so its memory is an array and not a tuple: one compilation serves all.
"""

from __future__ import annotations

from itertools import count, islice
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import load, store, width_of

cell = count()

# Accounts [USD]: cash in hand, held by a lock-up, reserved for debt service, maintenance, operating cost.
CASH, TRAP, DSRA, MAINTENANCE, WORKING_CAPITAL = islice(cell, 5)
N_ACCOUNTS = WORKING_CAPITAL + 1

# The costs' claim on the cash of the month, of which what stays unpaid is owed next month [USD].
COSTS_DUE, COSTS_PAID = islice(cell, 2)

# What enforcement costs in the month, with what the maintenance reserve is to hold, is to be given at most
# and has been given (or has released) on the last payment date [USD].
ENFORCEMENT, MAINTENANCE_TARGET, CONTRIBUTION, MAINTAINED = islice(cell, 4)
# What the reserve for operating cost is to hold, and has been given [USD].
WORKING_CAPITAL_TARGET, WORKING_CAPITAL_PAID_IN = islice(cell, 2)

# Since the last payment date, with and without interest on accounts [USD].
CFADS, OPERATING_CASH = islice(cell, 2)
# What of the month counts as cash flow available for debt service [USD].
CFADS_OF_MONTH = next(cell)

# Month from which the debt is in an event of default, and why; payment dates in a row with arrears.
EVENT_OF_DEFAULT, CAUSE_OF_DEFAULT, DATES_IN_ARREARS = islice(cell, 3)

# Of the last payment date: cover [x], whether it allows a distribution [0 or 1], cash trapped [0 or 1].
DSCR, COVERED, LOCKED = islice(cell, 3)
# Senior debt service, paid to the shareholders, put into (or taken out of) the reserve, prepaid [USD].
DEBT_SERVICE, DISTRIBUTED, TOPPED_UP, SWEPT = islice(cell, 4)
# Paid in by the shareholders to cure a covenant, or for what a new loan does not lend [USD].
EQUITY_CURE = next(cell)
# Given to and taken from other vehicles of the programme on the last payment date; given so far [USD].
SHARED_OUT, SHARED_IN, SHARED = islice(cell, 3)

# Of a refinancing: what became of it, what lenders lent less than was needed and what they lent [USD], the
# shareholders' part, the old lender's premium and the new one's fee [USD].
REFINANCED, SHORTFALL, NEW_FACE, NEW_EQUITY, NEW_PREMIUM, NEW_FEE = islice(cell, 6)
# Of the new loan [USD]: principal scheduled on the date, scheduled balance after it, the reserve it asks for.
NEW_PRINCIPAL, NEW_BALANCE, NEW_RESERVE = islice(cell, 3)

# Drawn on letters of credit in the month, and paid back to their banks [USD].
LETTERS_DRAWN, LETTERS_REPAID = islice(cell, 2)

# Sums and extremes of the path.
BREACH, CLAIM, SALE = islice(cell, 3)
MIN_DSCR, SUM_DSCR, DATES, LOCKED_DATES, OPERATING_VALUE = islice(cell, 5)
EQUITY_CURES, EQUITY_RECEIVED, EQUITY_NPV, PAYBACK_MONTH = islice(cell, 4)
# Paid in by the shareholders up to completion [USD].
EQUITY_PAID_IN = next(cell)
# Present values at one rate for everybody [USD].
EQUITY_VALUE, LESSEE_PAID, GUARANTOR_PAID, BANK_PAID, OUTSIDE_VALUE = islice(cell, 5)
# Of the promote [USD]: what investors lack of the hurdle, their profit so far, the manager's carry so far.
HURDLE_BALANCE, INVESTORS_PROFIT, CARRY_PAID = islice(cell, 3)

# A default of the lessee: its outcome, the month of its cure, the phase of the lease, a renegotiated rate.
OUTCOME, CURED_IN, PHASE, NEW_RATE = islice(cell, 4)
# Whether the units of a rejected lease are sold by force, where that is a choice [0 or 1].
FORCED_SALE = next(cell)
# What is left of the deposit and of the guarantee of its rent, and has been paid on that [USD].
DEPOSIT_LEFT, RENT_GUARANTEE_LEFT, RENT_GUARANTEE_PAID = islice(cell, 3)
# Rent since the default, with interest: fallen due, met by anyone, waived, owed [USD].
RENT_DUE, RENT_MET, RENT_WAIVED, RENT_OWED = islice(cell, 4)

# Units, in H100-equivalents but for the last line. Shares of the units that work [1]: of those held, and of
# those whose lease ends in the month.  Missing from those of a lessee that returns them; spares on hand.
WORKING_SHARE, RETURNED_SHARE, UNITS_MISSING, SPARES = islice(cell, 4)
# Spares ordered; cost of those delivered in the month [USD]; breach of the units' own identities [USD].
SPARES_ORDERED, SPARES_COST, UNITS_BREACH = islice(cell, 3)
# Unit-months of the path: of units that worked, and of all that were held.
MONTHS_WORKED, MONTHS_HELD = islice(cell, 2)
# Number of units that work and of replacements under way; that failed, came back and were lost in the month;
# lost or destroyed on the path.  Destroyed by casualties in the month.
UNITS_WORKING, UNITS_RETURNING, UNITS_FAILED, UNITS_REPLACED, UNITS_LOST, ALL_LOST = islice(cell, 6)
UNITS_DESTROYED = next(cell)

N_DEAL_CELLS = next(cell)

cell = count()

# Of each tranche [USD]: a claim on the cash, and right behind it what has been paid on it.
INTEREST_DUE, INTEREST_PAID, PRINCIPAL_DUE, PRINCIPAL_PAID = islice(cell, 4)
# Outstanding; due before and unpaid; interest of the period now ended.
DEBT, INTEREST_ARREARS, PRINCIPAL_ARREARS, CURRENT_INTEREST = islice(cell, 4)
# Paid on the last payment date before it was due; of a loan that is lent on it, less its face.
PREPAID = next(cell)
# Interest since the tranche's own last date, of one that pays less often than the first rank.
INTEREST_TO_COME = next(cell)
# Letter of credit [USD]: what is left of it, and was at the month's start; what the bank has lent on it; the
# claim on the cash that it makes, and what has been paid on it.
LETTER, LETTER_BEFORE, LETTER_LOAN, LETTER_DUE, LETTER_PAID = islice(cell, 5)
# Sums of the path: drawn, accrued and paid back.
LETTER_DRAWN, LETTER_ACCRUED, LETTER_REPAID = islice(cell, 3)
# Sums of the path; principal times months since completion; present value at the rate of everybody.
VALUE, INTEREST_ACCRUED, INTEREST_RECEIVED, PRINCIPAL_RECEIVED, PRINCIPAL_MONTHS = islice(cell, 5)
LENDER_VALUE = next(cell)
# The fees' claim, and right behind it what has been paid on it [USD].
FEES_DUE, FEES_PAID = islice(cell, 2)
# Premium on what is prepaid [1], its claim with what has been paid on it, and what a sweep pays of it [USD];
# a loan that refinances another counts its premium, and its own fee, so too.
PREMIUM_RATE, PREMIUM_DUE, PREMIUM_PAID, PREMIUM_SWEPT = islice(cell, 4)
# What its hedge and the end of a swap ask for, each with what has been paid on the last payment date [USD].
HEDGE_DUE, HEDGE_PAID, TERMINATION_DUE, TERMINATION_PAID = islice(cell, 4)
# Net cost of the hedge's period, negative where it pays; what it paid the vehicle, for its end too [USD].
HEDGE_COST, HEDGE_RECEIVED = islice(cell, 2)
# Face drawn; present values at the coupon of the debt service that it was to have, and of the draws [USD].
DRAWN, PROMISED_VALUE, DRAWN_VALUE = islice(cell, 3)
# Of a floating tranche: coupon of the period now ended, present value at closing of a dollar at its end [1].
# Of a loan that refinances another: coupon of each period, present value of a dollar when it was lent.
COUPON, DISCOUNT = islice(cell, 2)

N_TRANCHE_CELLS = next(cell)

cell = count()

# Of each class of equity [USD]: capital and return that a preferred one is owed; paid on the last date.
CLASS_CAPITAL, CLASS_RETURN_DUE, CLASS_DISTRIBUTED = islice(cell, 3)
# Sums of the path; present values at the hurdle and at the rate of everybody.
CLASS_RECEIVED, CLASS_NPV, CLASS_VALUE = islice(cell, 3)

N_CLASS_CELLS = next(cell)

cell = count()

# Of each covenant, on the last payment date: what is measured [x], and what it is measured against [USD];
# whether it fails [0 or 1].
MEASURED, BACKING, FAILS = islice(cell, 3)
# Payment dates in a row on which it passed, and on which it failed; month of the first failure.
DATES_PASSED, DATES_FAILED, FIRST_BREACH = islice(cell, 3)
# Whether it blocks payments to tranches behind, and has on the date [0 or 1]; share swept [1].
BLOCKS, HAS_BLOCKED, SWEEPS = islice(cell, 3)
# Debt prepaid on the last payment date so that it holds [USD]; cures that equity has left, and that day.
CURED_FROM_TRAP, CURED_FROM_CASH, CURED_BY_EQUITY = islice(cell, 3)
CURES_LEFT, CURES_OPEN = islice(cell, 2)

N_COVENANT_CELLS = next(cell)


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
def class_cell(n_tranches: int, held: int, cell: int) -> int:
    """Where a cell of a class of equity stands, behind those of the tranches."""
    return N_DEAL_CELLS + n_tranches * N_TRANCHE_CELLS + held * N_CLASS_CELLS + cell


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
    held = read(book, CASH)
    for account in range(CASH + 1, N_ACCOUNTS):
        held = held + read(book, account)
    return held
