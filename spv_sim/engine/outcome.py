"""What a path leaves behind: sums and extremes kept while it runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, maximum, minimum, where
from spv_sim.market.credit import NEVER
from spv_sim.spv.assets import Receipts, cash_in, operating_cash
from spv_sim.spv.deal import DealState, DealTerms, account_interest, is_payment_date
from spv_sim.spv.identities import (
    cash_breach,
    distribution_breach,
    lease_breach,
    negative_breach,
    priority_breach,
    reserve_breach,
)
from spv_sim.spv.tranche import dsra_target
from spv_sim.spv.waterfall import Payments


class Cover(NamedTuple):
    """Cover of the debt service: DSCR over the recorded dates, value of the operating cash [x, USD]."""

    min_dscr: Any
    sum_dscr: Any
    dates: Any
    locked: Any
    operating_value: Any


class Equity(NamedTuple):
    """The shareholders' sums [USD]; the month in which they have their money back."""

    distributed: Any
    npv: Any
    payback_month: Any


class Lender(NamedTuple):
    """The lenders' sums [USD]; principal times months since completion."""

    value: Any
    interest_accrued: Any
    interest_paid: Any
    principal_paid: Any
    principal_months: Any


class Tally(NamedTuple):
    """Sums of a path so far; `breach` is its largest violation of an identity [USD]."""

    cover: Cover
    equity: Equity
    lender: Lender
    claim: Any
    sale: Any
    breach: Any


@jit
def open_tally(terms: DealTerms, template: Any) -> Tally:
    """Before the first month after completion."""
    none = like(template, 0.0)
    never = like(template, NEVER)
    return Tally(
        cover=Cover(never, none, none, none, none),
        equity=Equity(
            distributed=like(template, terms.equity.distributed_at_completion),
            npv=like(template, terms.equity.npv_at_completion),
            payback_month=never,
        ),
        lender=Lender(none, none, none, none, none),
        claim=none,
        sale=none,
        breach=none,
    )


@jit
def identity_breach(
    terms: DealTerms, month: int, before: DealState, after: DealState, got: Receipts, paid: Payments
) -> Any:
    """Largest violation of an identity in the month [USD]."""
    inflow = cash_in(got) + account_interest(terms, before.balances)
    breach = cash_breach(inflow, before.balances, after.balances, paid)
    breach = maximum(breach, negative_breach(after.balances))
    breach = maximum(breach, lease_breach(got.rent, got.payable, got.merchant, got.enforcement))
    if is_payment_date(terms, month):
        target = dsra_target(terms.tranche, month, terms.last_month, after.balances.debt, terms.tolerance)
        breach = maximum(breach, reserve_breach(after.balances, target))
        breach = maximum(breach, priority_breach(after.balances, paid))
        allowed = (paid.dscr >= terms.tranche.lock_up) & (after.default_month > month)
        if month != terms.last_month:
            breach = maximum(breach, distribution_breach(after.balances, paid, allowed, terms.tolerance))
    return breach


@jit
def add_cover(terms: DealTerms, month: int, operating_cash: Any, paid: Payments, cover: Cover) -> Cover:
    """Cover after a payment date."""
    recorded = paid.dscr == paid.dscr
    value = cover.operating_value
    if month <= terms.tranche.maturity:
        value = value + terms.tranche.discount[month] * operating_cash
    return Cover(
        min_dscr=where(recorded, minimum(paid.dscr, cover.min_dscr), cover.min_dscr),
        sum_dscr=cover.sum_dscr + where(recorded, paid.dscr, 0.0),
        dates=cover.dates + where(recorded, 1.0, 0.0),
        locked=cover.locked + paid.locked,
        operating_value=value,
    )


@jit
def add_equity(terms: DealTerms, month: int, paid: Payments, equity: Equity) -> Equity:
    """The shareholders' sums after a payment date."""
    distributed = equity.distributed + paid.distribution
    back = (distributed >= terms.equity.contributed) & (equity.payback_month > month)
    return Equity(
        distributed=distributed,
        npv=equity.npv + terms.equity.discount[month] * paid.distribution,
        payback_month=where(back, 1.0 * month, equity.payback_month),
    )


@jit
def add_lender(terms: DealTerms, month: int, paid: Payments, lender: Lender) -> Lender:
    """The lenders' sums after a payment date."""
    received = paid.interest_paid + paid.principal_paid
    return Lender(
        value=lender.value + terms.tranche.discount[month] * received,
        interest_accrued=lender.interest_accrued + paid.interest_accrued,
        interest_paid=lender.interest_paid + paid.interest_paid,
        principal_paid=lender.principal_paid + paid.principal_paid,
        principal_months=lender.principal_months + 1.0 * (month - terms.completion) * paid.principal_paid,
    )


@jit
def add_month(
    terms: DealTerms,
    month: int,
    before: DealState,
    after: DealState,
    got: Receipts,
    paid: Payments,
    tally: Tally,
) -> Tally:
    """Tally after the month."""
    breach = maximum(tally.breach, identity_breach(terms, month, before, after, got, paid))
    claim = tally.claim + got.claim
    sale = tally.sale + got.sale
    if not is_payment_date(terms, month):
        return Tally(tally.cover, tally.equity, tally.lender, claim, sale, breach)
    operating = before.operating_cash + operating_cash(got)
    return Tally(
        cover=add_cover(terms, month, operating, paid, tally.cover),
        equity=add_equity(terms, month, paid, tally.equity),
        lender=add_lender(terms, month, paid, tally.lender),
        claim=claim,
        sale=sale,
        breach=breach,
    )
