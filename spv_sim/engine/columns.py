"""The columns of a path: one value each, in the order in which the engine writes its rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from spv_sim.engine.outcome import Tally
from spv_sim.kernel.irr import irr
from spv_sim.kernel.jit import jit
from spv_sim.kernel.lanes import like, maximum, where
from spv_sim.spv.deal import DealState, DealTerms
from spv_sim.spv.identities import loss_breach

TRANCHE = "tranche"


class Columns(NamedTuple):
    """One value a path; NaN where it is not defined, infinite months where a thing never happens."""

    equity_irr: Any
    equity_irr_flag: Any
    equity_moic: Any
    equity_npv: Any
    equity_payback: Any
    spv_min_dscr: Any
    spv_average_dscr: Any
    spv_llcr: Any
    spv_lock_up_months: Any
    spv_claim: Any
    spv_sale: Any
    spv_breach: Any
    lessee_default_month: Any
    tranche_event_of_default_month: Any
    tranche_loss: Any
    tranche_loss_pv: Any
    tranche_yield: Any
    tranche_yield_flag: Any
    tranche_wal: Any


def column_names(tranches: Sequence[str]) -> list[str]:
    """Public names of the columns, such as ``equity.irr``: then those of each tranche in rank order."""
    base: list[tuple[str, str]] = []
    own: list[tuple[str, str]] = []
    for field in Columns._fields:
        stakeholder, name = field.split("_", 1)
        (own if stakeholder == TRANCHE else base).append((stakeholder, name))
    names = [f"{stakeholder}.{name}" for stakeholder, name in base]
    named = (tranches,) if isinstance(tranches, str) else tranches
    return names + [f"{tranche}.{name}" for tranche in named for _, name in own]


@jit
def close_path(
    terms: DealTerms,
    equity_flows: Any,
    lender_flows: Any,
    hurdle: float,
    lessee_default_month: Any,
    state: DealState,
    tally: Tally,
) -> Columns:
    """Columns of a path that has run its last month."""
    none = like(tally.claim, 0.0)
    months = terms.last_month + 1
    every = terms.flow_every
    equity_irr, equity_flag = irr(equity_flows, months, terms.equity.last_call, none, hurdle, every)
    lender_yield, lender_flag = irr(lender_flows, months, terms.completion, none, hurdle, every)
    loss = state.balances.debt + state.balances.interest_arrears
    loss = where(loss > terms.tolerance, loss, none)
    breach = maximum(
        tally.breach,
        loss_breach(
            terms.tranche.commitment,
            tally.lender.interest_accrued,
            tally.lender.interest_paid,
            tally.lender.principal_paid,
            state.balances.debt + state.balances.interest_arrears,
        ),
    )
    measured = tally.cover.dates > 0.0
    repaid = tally.lender.principal_paid > 0.0
    value_at_completion = terms.tranche.commitment * terms.tranche.discount[terms.completion]
    if value_at_completion == 0.0:
        value_at_completion = math.nan
    return Columns(
        equity_irr=equity_irr,
        equity_irr_flag=equity_flag,
        equity_moic=tally.equity.distributed / terms.equity.contributed,
        equity_npv=tally.equity.npv,
        equity_payback=tally.equity.payback_month,
        spv_min_dscr=where(measured, tally.cover.min_dscr, math.nan),
        spv_average_dscr=where(measured, tally.cover.sum_dscr / maximum(tally.cover.dates, 1.0), math.nan),
        spv_llcr=tally.cover.operating_value / value_at_completion,
        spv_lock_up_months=tally.cover.locked,
        spv_claim=tally.claim,
        spv_sale=tally.sale,
        spv_breach=breach / terms.total_uses,
        lessee_default_month=lessee_default_month,
        tranche_event_of_default_month=state.default_month,
        tranche_loss=loss,
        tranche_loss_pv=(terms.scheduled_value - tally.lender.value) / terms.drawn_value,
        tranche_yield=lender_yield,
        tranche_yield_flag=lender_flag,
        tranche_wal=where(
            repaid,
            tally.lender.principal_months / (12.0 * maximum(tally.lender.principal_paid, 1.0)),
            math.nan,
        ),
    )
