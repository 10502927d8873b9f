"""A priority of payments of one's own against the usual one, on whole paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from benchmarks.row import Row, at_most, compare
from benchmarks.scenario import base_deal
from spv_sim.bench.timing import interleave
from spv_sim.closing.close import close
from spv_sim.engine.cpu import run_chunk
from spv_sim.engine.summing import BLOCK
from spv_sim.engine.terms import Terms
from spv_sim.scenario.waterfall import Step, Waterfall, steps_of

SEED = 0
NANO = 1e9
CENT = 0.01


def one_account_a_step(steps: Sequence[Step]) -> Iterator[Step]:
    """The same order with a step of its own for each account that a payment draws on."""
    for step in steps:
        if step.kind == "pay":
            yield from (step.model_copy(update={"accounts": [account]}) for account in step.accounts)
        else:
            yield step


def lengthened(steps: Sequence[Step]) -> list[Step]:
    """An order that pays the same: account by account, and all payments asked once more before the end."""
    split = list(one_account_a_step(steps))
    return [*split[:-1], *(step for step in split if step.kind == "pay"), split[-1]]


def with_lists(performing: Sequence[Step], defaulted: Sequence[Step]) -> Terms:
    """The base deal under lists of its own."""
    own = Waterfall(step=list(performing), step_in_default=list(defaulted))
    return close(base_deal().scenario.model_copy(update={"waterfall": own})).terms


def check_equal(usual: Terms, own: Terms, paths: int) -> None:
    """The lists pay the same.

    Raises
    ------
    RuntimeError : a flow of the investors, summed over the paths, differs by a cent.
    """
    flows, others = (run_chunk(terms, SEED, 0, paths).flow_sums for terms in (usual, own))
    if (apart := float(np.abs(flows - others).max())) > CENT * paths:
        raise RuntimeError(f"priorities that should pay the same are {apart} USD apart")


def measure(quick: bool) -> list[Row]:
    """Time per path-month of the whole engine, as of `engine`; all lists pay the same.

    Raises
    ------
    RuntimeError : they do not.
    """
    scenario, usual = base_deal().scenario, base_deal().terms
    lists = steps_of(scenario.waterfall, scenario.capital, scenario.accounts)
    written, longer = with_lists(*lists), with_lists(*map(lengthened, lists))
    paths = BLOCK if quick else 4 * BLOCK
    for own in (written, longer):
        check_equal(usual, own, paths)
    default, out, more = interleave(
        *(partial(run_chunk, terms, SEED, 0, paths) for terms in (usual, written, longer)),
        repetitions=3 if quick else 25,
    )
    theirs, ours, most = (
        [NANO * seconds / (paths * usual.deal.last_month) for seconds in each]
        for each in (default, out, more)
    )
    steps = ", ".join(
        f"{len(terms.deal.waterfall.performing.kind)} and {len(terms.deal.waterfall.defaulted.kind)}"
        for terms in (usual, written, longer)
    )
    note = f"steps while performing and in default, usual, written out, longer: {steps}"
    return [
        compare("priority written out / usual", "ns/path-month", ours, theirs, at_most(1.5), note),
        compare("a longer priority / usual", "ns/path-month", most, theirs, at_most(1.5), note),
    ]
