"""Classes of equity: each distribution to the preferred first, and the rest by shares or promote."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import absolute, like, maximum, minimum, where
from spv_sim.spv.book import (
    CARRY_PAID,
    CLASS_CAPITAL,
    CLASS_DISTRIBUTED,
    CLASS_RETURN_DUE,
    DISTRIBUTED,
    HURDLE_BALANCE,
    INVESTORS_PROFIT,
    Book,
    add,
    class_cell,
    read,
    write,
)


class ClassTerms(NamedTuple):
    """Terms of m classes, 0 where there is one class only, and of the promote.

    preferred : (m,) bool.
    share_of_rest : (m,) float64, of what the preferred leave, 0 for themselves [1].
    accrual, compounding : (m, months + 1) float64, return that falls due on a payment date for the time since
        the one before, on capital and on unpaid return; 0 for common equity [1].
    flow : (m, months + 1) float64, less the calls [USD].  contributed : (m,) float64, their sum [USD].
    carry : the manager's share of the profit of common equity, 0 without a promote [1].
    catch_up : its share after the hurdle until it has its carry [1].
    carried : (m,) float64, 1 for the class that receives the carry [1].
    hurdle_growth : (months + 1,) float64, growth of the hurdle balance since the payment date before [1].
    """

    preferred: Any
    share_of_rest: Any
    accrual: Any
    compounding: Any
    flow: Any
    contributed: Any
    carry: float
    catch_up: float
    carried: Any
    hurdle_growth: Any


@jit
def serve(terms: ClassTerms, n_tranches: int, cell: int, left: Any, book: Book) -> Any:
    """Pay a balance of the preferred classes, pro rata to it; what is left [USD]."""
    owed = like(left, 0.0)
    for j in range(len(terms.preferred)):
        owed = owed + read(book, class_cell(n_tranches, j, cell))
    paid = minimum(left, owed)
    quota = where(owed > 0.0, paid / where(owed > 0.0, owed, 1.0), 0.0)
    for j in range(len(terms.preferred)):
        balance = read(book, class_cell(n_tranches, j, cell))
        part = quota * balance
        write(book, class_cell(n_tranches, j, cell), maximum(balance - part, 0.0))
        add(book, class_cell(n_tranches, j, CLASS_DISTRIBUTED), part)
    return left - paid


@jit
def promoted(terms: ClassTerms, month: int, left: Any, book: Book) -> Any:
    """The manager's carry out of what is left for common equity, over the life of the deal [USD].

    First the investors up to the hurdle; then the manager's catch-up until it has its carry of all profit;
    then both by the carry.
    Source: model 8.3, European.
    """
    balance = read(book, HURDLE_BALANCE) * (1.0 + terms.hurdle_growth[month])
    profit, carry = read(book, INVESTORS_PROFIT), read(book, CARRY_PAID)
    to_hurdle = minimum(left, balance)
    rest = left - to_hurdle
    caught = like(left, 0.0)
    if terms.catch_up > terms.carry:
        lacking = terms.carry * (carry + profit + to_hurdle) - carry
        caught = minimum(maximum(lacking, 0.0) / (terms.catch_up - terms.carry), rest)
    paid = terms.catch_up * caught + terms.carry * (rest - caught)
    write(book, HURDLE_BALANCE, balance - to_hurdle)
    write(book, INVESTORS_PROFIT, profit + (left - paid))
    write(book, CARRY_PAID, carry + paid)
    return paid


@routine
def split_distribution(terms: ClassTerms, n_tranches: int, month: int, book: Book) -> Any:
    """Split what was distributed in the month among the classes; how far their parts miss it [USD].

    Source: model 8.1, 8.3; identity I12.
    """
    count = len(terms.preferred)
    for j in range(count):
        capital = read(book, class_cell(n_tranches, j, CLASS_CAPITAL))
        due = read(book, class_cell(n_tranches, j, CLASS_RETURN_DUE))
        due = due + (terms.accrual[j, month] * capital + terms.compounding[j, month] * due)
        write(book, class_cell(n_tranches, j, CLASS_RETURN_DUE), due)
        write(book, class_cell(n_tranches, j, CLASS_DISTRIBUTED), like(due, 0.0))
    distributed = read(book, DISTRIBUTED)
    left = serve(terms, n_tranches, CLASS_RETURN_DUE, distributed, book)
    left = serve(terms, n_tranches, CLASS_CAPITAL, left, book)
    carry = like(left, 0.0)
    if terms.carry > 0.0:
        carry = promoted(terms, month, left, book)
    parts = like(left, 0.0)
    for j in range(count):
        part = terms.share_of_rest[j] * (left - carry) + terms.carried[j] * carry
        add(book, class_cell(n_tranches, j, CLASS_DISTRIBUTED), part)
        parts = parts + read(book, class_cell(n_tranches, j, CLASS_DISTRIBUTED))
    return absolute(parts - distributed)
