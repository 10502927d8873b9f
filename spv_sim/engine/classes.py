"""Classes of equity on a path: each date's parts of the distribution, counted and booked."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.irr import irr
from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import like, maximum, store, width_of
from spv_sim.spv.book import (
    BREACH,
    CLASS_DISTRIBUTED,
    CLASS_NPV,
    CLASS_RECEIVED,
    CLASS_VALUE,
    EQUITY_PAID_IN,
    Book,
    add,
    class_cell,
    read,
    write,
)
from spv_sim.spv.deal import DealTerms
from spv_sim.spv.equity import split_distribution


class ClassColumns(NamedTuple):
    """One value a path of a class of equity; NaN where it is not defined."""

    irr: Any
    irr_flag: Any
    moic: Any
    npv: Any
    pv: Any


@routine
def pay_classes(terms: DealTerms, month: int, flows: Any, book: Book) -> None:
    """Split what was distributed in the month, and book each class's part beside its calls of the month."""
    n, months, lanes = len(terms.tranche.rank), terms.last_month + 1, width_of(book.template)
    breach = split_distribution(terms.classes, n, month, book)
    write(book, BREACH, maximum(read(book, BREACH), breach))
    for j in range(len(terms.classes.preferred)):
        paid = read(book, class_cell(n, j, CLASS_DISTRIBUTED))
        add(book, class_cell(n, j, CLASS_RECEIVED), paid)
        add(book, class_cell(n, j, CLASS_NPV), terms.equity.discount[month] * paid)
        add(book, class_cell(n, j, CLASS_VALUE), terms.discount[month] * paid)
        store(flows, ((1 + n + j) * months + month) * lanes, paid + terms.classes.flow[j, month])


@jit
def close_class(terms: DealTerms, j: int, flows: Any, hurdle: float, book: Book) -> ClassColumns:
    """Columns of a class after the last month."""
    n, months, none = len(terms.tranche.rank), terms.last_month + 1, book.template
    begin = (1 + n + j) * months * width_of(none)
    rate, flag = irr(flows[begin:], months, terms.equity.last_call, none, hurdle, terms.flow_every)
    multiple = none  # of nothing paid in
    if terms.classes.contributed[j] > 0.0:
        paid_in = like(none, terms.classes.contributed[j])
        if terms.stop.in_use:
            paid_in = paid_in * (read(book, EQUITY_PAID_IN) / terms.equity.contributed)
        multiple = read(book, class_cell(n, j, CLASS_RECEIVED)) / paid_in
    return ClassColumns(
        irr=rate,
        irr_flag=flag,
        moic=multiple,
        npv=read(book, class_cell(n, j, CLASS_NPV)),
        pv=read(book, class_cell(n, j, CLASS_VALUE)),
    )
