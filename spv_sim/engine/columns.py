"""The columns of a path: one value each, of the deal, then of each tranche, then of each class of equity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from spv_sim.engine.classes import ClassColumns, close_class
from spv_sim.engine.refinancing import NEW_LOAN, RefinancingColumns, close_refinancing
from spv_sim.kernel.irr import irr
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import maximum, store, where, width_of
from spv_sim.spv.book import (
    ALL_LOST,
    BANK_PAID,
    BREACH,
    CAUSE_OF_DEFAULT,
    CLAIM,
    DATES,
    DEBT,
    DRAWN,
    DRAWN_VALUE,
    EQUITY_CURES,
    EQUITY_NPV,
    EQUITY_PAID_IN,
    EQUITY_RECEIVED,
    EQUITY_VALUE,
    EVENT_OF_DEFAULT,
    FIRST_BREACH,
    GUARANTOR_PAID,
    INTEREST_ACCRUED,
    INTEREST_ARREARS,
    INTEREST_RECEIVED,
    LENDER_VALUE,
    LESSEE_PAID,
    LOCKED_DATES,
    MIN_DSCR,
    MONTHS_HELD,
    MONTHS_WORKED,
    OPERATING_VALUE,
    OUTCOME,
    OUTSIDE_VALUE,
    PAYBACK_MONTH,
    PRINCIPAL_MONTHS,
    PRINCIPAL_RECEIVED,
    PROMISED_VALUE,
    RENT_DUE,
    RENT_GUARANTEE_PAID,
    RENT_MET,
    SALE,
    SUM_DSCR,
    VALUE,
    Book,
    read,
    tranche_cell,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.fleet import share_of
from spv_sim.spv.identities import loss_breach


class DealColumns(NamedTuple):
    """One value a path; NaN where it is not defined, infinite months where a thing never happens."""

    equity_irr: Any
    equity_irr_flag: Any
    equity_moic: Any
    equity_npv: Any
    equity_pv: Any
    equity_cures: Any
    equity_payback: Any
    spv_min_dscr: Any
    spv_average_dscr: Any
    spv_llcr: Any
    spv_lock_up_months: Any
    spv_claim: Any
    spv_sale: Any
    spv_breach: Any
    spv_pv_outside: Any
    spv_units_lost: Any
    spv_availability: Any
    lessee_default_month: Any
    lessee_pv_paid: Any
    guarantor_pv_paid: Any
    bank_pv_paid: Any
    lessee_outcome: Any
    lessee_recovery: Any
    lessee_guarantor_paid: Any
    spv_event_of_default_cause: Any


class TrancheColumns(NamedTuple):
    """The same of a tranche."""

    event_of_default_month: Any
    loss: Any
    loss_pv: Any
    pv: Any
    yield_: Any
    yield_flag: Any
    wal: Any


N_DEAL_COLUMNS, N_TRANCHE_COLUMNS = len(DealColumns._fields), len(TrancheColumns._fields)
N_CLASS_COLUMNS = len(ClassColumns._fields)
COVENANT_COLUMNS = ("first_breach_month",)


@jit
def n_lent_at_closing(terms: DealTerms) -> int:
    """Number of tranches but for the loan that may refinance one, which is the last."""
    return len(terms.tranche.rank) - (1 if terms.refinance.in_use else 0)


def count_columns(deal: DealTerms) -> int:
    """Number of columns of a deal."""
    own = len(RefinancingColumns._fields) if deal.refinance.in_use else 0
    of_tranches = n_lent_at_closing(deal) * N_TRANCHE_COLUMNS
    of_classes = len(deal.classes.preferred) * N_CLASS_COLUMNS
    return N_DEAL_COLUMNS + of_tranches + of_classes + deal.covenant.named + own


def column_names(
    tranches: Sequence[str],
    classes: Sequence[str] = (),
    covenants: Sequence[str] = (),
    *,
    refinances: bool = False,
) -> list[str]:
    """Public names of the columns: ``equity.irr``, and with own names ``senior.loss``, ``sponsor.irr``."""
    names = [field.replace("_", ".", 1) for field in DealColumns._fields]
    names += [f"{name}.{field.rstrip('_')}" for name in tranches for field in TrancheColumns._fields]
    names += [f"{name}.{field}" for name in classes for field in ClassColumns._fields]
    names += [f"covenant.{name}.{field}" for name in covenants for field in COVENANT_COLUMNS]
    own = RefinancingColumns._fields if refinances else ()
    return names + [f"{NEW_LOAN}.{field.rstrip('_')}" for field in own]


@jit
def close_tranche(
    terms: DealTerms, i: int, flows: Any, hurdle: float, book: Book
) -> tuple[TrancheColumns, Any]:
    """Columns of a tranche after the last month, and the breach of its own identity [USD]."""
    months = terms.last_month + 1
    begin = (1 + i) * months * width_of(book.template)
    rate, flag = irr(flows[begin:], months, terms.completion, book.template, hurdle, terms.flow_every)
    owed = read(book, tranche_cell(i, DEBT)) + read(book, tranche_cell(i, INTEREST_ARREARS))
    repaid = read(book, tranche_cell(i, PRINCIPAL_RECEIVED))
    breach = loss_breach(
        read(book, tranche_cell(i, DRAWN)),
        read(book, tranche_cell(i, INTEREST_ACCRUED)),
        read(book, tranche_cell(i, INTEREST_RECEIVED)),
        repaid,
        owed,
    )
    value, drawn = read(book, tranche_cell(i, VALUE)), read(book, tranche_cell(i, DRAWN_VALUE))
    promised = read(book, tranche_cell(i, PROMISED_VALUE))
    life = read(book, tranche_cell(i, PRINCIPAL_MONTHS)) / (12.0 * maximum(repaid, 1.0))
    columns = TrancheColumns(
        event_of_default_month=read(book, EVENT_OF_DEFAULT),
        loss=where(owed > terms.tolerance, owed, 0.0),
        loss_pv=(promised - value) / where(drawn > 0.0, drawn, math.nan),
        pv=read(book, tranche_cell(i, LENDER_VALUE)),
        yield_=rate,
        yield_flag=flag,
        wal=where(repaid > 0.0, life, math.nan),
    )
    return columns, breach


@jit
def recovered_share(book: Book) -> Any:
    """Share of the rent since a default that anyone on the lessee's side has paid; NaN without one."""
    due = read(book, RENT_DUE)
    paid = read(book, RENT_MET) + read(book, CLAIM)
    return where(due > 0.0, paid / where(due > 0.0, due, 1.0), math.nan)


@jit
def close_deal(
    terms: DealTerms, flows: Any, hurdle: float, default_month: Any, breach: Any, book: Book
) -> DealColumns:
    """Columns of the deal after the last month."""
    months, none = terms.last_month + 1, book.template
    rate, flag = irr(flows, months, terms.equity.last_call, none, hurdle, terms.flow_every)
    dates = read(book, DATES)
    measured = dates > 0.0
    average = read(book, SUM_DSCR) / maximum(dates, 1.0)
    paid_in = read(book, EQUITY_PAID_IN) + read(book, EQUITY_CURES)
    has_paid = paid_in > 0.0
    multiple = where(has_paid, read(book, EQUITY_RECEIVED) / where(has_paid, paid_in, 1.0), 0.0)
    senior = 0.0
    for i in range(len(terms.tranche.rank)):
        if terms.tranche.rank[i] == terms.tranche.rank[0]:
            senior += terms.tranche.commitment[i]
    value_at_completion = senior * terms.tranche.interest.discount[0, terms.completion]
    if value_at_completion == 0.0:
        value_at_completion = math.nan
    return DealColumns(
        equity_irr=rate,
        equity_irr_flag=flag,
        equity_moic=multiple,
        equity_npv=read(book, EQUITY_NPV),
        equity_pv=read(book, EQUITY_VALUE),
        equity_cures=read(book, EQUITY_CURES),
        equity_payback=read(book, PAYBACK_MONTH),
        spv_min_dscr=where(measured, read(book, MIN_DSCR), math.nan),
        spv_average_dscr=where(measured, average, math.nan),
        spv_llcr=read(book, OPERATING_VALUE) / value_at_completion,
        spv_lock_up_months=read(book, LOCKED_DATES),
        spv_claim=read(book, CLAIM),
        spv_sale=read(book, SALE),
        spv_breach=breach / terms.total_uses,
        spv_pv_outside=read(book, OUTSIDE_VALUE),
        spv_units_lost=read(book, ALL_LOST),
        spv_availability=share_of(read(book, MONTHS_WORKED), read(book, MONTHS_HELD)),
        lessee_default_month=default_month,
        lessee_pv_paid=read(book, LESSEE_PAID),
        guarantor_pv_paid=read(book, GUARANTOR_PAID),
        bank_pv_paid=read(book, BANK_PAID),
        lessee_outcome=read(book, OUTCOME),
        lessee_recovery=recovered_share(book),
        lessee_guarantor_paid=read(book, RENT_GUARANTEE_PAID),
        spv_event_of_default_cause=read(book, CAUSE_OF_DEFAULT),
    )


@jit
def close_path(
    terms: DealTerms, flows: Any, hurdle: float, default_month: Any, book: Book, rows: Any, place: int
) -> None:
    """Write the columns of a path that has run its last month at `place` of the rows, (n_columns, n)."""
    breach, n = read(book, BREACH), n_lent_at_closing(terms)
    for i in range(n):
        columns, own = close_tranche(terms, i, flows, hurdle, book)
        breach = maximum(breach, own)
        for c in range(len(columns)):
            store(rows[N_DEAL_COLUMNS + i * len(columns) + c], place, columns[c])
    first = N_DEAL_COLUMNS + n * N_TRANCHE_COLUMNS
    for j in range(len(terms.classes.preferred)):
        held = close_class(terms, j, flows, hurdle, book)
        for c in range(len(held)):
            store(rows[first + j * len(held) + c], place, held[c])
    first += len(terms.classes.preferred) * N_CLASS_COLUMNS
    for c in range(terms.covenant.named):
        store(rows[first + c], place, read(book, terms.covenant.cell[c] + FIRST_BREACH))
    if terms.refinance.in_use:
        first += terms.covenant.named
        lent, own = close_refinancing(terms, flows, hurdle, book)
        breach = maximum(breach, own)
        for c in range(len(lent)):
            store(rows[first + c], place, lent[c])
    deal = close_deal(terms, flows, hurdle, default_month, breach, book)
    for c in range(len(deal)):
        store(rows[c], place, deal[c])
