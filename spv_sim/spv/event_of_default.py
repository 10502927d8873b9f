"""The event of default: what begins it, on which payment date, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, where
from spv_sim.spv.book import (
    CAUSE_OF_DEFAULT,
    CURED_IN,
    DATES_IN_ARREARS,
    EVENT_OF_DEFAULT,
    Book,
    read,
    write,
)
from spv_sim.spv.covenant import is_in_breach
from spv_sim.spv.new_loan import is_refinanced

if TYPE_CHECKING:
    from spv_sim.spv.deal import DealTerms

NO_DEFAULT, LEASE, PAYMENT, MATURITY, COVENANT, CROSS_DEFAULT = range(6)
"""Causes of an event of default; where several meet on a date, the first of them counts."""


@jit
def owes_new_loan(terms: DealTerms, month: int) -> bool:
    """Whether a new loan, if one is lent, is senior and has not matured before the month."""
    new = terms.refinance.new
    return terms.tranche.rank[new] == terms.tranche.rank[0] and month <= terms.tranche.maturity[new]


@jit
def declare_default(terms: DealTerms, month: int, default_month: Any, book: Book) -> Any:
    """Whether the payment date begins in an event of default.

    It does once a default of the lessee, arrears or a breach of a covenant have outlasted their grace, and
    ever after. A default of the lease that is cured by the date is none of the debt; arrears on debt that
    has matured are a default at maturity.
    Source: model 7.9, R5.
    """
    since = read(book, EVENT_OF_DEFAULT)
    lease_uncured = default_month + 1.0 * terms.grace * terms.payment_every <= month
    lease_uncured = lease_uncured & (read(book, CURED_IN) > month)
    unpaid = read(book, DATES_IN_ARREARS) >= 1.0 * terms.grace
    breached = is_in_breach(terms.covenant, book)
    in_default = lease_uncured | unpaid | breached | (since <= month)
    begins = in_default & (since > month)
    if any_of(begins):
        arrears = like(since, 1.0 * (MATURITY if month > terms.tranche.maturity[0] else PAYMENT))
        if terms.refinance.in_use and owes_new_loan(terms, month):
            arrears = where(is_refinanced(book), 1.0 * PAYMENT, arrears)
        cause = where(lease_uncured, 1.0 * LEASE, where(unpaid, arrears, 1.0 * COVENANT))
        write(book, CAUSE_OF_DEFAULT, where(begins, cause, read(book, CAUSE_OF_DEFAULT)))
        write(book, EVENT_OF_DEFAULT, where(begins, 1.0 * month, since))
    return in_default
