"""Identities that hold on every path: dollars in = dollars out, nothing negative, no more than is due."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import absolute, invert, like, maximum, minimum, where
from spv_sim.spv.book import (
    COSTS_DUE,
    COSTS_PAID,
    COVERED,
    DEBT,
    DISTRIBUTED,
    DSRA,
    EQUITY_CURE,
    EVENT_OF_DEFAULT,
    FEES_DUE,
    FEES_PAID,
    HEDGE_DUE,
    HEDGE_PAID,
    INTEREST_ARREARS,
    INTEREST_PAID,
    LETTERS_DRAWN,
    LETTERS_REPAID,
    MAINTENANCE,
    MAINTENANCE_TARGET,
    N_ACCOUNTS,
    PREMIUM_DUE,
    PREMIUM_PAID,
    PREPAID,
    PRINCIPAL_ARREARS,
    PRINCIPAL_PAID,
    TERMINATION_DUE,
    TERMINATION_PAID,
    WORKING_CAPITAL,
    WORKING_CAPITAL_TARGET,
    Book,
    read,
    tranche_cell,
)


@jit
def paid_to_third_parties(tranche: int, book: Book) -> Any:
    """What a tranche's agent and hedging bank were paid on the last payment date [USD]."""
    hedge = read(book, tranche_cell(tranche, HEDGE_PAID)) + read(
        book, tranche_cell(tranche, TERMINATION_PAID)
    )
    return hedge + read(book, tranche_cell(tranche, FEES_PAID))


@jit
def paid_to_tranche(tranche: int, book: Book) -> Any:
    """Interest, principal, prepayments and their premium of the last payment date [USD]."""
    due = read(book, tranche_cell(tranche, INTEREST_PAID)) + read(book, tranche_cell(tranche, PRINCIPAL_PAID))
    early = read(book, tranche_cell(tranche, PREPAID)) + read(book, tranche_cell(tranche, PREMIUM_PAID))
    return due + early


@jit
def cash_breach(
    inflow: Any, opening: Any, closing: Any, is_date: bool, n_tranches: int, letters: bool, book: Book
) -> Any:
    """Model I2: cash in, letters of credit and cures too, + opening accounts = payments + closing [USD]."""
    outflow = read(book, COSTS_PAID)
    if letters:
        outflow = outflow + read(book, LETTERS_REPAID) - read(book, LETTERS_DRAWN)
    if is_date:
        inflow = inflow + read(book, EQUITY_CURE)
        outflow = outflow + read(book, DISTRIBUTED)
        for i in range(n_tranches):
            outflow = outflow + paid_to_tranche(i, book) + paid_to_third_parties(i, book)
    return absolute(inflow + opening - outflow - closing)


@jit
def negative_breach(n_tranches: int, is_date: bool, book: Book) -> Any:
    """Model I3 and I4: no account, no arrears below zero; debt moves on dates alone [USD]."""
    lowest = read(book, COSTS_DUE) - read(book, COSTS_PAID)
    for account in range(N_ACCOUNTS):
        lowest = minimum(read(book, account), lowest)
    for i in range(n_tranches if is_date else 0):
        lowest = minimum(read(book, tranche_cell(i, DEBT)), lowest)
        lowest = minimum(read(book, tranche_cell(i, INTEREST_ARREARS)), lowest)
        lowest = minimum(read(book, tranche_cell(i, PRINCIPAL_ARREARS)), lowest)
        for due in (FEES_DUE, HEDGE_DUE, TERMINATION_DUE, PREMIUM_DUE):
            unpaid = read(book, tranche_cell(i, due)) - read(book, tranche_cell(i, due) + 1)
            lowest = minimum(unpaid, lowest)
    return maximum(-lowest, 0.0)


@jit
def distribution_breach(month: int, n_tranches: int, tolerance: float, book: Book) -> Any:
    """Model I7: a distribution needs a passed test or no debt; after an event of default, no debt [USD]."""
    owed = like(book.template, 0.0)
    for i in range(n_tranches):
        owed = maximum(read(book, tranche_cell(i, DEBT)), owed)
        owed = maximum(read(book, tranche_cell(i, INTEREST_ARREARS)), owed)
    allowed = (read(book, COVERED) > 0.0) & (read(book, EVENT_OF_DEFAULT) > month)
    return where(invert(allowed | (owed <= tolerance)), read(book, DISTRIBUTED), 0.0)


@jit
def reserve_breach(target: Any, book: Book) -> Any:
    """Model I14: no reserve holds more than its target; `target` is that for debt service [USD]."""
    above = maximum(read(book, DSRA) - target, read(book, MAINTENANCE) - read(book, MAINTENANCE_TARGET))
    return maximum(maximum(above, read(book, WORKING_CAPITAL) - read(book, WORKING_CAPITAL_TARGET)), 0.0)


@jit
def loss_breach(drawn: float, accrued: Any, interest_paid: Any, principal_paid: Any, loss: Any) -> Any:
    """Model I5 and I6: what was drawn and accrued is paid or lost [USD]."""
    return absolute(drawn + accrued - interest_paid - principal_paid - loss)


@jit
def lease_breach(rent: Any, payable: float, merchant: Any, enforcement: Any) -> Any:
    """Model I9 and I16: no more rent than is due; one phase at a time: performing, down, re-let [USD]."""
    two_phases = maximum(minimum(rent, merchant + enforcement), minimum(merchant, enforcement))
    return maximum(two_phases, rent - payable)
