"""The ledger of a path: every month's prices, cash, payments and balances, as the engine keeps them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from spv_sim.engine.ledger_row import DealRow
from spv_sim.engine.ledger_tranches import (
    FURTHER_ROWS,
    N_TRANCHE_ROWS,
    TRANCHE_CELLS,
    TRANCHE_ROWS,
    write_tranches,
)
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, store, where
from spv_sim.market.credit import NEVER
from spv_sim.market.market import Market
from spv_sim.market.short_rate import ShortRateTerms, short_rate
from spv_sim.spv.book import (
    CASH,
    CFADS_OF_MONTH,
    CLASS_CAPITAL,
    CLASS_DISTRIBUTED,
    CLASS_RETURN_DUE,
    COSTS_DUE,
    COSTS_PAID,
    CURED_BY_EQUITY,
    CURED_FROM_CASH,
    CURED_FROM_TRAP,
    DEBT_SERVICE,
    DISTRIBUTED,
    DSCR,
    DSRA,
    EQUITY_CURE,
    EVENT_OF_DEFAULT,
    FAILS,
    LETTERS_DRAWN,
    LOCKED,
    MAINTAINED,
    MAINTENANCE,
    MEASURED,
    OUTCOME,
    PHASE,
    SHARED_IN,
    SHARED_OUT,
    SWEPT,
    TOPPED_UP,
    TRAP,
    UNITS_DESTROYED,
    UNITS_FAILED,
    UNITS_LOST,
    UNITS_REPLACED,
    UNITS_WORKING,
    WORKING_CAPITAL,
    WORKING_SHARE,
    Book,
    class_cell,
    read,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.hedge import value_of_swap
from spv_sim.spv.interest import coupon_of
from spv_sim.spv.receipts import Receipts

CLASS_ROWS = {"dist": CLASS_DISTRIBUTED, "capital": CLASS_CAPITAL, "return_due": CLASS_RETURN_DUE}
"""Cells of a class of equity in the ledger, by name; the last two of preferred equity, of its last date."""

CLASS_CELLS = tuple(CLASS_ROWS.values())
N_CLASS_ROWS = len(CLASS_CELLS)

COVENANT_ROWS = {
    "measured": MEASURED,
    "fails": FAILS,
    "cured_from_trap": CURED_FROM_TRAP,
    "cured_from_cash": CURED_FROM_CASH,
    "cured_by_equity": CURED_BY_EQUITY,
}
"""Cells of a covenant in the ledger, by name."""

COVENANT_CELLS = tuple(COVENANT_ROWS.values())
N_COVENANT_ROWS = len(COVENANT_CELLS)


N_DEAL_ROWS = len(DealRow._fields)
DIST_ROW, SHARED_OUT_ROW, SHARED_IN_ROW = (
    DealRow._fields.index(name) for name in ("dist", "shared_out", "shared_in")
)


def ledger_names(tranches: Sequence[str], classes: Sequence[str], covenants: Sequence[str]) -> list[str]:
    """Names of the rows: of the deal, ``<tranche>.debt``, ``<class>.dist``, ``covenant.<name>.fails``."""
    of_tranches = [f"{name}.{row}" for name in tranches for row in (*TRANCHE_ROWS, *FURTHER_ROWS)]
    of_classes = [f"{name}.{row}" for name in classes for row in CLASS_ROWS]
    of_covenants = [f"covenant.{name}.{row}" for name in covenants for row in COVENANT_ROWS]
    return [*DealRow._fields, *of_tranches, *of_classes, *of_covenants]


@jit
def count_rows(deal: DealTerms) -> int:
    """Rows of the ledger of a deal."""
    of_tranches = len(deal.tranche.rank) * N_TRANCHE_ROWS
    of_classes = len(deal.classes.preferred) * N_CLASS_ROWS
    return N_DEAL_ROWS + of_tranches + of_classes + len(deal.covenant.cell) * N_COVENANT_ROWS


@jit
def deal_row(
    month: int,
    is_date: bool,
    curve: ShortRateTerms,
    market: Market,
    got: Receipts,
    interest: Any,
    book: Book,
) -> DealRow:
    """The month as a row; payments of the debt only where the month is a payment date."""
    dscr = read(book, DSCR)
    if not is_date:
        dscr = like(dscr, math.nan)
    due, paid = read(book, COSTS_DUE), read(book, COSTS_PAID)
    on_date = 1.0 if is_date else 0.0
    return DealRow(
        price=market.price,
        lease_rate=market.lease_rate,
        short_rate=short_rate(curve, month, market.short_rate),
        default_month=where(market.default_month <= month, market.default_month, NEVER),
        lease_phase=read(book, PHASE),
        outcome=read(book, OUTCOME),
        rent_due=got.payable,
        rent=got.rent,
        arrears=got.arrears,
        support=got.support,
        merchant=got.merchant,
        claim=got.claim,
        sale=got.sale,
        purchase=got.purchase,
        termination=got.termination,
        missing=got.missing,
        insurance=got.insurance,
        guarantee=got.guarantee,
        deposit=got.deposit,
        account_interest=interest,
        opex=got.opex,
        enforcement=got.enforcement,
        spares=got.spares,
        costs_due=due,
        costs_paid=paid,
        cost_arrears=due - paid,
        cfads=read(book, CFADS_OF_MONTH),
        revenue=read(book, CASH),
        trap=read(book, TRAP),
        dsra=read(book, DSRA),
        maintenance=read(book, MAINTENANCE),
        working_capital=read(book, WORKING_CAPITAL),
        event_of_default_month=read(book, EVENT_OF_DEFAULT),
        dist=on_date * read(book, DISTRIBUTED),
        equity_cure=on_date * read(book, EQUITY_CURE),
        shared_out=on_date * read(book, SHARED_OUT),
        shared_in=on_date * read(book, SHARED_IN),
        reserve_topped_up=on_date * read(book, TOPPED_UP),
        maintenance_put_in=on_date * read(book, MAINTAINED),
        letters_drawn=read(book, LETTERS_DRAWN),
        swept=on_date * read(book, SWEPT),
        debt_service=on_date * read(book, DEBT_SERVICE),
        dscr=dscr,
        locked=on_date * read(book, LOCKED),
        units=read(book, UNITS_WORKING),
        working_share=read(book, WORKING_SHARE),
        units_failed=read(book, UNITS_FAILED),
        units_replaced=read(book, UNITS_REPLACED),
        units_lost=read(book, UNITS_LOST),
        units_destroyed=read(book, UNITS_DESTROYED),
    )


@jit
def write_row(
    ledger: Any,
    terms: DealTerms,
    month: int,
    curve: ShortRateTerms,
    market: Market,
    got: Receipts,
    interest: Any,
    book: Book,
    stride: int,
    offset: int,
) -> None:
    """Write the month into the ledger, (months + 1, n_rows, stride) flattened."""
    is_date, n_tranches = terms.pays[month], len(terms.tranche.rank)
    n_classes = len(terms.classes.preferred)
    row = deal_row(month, is_date, curve, market, got, interest, book)
    behind = len(row) + n_tranches * N_TRANCHE_ROWS
    first = month * count_rows(terms)
    for column in range(len(row)):
        store(ledger, (first + column) * stride + offset, row[column])
    write_tranches(ledger, (first + len(row)) * stride + offset, is_date, n_tranches, stride, book)
    for i in range(n_tranches):
        at = first + len(row) + i * N_TRANCHE_ROWS
        bears, coupon, value = terms.tranche.interest, book.template, book.template
        if is_date:
            coupon = coupon_of(bears, i, month, book) / bears.accrual[i, month]
            value = value_of_swap(terms.tranche.hedge, bears, i, month, curve, market.short_rate, book)
            value = where(read(book, EVENT_OF_DEFAULT) > month, value, 0.0)
        store(ledger, (at + len(TRANCHE_CELLS)) * stride + offset, coupon)
        store(ledger, (at + len(TRANCHE_CELLS) + 1) * stride + offset, value)
    for i in range(n_classes):
        for j in range(N_CLASS_ROWS):
            value = read(book, class_cell(n_tranches, i, CLASS_CELLS[j]))
            if j == 0 and not is_date:
                value = book.template
            store(ledger, (first + behind + i * N_CLASS_ROWS + j) * stride + offset, value)
    first += behind + n_classes * N_CLASS_ROWS
    for c in range(len(terms.covenant.cell)):
        for j in range(N_COVENANT_ROWS):
            value = like(book.template, math.nan)
            if is_date:
                value = read(book, terms.covenant.cell[c] + COVENANT_CELLS[j])
            store(ledger, (first + c * N_COVENANT_ROWS + j) * stride + offset, value)


@jit
def rewrite_row(ledger: Any, terms: DealTerms, month: int, stride: int, offset: int, book: Book) -> None:
    """Write again what cash shared with other vehicles changes on a payment date."""
    first = month * count_rows(terms)
    store(ledger, (first + DIST_ROW) * stride + offset, read(book, DISTRIBUTED))
    store(ledger, (first + SHARED_OUT_ROW) * stride + offset, read(book, SHARED_OUT))
    store(ledger, (first + SHARED_IN_ROW) * stride + offset, read(book, SHARED_IN))
    begin = (first + N_DEAL_ROWS) * stride + offset
    write_tranches(ledger, begin, True, len(terms.tranche.rank), stride, book)
