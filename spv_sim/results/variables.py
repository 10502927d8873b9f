"""The quantities that a run of a deal follows path by path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from spv_sim.results.loss_shares import BANK_PAID, GUARANTOR_PAID, OUTSIDE, outside_breach, whole_loss
from spv_sim.results.metric import COVENANT_PREFIX, Metric
from spv_sim.results.metrics import metrics_of
from spv_sim.results.metrics_default import OUTCOMES
from spv_sim.results.stakeholder import Array, Stakeholder
from spv_sim.results.variable import Variable, count_whole
from spv_sim.results.variables_refinancing import follow_refinancing
from spv_sim.spv.tolerance import CASH_TOLERANCE


@dataclass(frozen=True)
class VendorStake:
    """What the deal is to the hardware's seller.

    margin : gross margin on its sale, in present value [USD].
    parts : column name -> weight, of what it holds and guarantees.
    """

    margin: float
    parts: Mapping[str, float]

    def value(self, columns: Mapping[str, Array]) -> Array:
        """(paths,) float64 present value of the deal to it [USD]. Source: model 8.4."""
        value = np.full(len(next(iter(columns.values()))), self.margin)
        for name, weight in self.parts.items():
            value += weight * columns[name]
        return value


@dataclass(frozen=True)
class DealFacts:
    """What the estimates must know of the deal.

    Parameters
    ----------
    commitments : face of each tranche by name [USD].
    total_uses : sum of all uses [USD].
    hurdle : discount rate of the NPV [1/year, effective].
    months : last month of the grid [months from closing].
    debt_start : month in which the debt starts to be served, the completion [months from closing].
    promised_yields : yield of each tranche in the base case, by name [1/year].
    classes : names of the classes of equity; none where there is one only.
    stakeholders : those whose shares of the loss are estimated; none where the columns are missing.
    after_default : outcomes of a default that may happen, see `metrics_default`; none where it is rejection.
    outside : what the deal gets from outside in the base case, see `loss_shares`; NaN if unknown [USD].
    vendor : the stake of the hardware's seller; None where its margin is not known.
    covenants : names of the covenants that results tell of.
    units : units that may fail; 0 where none does.
    refinances : whether a new loan may repay a tranche.
    """

    commitments: Mapping[str, float]
    total_uses: float
    hurdle: float
    months: int
    debt_start: int = 0
    promised_yields: Mapping[str, float] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = ()
    outside: float = math.nan
    after_default: tuple[str, ...] = ()
    vendor: VendorStake | None = None
    covenants: tuple[str, ...] = ()
    units: float = 0.0
    refinances: bool = False

    def mark(self, event: str, level: float) -> float:
        """The value that an event is measured against; `level` unless the deal says it."""
        return {"above_eps": self.eps_cash, "below_hurdle": self.hurdle}.get(event, level)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics of the deal, in the order in which they are reported."""
        return metrics_of(
            self.tranches,
            self.bearers,
            self.after_default,
            self.classes,
            self.covenants,
            vendor=self.vendor is not None,
            failures=self.units > 0.0,
            refinances=self.refinances,
        )

    @property
    def eps_cash(self) -> float:
        """Amounts up to this count as nothing [USD]."""
        return CASH_TOLERANCE * self.total_uses

    @property
    def tranches(self) -> tuple[str, ...]:
        """Names of the tranches in order of rank."""
        return tuple(self.commitments)

    @property
    def bearers(self) -> tuple[str, ...]:
        """Names of the stakeholders."""
        return tuple(holder.name for holder in self.stakeholders)


def follow_equity(total_uses: float, months: int, hurdle: float) -> tuple[Variable, ...]:
    """What is followed of the equity."""
    return (
        Variable("equity.irr", -1.0, 3.0, marks=(-1.0, hurdle)),
        count_whole("equity.irr_flag", 7, marks=(1.0,)),
        Variable("equity.moic", 0.0, 10.0, marks=(0.0, 1.0)),
        Variable("equity.npv", -2.0 * total_uses, 8.0 * total_uses, marks=(0.0,)),
        Variable("equity.cures", 0.0, total_uses, marks=(0.0,)),
        count_whole("equity.payback", months),
        Variable(
            "equity.loss_fraction",
            -9.0,
            1.0,
            marks=(0.0, 1.0),
            tail=True,
            derive=lambda columns: 1.0 - columns["equity.moic"],
        ),
    )


def follow_class(held: str, total_uses: float) -> tuple[Variable, ...]:
    """What is followed of a class of equity."""
    return (
        Variable(f"{held}.irr", -1.0, 3.0, marks=(-1.0,)),
        count_whole(f"{held}.irr_flag", 7, marks=(1.0,)),
        Variable(f"{held}.moic", 0.0, 10.0, marks=(0.0, 1.0)),
        Variable(f"{held}.npv", -2.0 * total_uses, 8.0 * total_uses, marks=(0.0,)),
    )


def follow_vehicle(total_uses: float, months: int) -> tuple[Variable, ...]:
    """What is followed of the vehicle and its lessee."""
    return (
        Variable("spv.min_dscr", -2.0, 10.0),
        Variable("spv.average_dscr", -2.0, 10.0),
        Variable("spv.llcr", -2.0, 10.0),
        count_whole("spv.lock_up_months", months, marks=(0.0,)),
        Variable("spv.breach", 0.0, 1e-8),
        count_whole("lessee.default_month", months),
        count_whole("spv.event_of_default_cause", 5, marks=(1.0, 2.0, 3.0, 4.0)),
        Variable("spv.claim", 0.0, total_uses, marks=(0.0,)),
        Variable("spv.sale", 0.0, 2.0 * total_uses, marks=(0.0,)),
    )


def follow_default(facts: DealFacts) -> tuple[Variable, ...]:
    """What is followed of the lessee's default: outcome, share of the rent paid, guarantor's payments."""
    codes = tuple(map(float, OUTCOMES.values()))

    def recovery_if(code: int) -> Callable[[Mapping[str, Array]], Array]:
        return lambda columns: np.where(columns["lessee.outcome"] == code, columns["lessee.recovery"], np.nan)

    return (
        count_whole("lessee.outcome", len(codes), marks=codes),
        Variable("lessee.recovery", 0.0, 1.0),
        *(
            Variable(f"lessee.recovery_{name}", 0.0, 1.0, derive=recovery_if(code))
            for name, code in OUTCOMES.items()
            if name in facts.after_default
        ),
        Variable("lessee.guarantor_paid", 0.0, facts.total_uses, marks=(0.0,)),
    )


def follow_failures(units: float) -> tuple[Variable, ...]:
    """What is followed of units that may fail; without any, both columns are the same on every path."""
    return (
        Variable("spv.units_lost", 0.0, max(units, 1.0), marks=(0.0,)),
        Variable("spv.availability", 0.0, 1.0, marks=(1.0,)),
    )


def follow_tranche(tranche: str, facts: DealFacts) -> tuple[Variable, ...]:
    """What is followed of a tranche."""
    loss, earned = f"{tranche}.loss", f"{tranche}.yield"
    top = max(2.0 * facts.commitments[tranche], facts.eps_cash)
    promised = facts.promised_yields.get(tranche, math.nan)

    def loss_if_any(columns: Mapping[str, Array]) -> Array:
        return np.where(columns[loss] > facts.eps_cash, columns[loss], np.nan)

    def yield_loss(columns: Mapping[str, Array]) -> Array:
        return np.asarray(promised - columns[earned])

    return (
        count_whole(f"{tranche}.event_of_default_month", facts.months),
        Variable(loss, 0.0, top, marks=(0.0, facts.eps_cash)),
        Variable(f"{tranche}.loss_if_any", 0.0, top, derive=loss_if_any),
        Variable(f"{tranche}.loss_pv", -0.5, 1.5, marks=(0.0,), tail=True),
        Variable(earned, -1.0, 1.0, marks=(-1.0,)),
        count_whole(f"{tranche}.yield_flag", 7),
        Variable(f"{tranche}.yield_loss", -1.0, 2.0, derive=yield_loss),
        Variable(f"{tranche}.wal", 0.0, max(facts.months, 1) / 12.0),
    )


def follow_covenant(covenant: str, months: int) -> tuple[Variable, ...]:
    """What is followed of a covenant."""
    first = f"{COVENANT_PREFIX}{covenant}.first_breach_month"

    def if_any(columns: Mapping[str, Array]) -> Array:
        return np.where(np.isfinite(columns[first]), columns[first], np.nan)

    of_breach = Variable(f"{first}_if_any", -0.5, months + 0.5, months + 1, derive=if_any)
    return (count_whole(first, months), of_breach)


def follow_losses(facts: DealFacts) -> tuple[Variable, ...]:
    """What is followed of the stakeholders' losses: each one's, that of all the others, and the whole."""
    holders, uses = facts.stakeholders, facts.total_uses

    def lost(name: str, derive: Callable[[Mapping[str, Array]], Array]) -> Variable:
        return Variable(name, -2.0 * uses, 2.0 * uses, marks=(0.0,), derive=derive)

    def by_others(holder: Stakeholder) -> Callable[[Mapping[str, Array]], Array]:
        return lambda columns: whole_loss(columns, holders) - holder.lost_value(columns)

    def breach(columns: Mapping[str, Array]) -> Array:
        return outside_breach(columns, holders, facts.outside, uses)

    if not holders:
        return ()
    followed = [lost("spv.lost_value", lambda columns: whole_loss(columns, holders))]
    for holder in holders:
        followed.append(lost(f"{holder.name}.lost_value", holder.lost_value))
        followed.append(lost(f"{holder.name}.lost_by_others", by_others(holder)))
    read = dict.fromkeys(column for holder in holders for column in holder.parts)
    if not math.isnan(facts.outside):
        read |= dict.fromkeys((OUTSIDE, GUARANTOR_PAID, BANK_PAID))
        followed.append(Variable("spv.lost_value_breach", 0.0, 1e-8, derive=breach))
    return (*followed, *(Variable(column, -2.0 * uses, 4.0 * uses) for column in read))


def variables(facts: DealFacts) -> tuple[Variable, ...]:
    """All that a run of this deal follows."""
    followed = follow_equity(facts.total_uses, facts.months, facts.hurdle)
    followed += follow_vehicle(facts.total_uses, facts.months)
    followed += follow_default(facts)
    followed += follow_failures(facts.units)
    for tranche in facts.tranches:
        followed += follow_tranche(tranche, facts)
    for covenant in facts.covenants:
        followed += follow_covenant(covenant, facts.months)
    if facts.refinances:
        followed += follow_refinancing(facts.total_uses, facts.eps_cash)
    for held in facts.classes:
        followed += follow_class(held, facts.total_uses)
    if facts.vendor is not None:
        size = 2.0 * facts.total_uses
        followed += (Variable("vendor.adjusted_npv", -size, size, marks=(0.0,), derive=facts.vendor.value),)
    return followed + follow_losses(facts)
