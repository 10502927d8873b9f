"""The rows of a tranche in the ledger, and how they are written."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import store
from spv_sim.spv.book import (
    CURRENT_INTEREST,
    DEBT,
    FEES_PAID,
    HEDGE_COST,
    HEDGE_DUE,
    HEDGE_PAID,
    HEDGE_RECEIVED,
    INTEREST_ARREARS,
    INTEREST_DUE,
    INTEREST_PAID,
    LETTER,
    LETTER_LOAN,
    LETTER_PAID,
    PREMIUM_PAID,
    PREPAID,
    PRINCIPAL_ARREARS,
    PRINCIPAL_DUE,
    PRINCIPAL_PAID,
    TERMINATION_DUE,
    TERMINATION_PAID,
    Book,
    read,
    tranche_cell,
)

TRANCHE_ROWS = {
    "debt": DEBT,
    "interest_current": CURRENT_INTEREST,
    "interest_due": INTEREST_DUE,
    "interest_paid": INTEREST_PAID,
    "principal_due": PRINCIPAL_DUE,
    "principal_paid": PRINCIPAL_PAID,
    "prepaid": PREPAID,
    "letter_repaid": LETTER_PAID,
    "fees_paid": FEES_PAID,
    "premium_paid": PREMIUM_PAID,
    "hedge_cost": HEDGE_COST,
    "hedge_received": HEDGE_RECEIVED,
    "hedge_due": HEDGE_DUE,
    "hedge_paid": HEDGE_PAID,
    "termination_due": TERMINATION_DUE,
    "termination_paid": TERMINATION_PAID,
    "interest_arrears": INTEREST_ARREARS,
    "principal_arrears": PRINCIPAL_ARREARS,
    "letter_of_credit": LETTER,
    "letter_loan": LETTER_LOAN,
}
"""Cells of a tranche in the ledger, by name."""

TRANCHE_CELLS = tuple(TRANCHE_ROWS.values())
FIRST_PAYMENT, LAST_PAYMENT = 1, 15
FURTHER_ROWS = ("coupon", "hedge_value")
"""What is not a cell of its own: the annual coupon of the period that ends on the date [1/year], and what the
swap is worth to the vehicle after it [USD]."""

N_TRANCHE_ROWS = len(TRANCHE_CELLS) + len(FURTHER_ROWS)


@routine
def write_tranches(ledger: Any, begin: int, is_date: bool, n_tranches: int, stride: int, book: Book) -> None:
    """Write the cells of all tranches, of which the first row begins at `begin` of the ledger."""
    for i in range(n_tranches):
        for j in range(len(TRANCHE_CELLS)):
            value = read(book, tranche_cell(i, TRANCHE_CELLS[j]))
            if FIRST_PAYMENT <= j <= LAST_PAYMENT and not is_date:
                value = book.template
            store(ledger, begin + (i * N_TRANCHE_ROWS + j) * stride, value)
