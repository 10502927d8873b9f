"""One deal, one month: lease and workout cash, costs, the waterfall, and what the path remembers of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.spv.accounts import Balances
from spv_sim.spv.assets import (
    AssetState,
    AssetTerms,
    Receipts,
    cash_in,
    cash_to_come,
    open_assets,
    operating_cash,
    run_assets,
)
from spv_sim.spv.tranche import TrancheTerms
from spv_sim.spv.waterfall import Payments, hold_until_payment_date, pay_costs, pay_debt


class EquityTerms(NamedTuple):
    """The shareholders' side.

    net_flow : (months + 1,) float64, distributions at completion less calls, known at closing [USD].
    contributed, distributed_at_completion : totals of its two sides [USD].
    last_call : last month with a call.
    discount : (months + 1,) float64, present value factor at the hurdle, from closing [1].
    npv_at_completion : present value of `net_flow` [USD].
    """

    net_flow: Any
    contributed: float
    distributed_at_completion: float
    last_call: int
    discount: Any
    npv_at_completion: float


class DealTerms(NamedTuple):
    """A closed deal: everything that does not depend on a draw.

    completion, last_month : months of completion (COD) and of the last payment.
    total_uses : what the vehicle spends up to completion [USD].
    tolerance : amounts up to this count as zero in every test [USD].
    flow_every : months between the dates, counted from closing, at which anything may flow to an investor.
    account_rate : interest on account balances of one month [1].
    opening_trap, opening_dsra, opening_cost_arrears : balances after completion [USD].
    lender_flow : (months + 1,) float64, the lender's draws, fees and interest up to completion [USD].
    scheduled_value, drawn_value : present values at the coupon of scheduled debt service and of draws [USD].
    """

    completion: int
    last_month: int
    total_uses: float
    tolerance: float
    flow_every: int
    assets: AssetTerms
    tranche: TrancheTerms
    equity: EquityTerms
    account_rate: float
    opening_trap: float
    opening_dsra: float
    opening_cost_arrears: float
    lender_flow: Any
    scheduled_value: float
    drawn_value: float


class DealState(NamedTuple):
    """What a path remembers of the deal between two months.

    default_month : month from which the tranche is in an event of default.
    dates_in_arrears : payment dates in a row that ended with arrears.
    cfads, operating_cash : since the last payment date, with and without account interest [USD].
    """

    balances: Balances
    assets: AssetState
    default_month: Any
    dates_in_arrears: Any
    cfads: Any
    operating_cash: Any


@jit
def is_payment_date(terms: DealTerms, month: int) -> bool:
    """Whether the debt is paid in the month."""
    return terms.tranche.pays[month]


@jit
def open_deal(terms: DealTerms, template: Any) -> DealState:
    """State at completion."""
    none = like(template, 0.0)
    return DealState(
        balances=Balances(
            revenue=none,
            trap=like(template, terms.opening_trap),
            dsra=like(template, terms.opening_dsra),
            debt=like(template, terms.tranche.commitment),
            cost_arrears=like(template, terms.opening_cost_arrears),
            interest_arrears=none,
            principal_arrears=none,
        ),
        assets=open_assets(terms.assets, template),
        default_month=like(template, NEVER),
        dates_in_arrears=none,
        cfads=none,
        operating_cash=none,
    )


@jit
def is_over(terms: DealTerms, month: int, default_month: Any, state: DealState) -> bool:
    """Whether nothing can happen on any lane: units sold, claims and debt paid, cash distributed."""
    default_to_come = (default_month < NEVER) & (state.default_month >= NEVER)
    income = cash_to_come(terms.assets, month, default_month, state.assets)
    held = state.balances
    owed = (held.debt > 0.0) | (held.interest_arrears > 0.0) | (held.cost_arrears > 0.0)
    cash = held.revenue + held.trap + held.dsra > 0.0
    return not any_of(income | default_to_come | owed | cash)


@jit
def account_interest(terms: DealTerms, balances: Balances) -> Any:
    """Interest of the month on the opening balances of the accounts [USD]."""
    return terms.account_rate * (balances.revenue + balances.trap + balances.dsra)


@jit
def is_in_default(terms: DealTerms, month: int, lease_default_month: Any, state: DealState) -> Any:
    """Whether the payment date begins in an event of default: lease default uncured, or arrears too long."""
    tranche = terms.tranche
    lease_uncured = lease_default_month + 1.0 * tranche.grace * tranche.payment_every <= month
    payment = state.dates_in_arrears >= 1.0 * tranche.grace
    return lease_uncured | payment | (state.default_month <= month)


@jit
def run_month(
    terms: DealTerms, month: int, market: Market, state: DealState
) -> tuple[DealState, Receipts, Payments]:
    """The deal's month: receipts, costs, and on payment dates the debt and the distribution."""
    assets, got = run_assets(terms.assets, month, terms.last_month, market, state.assets)
    interest = account_interest(terms, state.balances)
    operating = operating_cash(got)
    inflow = cash_in(got) + interest
    since_payment = state.operating_cash + operating
    cfads = state.cfads + operating + interest
    due, purse, paid = pay_costs(got.opex + got.enforcement, inflow, state.balances)
    if not is_payment_date(terms, month):
        held, payments = hold_until_payment_date(due, paid, purse, state.balances)
        kept = DealState(held, assets, state.default_month, state.dates_in_arrears, cfads, since_payment)
        return kept, got, payments
    in_default = is_in_default(terms, month, assets.default_month, state)
    after, payments = pay_debt(
        terms.tranche,
        month,
        terms.last_month,
        terms.tolerance,
        cfads,
        in_default,
        due,
        paid,
        purse,
        state.balances,
    )
    short = (after.interest_arrears > terms.tolerance) | (after.principal_arrears > terms.tolerance)
    none = like(cfads, 0.0)
    settled = DealState(
        balances=after,
        assets=assets,
        default_month=where(in_default & (state.default_month > month), 1.0 * month, state.default_month),
        dates_in_arrears=where(short, state.dates_in_arrears + 1.0, 0.0),
        cfads=none,
        operating_cash=none,
    )
    return settled, got, payments
