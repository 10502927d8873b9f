"""The priority of payments as data: steps that pay, fill, prepay, release, distribute, in order."""

from __future__ import annotations

from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, invert, like, maximum, minimum, where
from spv_sim.spv.book import (
    BLOCKS,
    CASH,
    COVERED,
    DISTRIBUTED,
    DSRA,
    HAS_BLOCKED,
    LOCKED,
    MAINTAINED,
    PREMIUM_RATE,
    PREMIUM_SWEPT,
    PREPAID,
    PRINCIPAL_DUE,
    SWEPT,
    TOPPED_UP,
    TRAP,
    WORKING_CAPITAL,
    WORKING_CAPITAL_PAID_IN,
    Book,
    add,
    read,
    write,
)

PAY, RELEASE, TOP_UP, PREPAY, DISTRIBUTE, CURE = 0, 1, 2, 3, 4, 5
"""Kinds of steps: pay claims; move an account into cash; bring a reserve to its target; prepay debt with a
share of the cash; pay the rest to the shareholders, or trap it; prepay debt until a covenant holds."""

EQUITY = -1
"""In place of an account: what the shareholders contribute."""

NO_LIMIT = -1
"""In place of the cell that limits a release."""

ALWAYS, LAST_DATE = 0, 1
"""When a step acts."""


class Steps(NamedTuple):
    """An ordered list of steps.

    kind, when : (n,) int64.  every_month : (n,) bool, also acts between payment dates.
    share : (n,) float64, of the cash that a prepayment takes [1].
    first_claim : (n + 1,) int64, a step's claims begin there in the next two; pari passu among themselves.
    claims : (m,) int64, cells of what is due, with what is paid in the cell behind; of a prepayment, the
        cells that it is added to.
    balances : (m,) int64, cell that a payment reduces; -1 for none.
    first_account, accounts : (n + 1,), (a,) int64, the accounts that a step draws on, in this order; of a
        top-up, the reserve.
    covenant : (n,) int64, that a cure serves.
    first_gate, gates : (n + 1,), (g,) int64, cells of covenants: a payment waits where one is above zero, a
        prepayment takes at least that share.
    limit : (n,) int64, cell of what a release moves at most; -1 for all that is there.
    opens : (n,) bool, whether the step is the first that serves its claims.
    judged : (n,) bool, whether what the step takes proves that nobody before it is short: they may draw on
        all that it draws on.
    """

    kind: Any
    when: Any
    every_month: Any
    share: Any
    first_claim: Any
    claims: Any
    balances: Any
    first_account: Any
    accounts: Any
    covenant: Any
    first_gate: Any
    gates: Any
    limit: Any
    opens: Any
    judged: Any


class Setting(NamedTuple):
    """What the steps of a month must know beside the book.

    is_whole : whether all tranches pay on the date; sweeps and the shareholders wait for one.
    performs : whether the list is that of performing debt.  active : the paths that follow it.
    tolerance : amounts up to this count as zero [USD].
    """

    is_date: bool
    is_whole: bool
    is_last: bool
    performs: bool
    active: Any
    tolerance: float


@jit
def unpaid(steps: Steps, step: int, book: Book) -> Any:
    """What the step's claims are still owed [USD]."""
    owed = like(book.template, 0.0)
    for i in range(steps.first_claim[step], steps.first_claim[step + 1]):
        owed = owed + (read(book, steps.claims[i]) - read(book, steps.claims[i] + 1))
    return owed


@jit
def reduce_balance(book: Book, cell: int, paid: Any, tolerance: float) -> None:
    """Take a payment off a balance; dust below the tolerance goes with it."""
    left = read(book, cell) - paid
    write(book, cell, where(left < tolerance, 0.0, left))


@jit
def credit(steps: Steps, claim: int, book: Book, part: Any, tolerance: float) -> None:
    """Count a payment on a claim and take it off its balance."""
    add(book, steps.claims[claim] + 1, part)
    if steps.balances[claim] >= 0:
        reduce_balance(book, steps.balances[claim], part, tolerance)


@jit
def share_out(steps: Steps, step: int, book: Book, owed: Any, paid: Any, tolerance: float) -> None:
    """Give the step's claims their part of a payment, pro rata to what each is owed."""
    begin, end = steps.first_claim[step], steps.first_claim[step + 1]
    if end - begin == 1:
        credit(steps, begin, book, paid, tolerance)
    else:
        quota = where(owed > 0.0, paid / where(owed > 0.0, owed, 1.0), 0.0)
        for i in range(begin, end):
            part = quota * (read(book, steps.claims[i]) - read(book, steps.claims[i] + 1))
            credit(steps, i, book, part, tolerance)


@routine
def at_gate(steps: Steps, step: int, book: Book) -> Any:
    """Largest value in a cell that the step looks at; zero without one."""
    value = like(book.template, 0.0)
    for i in range(steps.first_gate[step], steps.first_gate[step + 1]):
        value = maximum(value, read(book, steps.gates[i]))
    return value


@routine
def held_back(steps: Steps, step: int, book: Book) -> Any:
    """Whether a covenant that the payment waits for has blocked one on the date, be it cured since then."""
    value = like(book.template, 0.0)
    for i in range(steps.first_gate[step], steps.first_gate[step + 1]):
        value = maximum(value, read(book, steps.gates[i] + HAS_BLOCKED - BLOCKS))
    return value > 0.0


@jit
def pay(steps: Steps, step: int, book: Book, setting: Setting) -> None:
    """Pay the step's claims from its accounts, one after the other; never back what rounding overpaid."""
    owed = where(setting.active, maximum(unpaid(steps, step, book), 0.0), 0.0)
    if steps.first_gate[step] < steps.first_gate[step + 1]:
        owed = where(at_gate(steps, step, book) > 0.0, 0.0, owed)
    if not any_of(owed > 0.0):
        return
    paid = like(book.template, 0.0)
    for i in range(steps.first_account[step], steps.first_account[step + 1]):
        account = steps.accounts[i]
        balance = read(book, account)
        drawn = minimum(balance, maximum(owed - paid, 0.0))
        write(book, account, balance - drawn)
        paid = paid + drawn
    share_out(steps, step, book, owed, paid, setting.tolerance)


@jit
def release(steps: Steps, step: int, book: Book, active: Any) -> None:
    """Move what the step's accounts hold into cash, up to the limit of the step."""
    for i in range(steps.first_account[step], steps.first_account[step + 1]):
        balance = read(book, steps.accounts[i])
        moved = where(active, balance, 0.0)
        if steps.limit[step] != NO_LIMIT:
            moved = minimum(moved, read(book, steps.limit[step]))
        add(book, CASH, moved)
        write(book, steps.accounts[i], balance - moved)


@jit
def top_up(book: Book, active: Any, reserve: int, target: Any, most: Any) -> Any:
    """Bring a reserve to its target out of at most so much cash, or what lies above it into cash.

    Returns what is put in [USD].
    """
    cash, held = read(book, CASH), read(book, reserve)
    moved = where(active, minimum(minimum(target - held, most), cash), 0.0)
    write(book, CASH, cash - moved)
    write(book, reserve, held + moved)
    return maximum(moved, 0.0)


@jit
def topped_up(steps: Steps, step: int) -> int:
    """Cell of what a top-up has put into its reserve."""
    reserve = steps.accounts[steps.first_account[step]]
    if reserve == WORKING_CAPITAL:
        return WORKING_CAPITAL_PAID_IN
    return TOPPED_UP if reserve == DSRA else MAINTAINED


@jit
def beside(steps: Steps, claim: int, cell: int) -> int:
    """A cell of the tranche that a prepayment's claim belongs to."""
    return steps.claims[claim] - PREPAID + cell


@jit
def repay_early(steps: Steps, claim: int, book: Book, part: Any, tolerance: float) -> None:
    """Repay a part of a balance before its turn; no more than what is left of it stays due."""
    add(book, steps.claims[claim], part)
    reduce_balance(book, steps.balances[claim], part, tolerance)
    due = beside(steps, claim, PRINCIPAL_DUE)
    most = read(book, due + 1) + read(book, steps.balances[claim])
    write(book, due, where(part > 0.0, minimum(read(book, due), most), read(book, due)))


@jit
def prepay(steps: Steps, step: int, book: Book, setting: Setting) -> None:
    """Prepay the step's balances with its share of the cash, pro rata to what is outstanding.

    The premium on what is prepaid comes out of the same share of the cash.
    """
    begin, end = steps.first_claim[step], steps.first_claim[step + 1]
    to_repay_all = like(book.template, 0.0)
    for i in range(begin, end):
        premium = read(book, beside(steps, i, PREMIUM_RATE))
        to_repay_all = to_repay_all + read(book, steps.balances[i]) * (1.0 + premium)
    cash = read(book, CASH)
    share = maximum(at_gate(steps, step, book), steps.share[step])
    swept = where(setting.active, minimum(share * cash, to_repay_all), 0.0)
    write(book, CASH, cash - swept)
    add(book, SWEPT, swept)
    quota = where(to_repay_all > 0.0, swept / where(to_repay_all > 0.0, to_repay_all, 1.0), 0.0)
    for i in range(begin, end):
        premium = read(book, beside(steps, i, PREMIUM_RATE))
        part = quota * read(book, steps.balances[i])
        if end - begin == 1:
            part = swept / (1.0 + premium)
        repay_early(steps, i, book, part, setting.tolerance)
        add(book, beside(steps, i, PREMIUM_SWEPT), part * premium)


@routine
def is_short(steps: Steps, book: Book, setting: Setting, before: int, with_blocked: bool) -> Any:
    """Whether the steps before one leave a claim short; those that a covenant blocks count if asked for."""
    short = like(book.template, 0.0)
    for step in range(before):
        if steps.opens[step] and acts(steps, step, setting):
            owed = unpaid(steps, step, book)
            if not with_blocked and steps.first_gate[step] < steps.first_gate[step + 1]:
                owed = where(held_back(steps, step, book), 0.0, owed)
            short = maximum(short, owed)
    return short > setting.tolerance


@jit
def distribute(book: Book, setting: Setting, repaid: Any, short: Any, kept: Any) -> None:
    """Pay cash and trap to the shareholders where the tests allow it and nobody is short, else trap the cash.

    So much as is `kept` of the two stays in the trap. A junior tranche that may not draw on the trap thus
    keeps it from the shareholders (model I8 over R7).
    """
    passes = (read(book, COVERED) > 0.0) | repaid
    if setting.is_last:
        passes = passes | invert(passes)
    held = read(book, CASH) + read(book, TRAP)
    pays = passes & invert(short)
    left = where(pays, minimum(kept, held), held)
    write(book, DISTRIBUTED, where(setting.active & pays, held - left, read(book, DISTRIBUTED)))
    write(book, LOCKED, where(setting.active & invert(passes), 1.0, read(book, LOCKED)))
    write(book, TRAP, where(setting.active, left, read(book, TRAP)))
    write(book, CASH, where(setting.active, 0.0, read(book, CASH)))


@jit
def acts(steps: Steps, step: int, setting: Setting) -> bool:
    """Whether the step acts in a month like this."""
    timely = setting.is_date or steps.every_month[step]
    if steps.kind[step] == PREPAY:
        timely = setting.is_whole
    return timely and (steps.when[step] == ALWAYS or setting.is_last)
