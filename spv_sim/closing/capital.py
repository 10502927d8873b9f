"""The capital structure at closing: every tranche sized behind those before it, equity paying the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spv_sim.closing.amortisation import Schedule
from spv_sim.closing.commitments import SETTLED, Size, Sized, Structure, close_debt
from spv_sim.closing.coupon import coupon
from spv_sim.closing.cover import Before, Plan, balance_by_month, face_by_value, repay, service_by_month
from spv_sim.closing.equity_classes import EquityClosing, close_equity
from spv_sim.closing.forward_rates import ForwardRates
from spv_sim.closing.hedge import hedge_of
from spv_sim.closing.periods import compounding
from spv_sim.closing.pilot import SECTIONS, Pilot
from spv_sim.closing.root import MOST_STEPS
from spv_sim.closing.sources_and_uses import DebtTerms, SourcesAndUses, Spending, add_up
from spv_sim.closing.tranche_closing import SizingCase, TrancheClosing, close_tranche, service_ahead
from spv_sim.errors import Problem, UserError

if TYPE_CHECKING:
    from spv_sim.scenario.capital import Capital

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CapitalClosing:
    """A closed capital structure.

    table : sources and uses by month, of all tranches together.
    tranches : in order of rank, those of one rank as the scenario names them.
    equity : by class.  reserve : cash in the DSRA after completion [USD].
    """

    table: SourcesAndUses
    tranches: tuple[TrancheClosing, ...]
    equity: tuple[EquityClosing, ...]
    reserve: float


@dataclass(frozen=True)
class Base:
    """What the base case knows, by month from closing: (months + 1,) float64 each.

    cash_flow : rent due less operating cost [USD].
    value : expected resale value of the fleet [USD].
    forward_rates : of the curve; None without one.
    pilot : simulated cash flow; None where no tranche is sized on it.
    """

    cash_flow: Array
    value: Array
    forward_rates: ForwardRates | None = None
    pilot: Pilot | None = None

    def cash_flow_of(self, plan: Plan) -> Array:
        """The cash flow that a tranche is sized on, (months + 1,) float64 [USD]."""
        case = plan.tranche.sizing_case
        if case == "base" or self.pilot is None:
            return self.cash_flow
        return self.pilot.cash_flow(case, plan.tranche.payment_every)


def close_capital(capital: Capital, spent: Spending, base: Base) -> CapitalClosing:
    """Size, draw and lay out every tranche.

    Raises
    ------
    UserError : where the debt cannot be closed as the scenario asks.

    Source: model 2, 7.3; R3.
    """
    completion, last_month = len(spent.total) - 1, len(base.cash_flow) - 1
    plans = [
        Plan(
            name,
            tranche,
            completion + tranche.payment_every * np.arange(1, tranche.tenor // tranche.payment_every + 1),
            coupon(name, tranche, completion, last_month, base.forward_rates),
        )
        for name, tranche in sorted(capital.tranche.items(), key=lambda item: item[1].rank)
    ]
    commitments = tuple(0.0 for _ in plans)
    for _ in range(MOST_STEPS):
        units, faces = size_behind(plans, commitments, base)
        debts = [debt_terms(plan, unit, completion) for plan, unit in zip(plans, units, strict=True)]
        sizes = [limits(capital, plan, spent, face) for plan, face in zip(plans, faces, strict=True)]
        sized = close_debt(Structure(spent, debts, sizes, capital.funding, capital.min_equity))
        room = SETTLED * float(sized.run.uses.sum())
        moved = max(abs(a - b) for a, b in zip(sized.commitments, commitments, strict=True))
        commitments = sized.commitments
        hedges = [hedge_of(plan, unit, base.forward_rates) for plan, unit in zip(plans, units, strict=True)]
        hedged = all(plan.hedge.is_near(hedge) for plan, hedge in zip(plans, hedges, strict=True))
        if hedged and (moved <= room or not _is_mutual(plans)):
            closing = _lay_out(capital, plans, units, debts, sized, spent)
            return replace(closing, tranches=with_cases(closing.tranches, plans, faces, base))
        plans = [replace(plan, hedge=hedge) for plan, hedge in zip(plans, hedges, strict=True)]
    key = f"capital.tranche.{plans[-1].name}.target_dscr"
    message = f"{key}: the sizes of the tranches do not settle within {MOST_STEPS} rounds"
    raise UserError(Problem("infeasible-closing", message, key=key))


def _lay_out(
    capital: Capital,
    plans: Sequence[Plan],
    units: Sequence[Schedule],
    debts: Sequence[DebtTerms],
    sized: Sized,
    spent: Spending,
) -> CapitalClosing:
    completion = len(spent.total) - 1
    table = add_up(spent, debts, sized.commitments, sized.run)
    tranches = tuple(
        close_tranche(plan, unit, debt, sized, at, completion)
        for at, (plan, unit, debt) in enumerate(zip(plans, units, debts, strict=True))
    )
    return CapitalClosing(
        table, tranches, close_equity(capital.equity, table.equity), float(table.reserve.sum())
    )


def with_cases(
    tranches: Sequence[TrancheClosing], plans: Sequence[Plan], faces: Sequence[dict[str, float]], base: Base
) -> tuple[TrancheClosing, ...]:
    """The tranches with what a sizing case allows them, and the standard error of it.

    The error is that of the mean of sections of the pilot set, each sized by its own quantiles; NaN where a
    section has no cash flow for a date on which the debt is owed.
    """
    if base.pilot is None:
        return tuple(tranches)
    commitments = [tranche.commitment for tranche in tranches]
    sections: list[list[float]] = []
    for number in range(SECTIONS):
        part = replace(base, pilot=base.pilot.section(number))
        try:
            sections.append([each["target_dscr"] for each in size_behind(plans, commitments, part)[1]])
        except UserError:
            sections.append([math.nan] * len(plans))
    closed = []
    for number, (tranche, plan, face) in enumerate(zip(tranches, plans, faces, strict=True)):
        case = plan.tranche.sizing_case
        if case != "base":
            # What others, which may have no such limit, are allowed is not looked at.
            error = float(np.std([each[number] for each in sections], ddof=1)) / math.sqrt(SECTIONS)
            sized = SizingCase(case, face["target_dscr"], error, base.pilot.paths, base.pilot.seed)
            tranche = replace(tranche, case=sized)
        closed.append(tranche)
    return tuple(closed)


def _asks(plan: Plan) -> bool:
    return plan.tranche.target_dscr is not None or plan.tranche.max_ltv is not None


def _is_mutual(plans: Sequence[Plan]) -> bool:
    """Whether the size of a tranche depends on that of another through cover or value."""
    return len(plans) > 1 and any(_asks(plan) for plan in plans)


def size_behind(
    plans: Sequence[Plan], commitments: Sequence[float], base: Base
) -> tuple[list[Schedule], list[dict[str, float]]]:
    """Repayment of one dollar of each tranche, and the faces that cover and value allow [USD].

    Parameters
    ----------
    commitments : faces of all tranches, as found in the round before [USD].
    """
    last_month = len(base.cash_flow) - 1
    order = [
        *(at for at, plan in enumerate(plans) if not _asks(plan)),
        *(at for at, plan in enumerate(plans) if _asks(plan)),
    ]
    units: dict[int, Schedule] = {}
    faces: dict[int, dict[str, float]] = {}
    for at in order:
        plan, beside = plans[at], 0
        service, balance = np.zeros(last_month + 1), np.zeros(last_month + 1)
        for other, prior in enumerate(plans):
            if prior.tranche.rank == plan.tranche.rank and _asks(prior):
                beside += 1
            elif prior.tranche.rank <= plan.tranche.rank and other in units:
                service += commitments[other] * service_by_month(prior, units[other], last_month)
                balance += commitments[other] * balance_by_month(prior, units[other], last_month)
        before = Before(service, balance, max(beside, 1))
        units[at], by_cover = repay(plan, base.cash_flow_of(plan), before)
        faces[at] = {"target_dscr": by_cover}
        if plan.tranche.max_ltv is not None:
            faces[at]["max_ltv"] = face_by_value(plan, units[at], base.value, before, plan.tranche.max_ltv)
    return [units[at] for at in range(len(plans))], [faces[at] for at in range(len(plans))]


def debt_terms(plan: Plan, unit: Schedule, completion: int) -> DebtTerms:
    """What of the tranche matters before completion."""
    tranche = plan.tranche
    ahead = service_ahead(unit.debt_service, tranche.dsra, tranche.payment_every)
    return DebtTerms(
        monthly_rate=tuple(plan.coupon.by_month[: completion + 1].tolist()),
        commitment_fee=tranche.commitment_fee / 12,
        upfront_fee=tranche.upfront_fee,
        oid=tranche.oid,
        reserve=ahead if tranche.dsra_kind == "cash" else 0.0,
        availability=completion if tranche.availability is None else tranche.availability,
        period=compounding(tranche.payment_every),
        hedge_premium=plan.hedge.premium,
    )


def limits(capital: Capital, plan: Plan, spent: Spending, faces: dict[str, float]) -> Size:
    """Everything that limits the size of a tranche, with the setting that says it."""
    tranche, own = plan.tranche, f"capital.tranche.{plan.name}"
    shares = {f"{own}.debt_share": tranche.debt_share, "capital.debt_share": capital.debt_share}
    advance = {f"{own}.advance_rate": tranche.advance_rate, "capital.advance_rate": capital.advance_rate}
    hardware = float(spent.hardware.sum())
    said = {key: rate * hardware for key, rate in advance.items() if rate is not None}
    if tranche.commitment is not None:
        said[f"{own}.commitment"] = tranche.commitment
    counted = {f"{own}.{name}": face for name, face in faces.items() if math.isfinite(face)}
    every = {**said, **counted}
    face_key = min(every, key=lambda key: every[key], default="")
    share_key = next((key for key, share in shares.items() if share is not None), "")
    return Size(
        share=shares.get(share_key),
        face=every.get(face_key, math.inf),
        share_key=share_key,
        face_key=face_key,
        gives_way=face_key in counted,
        rank=tranche.rank,
    )
