"""What a refinancing leaves of a path: what became of it, who paid for it, and what the new loan comes to."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.irr import irr
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import where, width_of
from spv_sim.spv.book import (
    COUPON,
    DEBT,
    INTEREST_ACCRUED,
    INTEREST_ARREARS,
    INTEREST_RECEIVED,
    LENDER_VALUE,
    NEW_EQUITY,
    NEW_FACE,
    NEW_FEE,
    NEW_PREMIUM,
    PRINCIPAL_RECEIVED,
    REFINANCED,
    SHORTFALL,
    VALUE,
    Book,
    read,
    tranche_cell,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.identities import loss_breach

NEW_LOAN = "refinancing"
"""Name of the new loan in columns and ledger."""


class RefinancingColumns(NamedTuple):
    """One value a path: a code of `spv.new_loan`, amounts [USD], and what the new loan earns and loses.

    `shortfall` is NaN where nobody asks for a loan, coupon, `loss_pv` and yield where none is lent; other
    amounts are then zero. `loss_pv` is a share of the face, as seen when it was lent.
    """

    outcome: Any
    face: Any
    coupon: Any
    shortfall: Any
    equity_paid: Any
    premium: Any
    fee: Any
    loss: Any
    loss_pv: Any
    pv: Any
    yield_: Any
    yield_flag: Any


@jit
def close_refinancing(
    terms: DealTerms, flows: Any, hurdle: float, book: Book
) -> tuple[RefinancingColumns, Any]:
    """Columns of the refinancing after the last month, and the breach of the new loan's identity [USD].

    A loan that is lent counts its face as a payment received below zero, so that nothing is drawn besides.
    """
    i, months = terms.refinance.new, terms.last_month + 1
    begin = (1 + i) * months * width_of(book.template)
    month = terms.refinance.month
    rate, flag = irr(flows[begin:], months, month, book.template, hurdle, terms.flow_every)
    face = read(book, NEW_FACE)
    lent = face > 0.0
    owed = read(book, tranche_cell(i, DEBT)) + read(book, tranche_cell(i, INTEREST_ARREARS))
    breach = loss_breach(
        0.0,
        read(book, tranche_cell(i, INTEREST_ACCRUED)),
        read(book, tranche_cell(i, INTEREST_RECEIVED)),
        read(book, tranche_cell(i, PRINCIPAL_RECEIVED)),
        owed,
    )
    lost = -read(book, tranche_cell(i, VALUE)) / where(lent, face, 1.0)
    yearly = 12.0 / terms.refinance.every
    columns = RefinancingColumns(
        outcome=read(book, REFINANCED),
        face=face,
        coupon=where(lent, yearly * read(book, tranche_cell(i, COUPON)), math.nan),
        shortfall=read(book, SHORTFALL),
        equity_paid=read(book, NEW_EQUITY),
        premium=read(book, NEW_PREMIUM),
        fee=read(book, NEW_FEE),
        loss=where(owed > terms.tolerance, owed, 0.0),
        loss_pv=where(lent, lost, math.nan),
        pv=read(book, tranche_cell(i, LENDER_VALUE)),
        yield_=where(lent, rate, math.nan),
        yield_flag=flag,
    )
    return columns, breach
