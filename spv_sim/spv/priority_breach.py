"""The identity of the priority of payments: nothing is paid on a claim while an earlier one is short."""

from __future__ import annotations

from typing import Any

from spv_sim.kernel.jit import routine
from spv_sim.kernel.lanes import like, maximum, minimum, where
from spv_sim.spv.book import DISTRIBUTED, SWEPT, Book, read
from spv_sim.spv.covenant_terms import CovenantTerms
from spv_sim.spv.cure import cured_by
from spv_sim.spv.priority import (
    CURE,
    DISTRIBUTE,
    PAY,
    PREPAY,
    TOP_UP,
    Setting,
    Steps,
    acts,
    held_back,
    topped_up,
    unpaid,
)


@routine
def priority_breach(steps: Steps, covenant: CovenantTerms, book: Book, setting: Setting) -> Any:
    """Model I8: nothing is paid on a claim while an earlier one that may draw on the same is short [USD].

    A claim that a covenant blocks holds back the shareholders alone.
    """
    short = like(book.template, 0.0)
    blocked = short
    breach = short
    for step in range(len(steps.kind)):
        if not acts(steps, step, setting):
            continue
        kind = steps.kind[step]
        if kind == PAY and steps.opens[step]:
            if steps.judged[step]:
                for i in range(steps.first_claim[step], steps.first_claim[step + 1]):
                    breach = maximum(breach, minimum(read(book, steps.claims[i] + 1), short))
            owed = unpaid(steps, step, book)
            if steps.first_gate[step] < steps.first_gate[step + 1]:
                blocked = maximum(blocked, owed)
                owed = where(held_back(steps, step, book), 0.0, owed)
            short = maximum(short, owed)
        elif not steps.judged[step]:
            continue
        elif kind == TOP_UP:
            breach = maximum(breach, minimum(read(book, topped_up(steps, step)), short))
        elif kind == PREPAY:
            breach = maximum(breach, minimum(read(book, SWEPT), short))
        elif kind == CURE:
            breach = maximum(breach, minimum(cured_by(steps, step, covenant, book), short))
        elif kind == DISTRIBUTE:
            breach = maximum(breach, minimum(read(book, DISTRIBUTED), maximum(short, blocked)))
    return where(setting.active, breach, 0.0)
