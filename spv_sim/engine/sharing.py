"""Cross-collateral: what a vehicle would pay its shareholders cures the senior shortfall of another first.

It runs after all deals have run the month. Vehicles take and give in their order; none gives to itself.
Interest is cured before principal, that which an event of default has accelerated too; interest that is added
to the debt is not short. A transfer comes from outside to each of the two vehicles, so that each one's own
identities hold. It changes no cover, no account and no earlier event of default, but stops the count of
payment dates with arrears where it cures all of them.

Limits: fees, hedging banks and banks of letters of credit are not cured, nor are tranches behind the first
rank. Source: model 9.6.
"""

from __future__ import annotations

from typing import Any

from spv_sim.engine.layout import Layout
from spv_sim.engine.ledger import rewrite_row
from spv_sim.engine.outcome import count_payment
from spv_sim.engine.place import book_of
from spv_sim.engine.terms import Ties
from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import (
    absolute,
    any_of,
    like,
    load,
    maximum,
    minimum,
    store,
    where,
    width_of,
)
from spv_sim.kernel.shelf import at
from spv_sim.market.credit import NEVER
from spv_sim.spv.book import (
    BREACH,
    DATES_IN_ARREARS,
    DEBT,
    DISTRIBUTED,
    EQUITY_CURES,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    INTEREST_ARREARS,
    INTEREST_DUE,
    OUTSIDE_VALUE,
    PAYBACK_MONTH,
    PRINCIPAL_ARREARS,
    PRINCIPAL_DUE,
    SHARED,
    SHARED_IN,
    SHARED_OUT,
    Book,
    add,
    read,
    tranche_cell,
    write,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.priority import reduce_balance

CLAIMS = (INTEREST_DUE, PRINCIPAL_DUE)
"""What is cured, in this order; what has been paid on it stands right behind it."""
ARREARS = (INTEREST_ARREARS, PRINCIPAL_ARREARS)


@routine
def takes_part(ties: Ties, deals: Any, d: int, month: int) -> bool:
    """Whether a deal shares, and pays in the month."""
    deal = at(deals, d)
    return ties.cross_collateral[d] and deal.completion < month <= deal.last_month and deal.pays[month]


@routine
def lacking(deal: DealTerms, claim: int, i: int, book: Book) -> Any:
    """What a senior tranche lacks of a claim, more than dust [USD]."""
    cell = tranche_cell(i, CLAIMS[claim])
    short = read(book, cell) - read(book, cell + 1)
    if claim == 0 and deal.tranche.capitalises[i]:
        short = like(short, 0.0)
    if claim == 1:
        short = minimum(short, read(book, tranche_cell(i, DEBT)))
    return where(short > deal.tolerance, short, 0.0)


@routine
def all_lacking(deal: DealTerms, claim: int, book: Book) -> Any:
    """The same of all senior tranches together [USD]."""
    owed = like(book.template, 0.0)
    for i in range(len(deal.tranche.rank)):
        if deal.tranche.rank[i] == deal.tranche.rank[0]:
            owed = owed + lacking(deal, claim, i, book)
    return owed


@routine
def give(deal: DealTerms, month: int, given: Any, flows: Any, book: Book) -> None:
    """Take what is given off the shareholders' payment of the month, and off their sums."""
    place = month * width_of(given)
    store(flows, place, load(flows, place, given) - given)
    write(book, DISTRIBUTED, read(book, DISTRIBUTED) - given)
    received = read(book, EQUITY_RECEIVED) - given
    write(book, EQUITY_RECEIVED, received)
    add(book, EQUITY_NPV, -deal.equity.discount[month] * given)
    add(book, EQUITY_VALUE, -deal.discount[month] * given)
    back = read(book, PAYBACK_MONTH)
    lost = (back == 1.0 * month) & (received < read(book, EQUITY_PAID_IN) + read(book, EQUITY_CURES))
    write(book, PAYBACK_MONTH, where(lost, NEVER, back))
    add(book, OUTSIDE_VALUE, -deal.discount[month] * given)
    add(book, SHARED_OUT, given)
    add(book, SHARED, given)


@routine
def take(deal: DealTerms, month: int, claim: int, owed: Any, got: Any, flows: Any, book: Book) -> None:
    """Pay the senior tranches, pro rata to what each lacks of the claim."""
    quota = where(owed > 0.0, got / where(owed > 0.0, owed, 1.0), 0.0)
    for i in range(len(deal.tranche.rank)):
        if deal.tranche.rank[i] != deal.tranche.rank[0]:
            continue
        paid, none = quota * lacking(deal, claim, i, book), like(got, 0.0)
        if claim == 0:
            count_payment(deal, month, i, paid, none, paid, book)
        else:
            count_payment(deal, month, i, none, paid, paid, book)
            reduce_balance(book, tranche_cell(i, DEBT), paid, deal.tolerance)
        add(book, tranche_cell(i, CLAIMS[claim] + 1), paid)
        reduce_balance(book, tranche_cell(i, ARREARS[claim]), paid, deal.tolerance)
        place = ((1 + i) * (deal.last_month + 1) + month) * width_of(got)
        store(flows, place, load(flows, place, got) + paid)
    add(book, OUTSIDE_VALUE, deal.discount[month] * got)
    add(book, SHARED_IN, got)


@routine
def count_arrears(deal: DealTerms, book: Book) -> None:
    """No payment date with arrears counts where nothing senior is in arrears any more."""
    short = book.template != book.template
    for i in range(len(deal.tranche.rank)):
        if deal.tranche.rank[i] == deal.tranche.rank[0]:
            for claim in range(2):
                short = short | (read(book, tranche_cell(i, ARREARS[claim])) > deal.tolerance)
    write(book, DATES_IN_ARREARS, where(short, read(book, DATES_IN_ARREARS), 0.0))


@routine
def count_breach(ties: Ties, deals: Any, layout: Layout, month: int, cells: Any, none: Any) -> None:
    """What is given is taken, and no shareholder is paid while another vehicle's senior debt is short.

    Source: model I2 and I8, across vehicles.
    """
    balance = none
    for b in range(len(layout.cells) - 1):
        if not takes_part(ties, deals, b, month):
            continue
        book = book_of(layout, b, cells, none)
        balance = balance + (read(book, SHARED_IN) - read(book, SHARED_OUT))
        left = all_lacking(at(deals, b), 0, book) + all_lacking(at(deals, b), 1, book)
        for a in range(len(layout.cells) - 1):
            if a != b and takes_part(ties, deals, a, month):
                left_over = minimum(read(book_of(layout, a, cells, none), DISTRIBUTED), left)
                write(book, BREACH, maximum(read(book, BREACH), left_over))
    for b in range(len(layout.cells) - 1):
        if takes_part(ties, deals, b, month):
            book = book_of(layout, b, cells, none)
            write(book, BREACH, maximum(read(book, BREACH), absolute(balance)))


@routine
def cure_from_others(
    ties: Ties, deals: Any, layout: Layout, b: int, claim: int, month: int, flows: Any, cells: Any, none: Any
) -> bool:
    """Pay what a deal's senior tranches lack of a claim out of the others' cash; whether there was any."""
    book, lanes = book_of(layout, b, cells, none), width_of(none)
    owed = all_lacking(at(deals, b), claim, book)
    if not any_of(owed > 0.0):
        return False
    got = like(none, 0.0)
    for a in range(len(layout.cells) - 1):
        if a != b and takes_part(ties, deals, a, month):
            giver = book_of(layout, a, cells, none)
            given = minimum(read(giver, DISTRIBUTED), maximum(owed - got, 0.0))
            give(at(deals, a), month, given, flows[layout.flows[a] * lanes :], giver)
            got = got + given
    if not any_of(got > 0.0):
        return False
    take(at(deals, b), month, claim, owed, got, flows[layout.flows[b] * lanes :], book)
    return True


@routine
def share_cash(
    ties: Ties,
    deals: Any,
    layout: Layout,
    month: int,
    flows: Any,
    cells: Any,
    none: Any,
    ledger: Any,
    stride: int,
    offset: int,
) -> None:
    """Let the vehicles that share cure each other in the month, and count and record what they do."""
    n, shared = len(layout.cells) - 1, False
    for d in range(n):
        if takes_part(ties, deals, d, month):
            write(book_of(layout, d, cells, none), SHARED_OUT, none)
            write(book_of(layout, d, cells, none), SHARED_IN, none)
    for b in range(n):
        if takes_part(ties, deals, b, month):
            for claim in range(2):
                cured = cure_from_others(ties, deals, layout, b, claim, month, flows, cells, none)
                shared = shared or cured
    if shared:
        for b in range(n):
            if takes_part(ties, deals, b, month):
                count_arrears(at(deals, b), book_of(layout, b, cells, none))
        count_breach(ties, deals, layout, month, cells, none)
    if len(ledger) > 0:  # what the deals have written of sharing is that of the date before
        for d in range(n):
            if takes_part(ties, deals, d, month):
                rows = ledger[layout.ledger[d] * stride :]
                rewrite_row(rows, at(deals, d), month, stride, offset, book_of(layout, d, cells, none))
