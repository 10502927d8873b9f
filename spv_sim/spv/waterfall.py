"""A month's pass through the priority of payments, and what it leaves."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from spv_sim.kernel.jit import jit, routine
from spv_sim.kernel.lanes import any_of, invert, like, maximum
from spv_sim.spv.book import (
    CONTRIBUTION,
    DSRA,
    MAINTENANCE_TARGET,
    WORKING_CAPITAL,
    WORKING_CAPITAL_TARGET,
    Book,
    add,
    cash_held,
    read,
)
from spv_sim.spv.covenant import apply_covenants, test_covenants, to_keep
from spv_sim.spv.covenant_terms import CovenantTerms
from spv_sim.spv.cure import cure
from spv_sim.spv.priority import (
    CURE,
    DISTRIBUTE,
    PAY,
    PREPAY,
    RELEASE,
    TOP_UP,
    Setting,
    Steps,
    acts,
    distribute,
    is_short,
    pay,
    prepay,
    release,
    top_up,
    topped_up,
)
from spv_sim.spv.priority_breach import priority_breach
from spv_sim.spv.tranche import TrancheTerms, is_repaid, reserve_target


class WaterfallTerms(NamedTuple):
    """The two priorities of payments: while the debt performs, and from an event of default on.

    between, defaulted_between : those of their steps that also act between payment dates.
    """

    performing: Steps
    defaulted: Steps
    between: Steps
    defaulted_between: Steps


@routine
def fill_reserve(
    steps: Steps,
    step: int,
    tranche: TrancheTerms,
    month: int,
    last_month: int,
    setting: Setting,
    book: Book,
) -> None:
    """Top up the step's reserve: for debt service by what falls due, else by what the date has written."""
    reserve = steps.accounts[steps.first_account[step]]
    cell = topped_up(steps, step)
    target, most = read(book, MAINTENANCE_TARGET), read(book, CONTRIBUTION) - read(book, cell)
    if reserve == DSRA:
        target = reserve_target(tranche, month, last_month, setting.tolerance, 0.0, book)
        most = like(target, math.inf)
    elif reserve == WORKING_CAPITAL:
        target = read(book, WORKING_CAPITAL_TARGET)
        most = like(target, math.inf)
    put_in = top_up(book, setting.active, reserve, target, most)
    add(book, cell, put_in)


@routine
def run_steps(
    steps: Steps,
    tranche: TrancheTerms,
    covenant: CovenantTerms,
    month: int,
    last_month: int,
    setting: Setting,
    book: Book,
) -> Any:
    """Take the steps in order; the largest breach of their priority [USD].

    Where nobody is short on a date, nothing was paid before its turn.
    """
    nobody_short = False
    for step in range(len(steps.kind)):
        if not acts(steps, step, setting):
            continue
        kind = steps.kind[step]
        if steps.first_gate[step] < steps.first_gate[step + 1]:
            apply_covenants(
                covenant,
                tranche,
                month,
                last_month,
                setting.active,
                setting.tolerance,
                kind == PREPAY,
                book,
            )
        if kind == PAY:
            pay(steps, step, book, setting)
        elif kind == RELEASE:
            release(steps, step, book, setting.active)
        elif kind == TOP_UP:
            fill_reserve(steps, step, tranche, month, last_month, setting, book)
        elif kind == PREPAY:
            prepay(steps, step, book, setting)
        elif kind == CURE:
            cure(steps, step, covenant, tranche, month, setting, book)
        elif kind == DISTRIBUTE:
            kept = like(book.template, 0.0)
            if setting.performs:
                test_covenants(covenant, tranche, month, last_month, setting.active, setting.tolerance, book)
                if covenant.retains and not setting.is_last:
                    kept = to_keep(covenant, tranche, book)
            short = book.template != book.template
            if any_of(cash_held(book) > 0.0):
                short = is_short(steps, book, setting, len(steps.kind), True)
                nobody_short = not any_of(short)
            if setting.is_whole:
                distribute(book, setting, is_repaid(tranche, setting.tolerance, book), short, kept)
    if nobody_short or not setting.is_date:
        return like(book.template, 0.0)  # costs alone have nobody behind them
    return priority_breach(steps, covenant, book, setting)


@jit
def steps_of(terms: WaterfallTerms, is_date: bool, defaulted: bool) -> Steps:
    """The steps of a month."""
    if is_date:
        return terms.defaulted if defaulted else terms.performing
    return terms.defaulted_between if defaulted else terms.between


@jit
def run_waterfall(
    terms: WaterfallTerms,
    tranche: TrancheTerms,
    covenant: CovenantTerms,
    month: int,
    last_month: int,
    is_date: bool,
    is_whole: bool,
    in_default: Any,
    tolerance: float,
    book: Book,
) -> Any:
    """Pay the month on every path, by the list that it is under; the largest breach of priority [USD]."""
    breach = like(book.template, 0.0)
    for defaulted in range(2):
        active = in_default if defaulted else invert(in_default)
        if any_of(active):
            steps = steps_of(terms, is_date, defaulted == 1)
            setting = Setting(is_date, is_whole, month == last_month, defaulted == 0, active, tolerance)
            breach = maximum(breach, run_steps(steps, tranche, covenant, month, last_month, setting, book))
    return breach
