"""One deal, one month: the assets' cash, costs, and on payment dates the debt and the distribution."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import any_of, like, maximum
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.market.short_rate import ShortRateState, ShortRateTerms
from spv_sim.spv.asset_terms import AssetState, AssetTerms
from spv_sim.spv.asset_watch import cash_to_come, is_disposed_of
from spv_sim.spv.assets import run_assets
from spv_sim.spv.book import (
    CASH,
    CFADS,
    CFADS_OF_MONTH,
    COSTS_DUE,
    COSTS_PAID,
    DEBT,
    DISTRIBUTED,
    ENFORCEMENT,
    EQUITY_CURE,
    EVENT_OF_DEFAULT,
    INTEREST_ARREARS,
    INTEREST_TO_COME,
    LOCKED,
    OPERATING_CASH,
    SWEPT,
    TOPPED_UP,
    Book,
    add,
    cash_held,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.collateral import stand
from spv_sim.spv.contingent_equity import ContingentTerms
from spv_sim.spv.covenant import collect, open_covenants
from spv_sim.spv.covenant_terms import CovenantTerms
from spv_sim.spv.draw_stop import StopTerms
from spv_sim.spv.equity import ClassTerms
from spv_sim.spv.event_of_default import declare_default
from spv_sim.spv.hedge import settle_hedges
from spv_sim.spv.interest import set_coupons
from spv_sim.spv.letter_of_credit import LetterTerms, claim_reimbursement, is_owed, settle_letters
from spv_sim.spv.new_loan import RefinanceTerms, follow_new_loan
from spv_sim.spv.receipts import Receipts, cash_in, leaving_cash, operating_cash, operating_costs
from spv_sim.spv.refinance import refinance
from spv_sim.spv.reserves import ReserveTerms, open_reserves
from spv_sim.spv.tranche import TrancheTerms, ask_fees, call_in, fall_due, measure_cover, settle
from spv_sim.spv.waterfall import WaterfallTerms, run_waterfall


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
    first_rate_month : first month whose payments follow the path's base rates; infinite where none do.
    flow_every : months between the dates, counted from closing, at which anything may flow to an investor.
    rent_dates : (months + 1,) bool, months in which rent may fall due.
    price_scale : price of the deal's own units to that of the market's [1].
    pays : (months + 1,) bool, the payment dates.  dates : (n,) int64, the same by month.
    whole : (months + 1,) bool, those on which all tranches pay.
    payment_every : months between them.
    grace : payment dates that arrears or a default of the lessee may last before an event of default.
    letters : of credit, in place of reserves.
    reserves : for maintenance and for operating cost.
    refinance : of a tranche by a new loan.
    counts_interest, counts_sale : 1 where interest on accounts, and what units bring when they leave, count
        as cash flow available for debt service; else 0.
    account_rate : interest on account balances of one month [1].
    discount : (months + 1,) float64, value at closing of a dollar in the month, whoever gets it [1].
    falls : (months + 1,) float64, months whose interest falls on the month: on a yearly grid twelve on the
        dates and none between [1].
    opening : (n_cells,) float64, the book after completion.
    lender_flow : (n, months + 1) float64, draws, fees and interest of each tranche up to completion [USD].
    stop : what a default of the lessee up to completion leads to.
    contingent : what the rates of a path change up to completion.
    """

    completion: int
    last_month: int
    total_uses: float
    tolerance: float
    first_rate_month: float
    flow_every: int
    rent_dates: Any
    price_scale: float
    pays: Any
    whole: Any
    dates: Any
    payment_every: int
    grace: int
    assets: AssetTerms
    tranche: TrancheTerms
    covenant: CovenantTerms
    waterfall: WaterfallTerms
    equity: EquityTerms
    letters: LetterTerms
    classes: ClassTerms
    reserves: ReserveTerms
    refinance: RefinanceTerms
    counts_interest: float
    counts_sale: float
    account_rate: float
    discount: Any
    falls: Any
    opening: Any
    lender_flow: Any
    stop: StopTerms
    contingent: ContingentTerms


@jit
def open_book(terms: DealTerms, book: Book) -> None:
    """Write the book as it stands at completion."""
    for cell in range(len(terms.opening)):
        write(book, cell, like(book.template, terms.opening[cell]))


@jit
def is_owed_debt(terms: TrancheTerms, book: Book) -> Any:
    """Whether any tranche is owed principal or interest."""
    owed = book.template != book.template
    for i in range(len(terms.rank)):
        owed = owed | (read(book, tranche_cell(i, DEBT)) > 0.0)
        owed = owed | (read(book, tranche_cell(i, INTEREST_ARREARS)) > 0.0)
        if terms.any_slow:
            owed = owed | (read(book, tranche_cell(i, INTEREST_TO_COME)) > 0.0)
    return owed


@jit
def is_over(terms: DealTerms, month: int, assets: AssetState, book: Book) -> bool:
    """Whether nothing can happen on any lane: units sold, claims and debt paid, cash distributed."""
    default_to_come = (assets.rejected_in < NEVER) & (read(book, EVENT_OF_DEFAULT) >= NEVER)
    income = cash_to_come(terms.assets, month, assets, book)
    owed = read(book, COSTS_DUE) - read(book, COSTS_PAID) > 0.0
    owed = owed | is_owed_debt(terms.tranche, book)
    if terms.letters.in_use:
        owed = owed | is_owed(len(terms.tranche.rank), book)
    return not any_of(income | default_to_come | owed | (cash_held(book) > 0.0))


@jit
def take_in(terms: DealTerms, got: Receipts, interest: Any, book: Book) -> Any:
    """Book the month's cash and what it has to bear; the cash that came in [USD]."""
    costs = operating_costs(got)
    operating = operating_cash(got)
    inflow = cash_in(got) + interest
    write(book, COSTS_DUE, costs + maximum(read(book, COSTS_DUE) - read(book, COSTS_PAID), 0.0))
    write(book, COSTS_PAID, like(costs, 0.0))
    write(book, ENFORCEMENT, got.enforcement)
    add(book, CASH, inflow)
    add(book, OPERATING_CASH, operating)
    cfads = operating + terms.counts_interest * interest
    if terms.counts_sale > 0.0:
        cfads = cfads + leaving_cash(got)
    write(book, CFADS_OF_MONTH, cfads)
    add(book, CFADS, cfads)
    return inflow


@jit
def open_date(
    terms: DealTerms,
    month: int,
    in_default: Any,
    assets: AssetState,
    price: Any,
    curve: ShortRateTerms,
    short_rate: ShortRateState,
    book: Book,
) -> Any:
    """What a payment date asks for, measured before anything is paid; what hedges pay in on it [USD].

    Cover is of the scheduled debt service; what a sale of the units calls in on top is not part of it.
    """
    received = like(book.template, 0.0)
    none = like(book.template, 0.0)
    for cell in (DISTRIBUTED, TOPPED_UP, SWEPT, EQUITY_CURE, LOCKED):
        write(book, cell, none)
    if terms.tranche.interest.any_floats:
        set_coupons(terms.tranche.interest, month, curve, short_rate, book)
    if terms.tranche.any_fees:
        ask_fees(terms.tranche, month, book)
    if terms.tranche.hedge.used:
        hedge, interest = terms.tranche.hedge, terms.tranche.interest
        received = settle_hedges(hedge, interest, month, curve, short_rate, book)
    if terms.refinance.in_use and month > terms.refinance.month:
        follow_new_loan(terms.refinance, terms.tranche, month, book)
    fall_due(terms.tranche, month, terms.last_month, in_default, book)
    standing = stand(terms.assets, month, in_default, assets, price, book)
    if terms.refinance.in_use and month == terms.refinance.month:
        refinance(
            terms.refinance,
            terms.tranche,
            terms.last_month,
            standing,
            terms.tolerance,
            curve,
            short_rate,
            book,
        )
    measure_cover(terms.tranche, in_default, book)
    date = (month - terms.completion) // terms.payment_every
    open_covenants(terms.covenant, terms.tranche, month, date, standing, book)
    call_in(terms.tranche, month, is_disposed_of(assets, month), book)
    return received


@jit
def run_month(
    terms: DealTerms,
    month: int,
    curve: ShortRateTerms,
    market: Market,
    assets: AssetState,
    opening: Any,
    book: Book,
) -> tuple[AssetState, Receipts, Any, Any]:
    """The deal's month: the assets, what they brought, all that came in, and the breach of priority [USD].

    curve : what base rates are read off.  opening : what lies in all accounts before it [USD].
    """
    held, got = run_assets(terms.assets, month, terms.last_month, market, assets, book)
    if terms.pays[month - 1]:
        write(book, CFADS, like(book.template, 0.0))
        write(book, OPERATING_CASH, like(book.template, 0.0))
    if terms.covenant.collects:
        collect(terms.covenant, got.rent + got.arrears + got.support, book)
    inflow = take_in(terms, got, terms.account_rate * terms.falls[month] * opening, book)
    is_date = terms.pays[month]
    in_default = read(book, EVENT_OF_DEFAULT) <= month
    if is_date:
        in_default = declare_default(terms, month, held.default_month, book)
        rates = market.short_rate
        inflow = inflow + open_date(terms, month, in_default, held, market.price, curve, rates, book)
        if terms.reserves.in_use:
            open_reserves(terms.reserves, month, month == terms.last_month, held, book)
        if terms.letters.in_use:
            claim_reimbursement(terms.letters, month, terms.tranche.interest, book)
    breach = run_waterfall(
        terms.waterfall,
        terms.tranche,
        terms.covenant,
        month,
        terms.last_month,
        is_date,
        terms.whole[month],
        in_default,
        terms.tolerance,
        book,
    )
    if terms.letters.in_use:
        settle_letters(terms.letters, month, is_date, terms.tolerance, book)
    if is_date:
        settle(terms.tranche, in_default, terms.tolerance, book)
    return held, got, inflow, breach
