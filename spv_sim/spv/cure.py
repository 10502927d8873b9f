"""The cure of a covenant on the collateral: debt beyond what it carries is prepaid before it is tested."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, invert, like, maximum, minimum, where
from spv_sim.spv.book import (
    CURED_BY_EQUITY,
    CURED_FROM_CASH,
    CURED_FROM_TRAP,
    CURES_OPEN,
    EQUITY_CURE,
    TRAP,
    Book,
    add,
    read,
    write,
)
from spv_sim.spv.covenant import excess_debt
from spv_sim.spv.covenant_terms import CovenantTerms
from spv_sim.spv.priority import EQUITY, Setting, Steps, is_short, repay_early
from spv_sim.spv.tranche import TrancheTerms


@jit
def cured_from(account: int) -> int:
    """Cell of a covenant that counts what an account has given to its cure."""
    if account == EQUITY:
        return CURED_BY_EQUITY
    return CURED_FROM_TRAP if account == TRAP else CURED_FROM_CASH


@routine
def cure(
    steps: Steps,
    step: int,
    covenant: CovenantTerms,
    tranche: TrancheTerms,
    month: int,
    setting: Setting,
    book: Book,
) -> None:
    """Prepay the step's balances until the covenant holds, from its accounts in order.

    Nothing is taken while an earlier claim is short. The shareholders pay all that is left, while they have
    a cure to use; a contribution of theirs goes to the lenders at once and rests in no account. A cure bears
    no premium: the lenders ask for it.
    Source: model 7.8, 8.2, 9.2 step 9, I8.
    """
    c = steps.covenant[step]
    excess = excess_debt(covenant, tranche, c, month, setting.tolerance, book)
    excess = where(setting.active & invert(is_short(steps, book, setting, step, False)), excess, 0.0)
    if setting.is_last or not any_of(excess > 0.0):
        return
    outstanding = like(excess, 0.0)
    for i in range(steps.first_claim[step], steps.first_claim[step + 1]):
        outstanding = outstanding + read(book, steps.balances[i])
    wanted = minimum(excess, outstanding)
    paid = like(excess, 0.0)
    for i in range(steps.first_account[step], steps.first_account[step + 1]):
        account = steps.accounts[i]
        left = maximum(wanted - paid, 0.0)
        if account == EQUITY:
            drawn = where(read(book, covenant.cell[c] + CURES_OPEN) > 0.0, left, 0.0)
            add(book, EQUITY_CURE, drawn)
        else:
            balance = read(book, account)
            drawn = minimum(balance, left)
            write(book, account, balance - drawn)
        add(book, covenant.cell[c] + cured_from(account), drawn)
        paid = paid + drawn
    quota = where(outstanding > 0.0, paid / where(outstanding > 0.0, outstanding, 1.0), 0.0)
    for i in range(steps.first_claim[step], steps.first_claim[step + 1]):
        part = quota * read(book, steps.balances[i])
        repay_early(steps, i, book, part, setting.tolerance)


@routine
def cured_by(steps: Steps, step: int, covenant: CovenantTerms, book: Book) -> Any:
    """What the accounts of a step have given to its cure on the date [USD]."""
    given = like(book.template, 0.0)
    for i in range(steps.first_account[step], steps.first_account[step + 1]):
        cell = covenant.cell[steps.covenant[step]] + cured_from(steps.accounts[i])
        given = given + read(book, cell)
    return given
