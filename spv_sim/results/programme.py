"""What several vehicles are together: equity as one holding, debt as one sum, and defaults that coincide."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from spv_sim.results.collect import Collected
from spv_sim.results.estimate import Estimate, mean, probability, scale
from spv_sim.results.mean_flow import irr_of_mean
from spv_sim.results.metric import MEAN, MEAN_FLOW, PROBABILITY, Metric, index
from spv_sim.results.sample import Sample
from spv_sim.results.variable import Variable, count_whole
from spv_sim.spv.tolerance import CASH_TOLERANCE

PROGRAMME = "programme."
PROGRAMME_METRICS = index(
    Metric(f"{PROGRAMME}{name}", unit, definition, estimator)
    for name, unit, definition, estimator in (
        ("equity.irr", "1/year", "Mean over the paths of the IRR of all equity as one holding.", MEAN),
        ("equity.irr_of_mean_cash_flow", "1/year", "IRR of the mean flows of all equity.", MEAN_FLOW),
        ("equity.moic", "x", "Mean over the paths of all distributions over all that was paid in.", MEAN),
        ("equity.npv", "USD", "Mean over the paths of the sum of the NPVs of all equity.", MEAN),
        (
            "equity.probability_of_loss",
            "share",
            "Share of paths on which equity loses money.",
            PROBABILITY,
        ),
        ("debt.probability_of_loss", "share", "Share of paths on which a lender loses.", PROBABILITY),
        ("debt.expected_loss_usd", "USD", "Mean over the paths of the loss of all debt.", MEAN),
        ("debt.expected_loss", "share", "The same over the commitments of all tranches.", MEAN),
        ("cash_shared", "USD", "Mean over the paths of the cash that vehicles pay for others.", MEAN),
        ("debt.vehicles_in_default", "vehicles", "Mean number of vehicles with an event of default.", MEAN),
        ("debt.probability_of_any_default", "share", "Share of paths with one such vehicle.", PROBABILITY),
        ("debt.probability_of_all_in_default", "share", "Share of paths with no other.", PROBABILITY),
    )
)
"""The metrics of all vehicles together, in the order in which they are reported."""


@dataclass(frozen=True)
class ProgrammeFacts:
    """What the estimates must know of all vehicles.

    vehicles : names.  commitment, total_uses : sums over the vehicles [USD].
    hurdle : rate that settles which of several internal rates is meant [1/year, effective].
    """

    vehicles: tuple[str, ...]
    commitment: float
    total_uses: float
    hurdle: float

    @property
    def eps_cash(self) -> float:
        """Amounts up to this count as nothing [USD]."""
        return CASH_TOLERANCE * self.total_uses


def programme_variables(facts: ProgrammeFacts) -> tuple[Variable, ...]:
    """What is followed of all vehicles together."""
    uses = facts.total_uses
    return (
        Variable("programme.equity_irr", -1.0, 3.0, marks=(-1.0, facts.hurdle)),
        count_whole("programme.equity_irr_flag", 7, marks=(1.0,)),
        Variable("programme.equity_moic", 0.0, 10.0, marks=(0.0, 1.0)),
        Variable("programme.equity_npv", -2.0 * uses, 8.0 * uses, marks=(0.0,)),
        Variable("programme.loss", 0.0, max(facts.commitment, uses), marks=(facts.eps_cash,)),
        Variable("programme.cash_shared", 0.0, 2.0 * uses, marks=(0.0,)),
        count_whole("programme.defaults", len(facts.vehicles), marks=tuple(range(len(facts.vehicles) + 1))),
    )


def estimate_programme(
    collected: Collected, facts: ProgrammeFacts, names: Collection[str] | None = None
) -> dict[str, Estimate]:
    """Every metric of the programme by name, or those of `names`.

    Source: model 9.6, 13.
    """
    loss, n = "programme.loss", collected.paths
    share = 1.0 / facts.commitment if facts.commitment else 0.0

    def lossy() -> int:
        sample = collected.sample(loss)
        return n - sample.below(facts.eps_cash) - sample.equal(facts.eps_cash)

    def defaults() -> Sample:
        return collected.sample("programme.defaults")

    def multiple() -> Sample:
        return collected.sample("programme.equity_moic")

    made: dict[str, Callable[[str], Estimate]] = {
        "equity.irr": lambda unit: mean(collected.sample("programme.equity_irr"), unit),
        "equity.irr_of_mean_cash_flow": lambda unit: irr_of_mean(
            collected.flows["programme.equity"], facts.hurdle, unit
        ),
        "equity.moic": lambda unit: mean(multiple(), unit),
        "equity.npv": lambda unit: mean(collected.sample("programme.equity_npv"), unit),
        "equity.probability_of_loss": lambda unit: probability(multiple().below(1.0), multiple().count, unit),
        "debt.probability_of_loss": lambda unit: probability(lossy(), n, unit),
        "debt.expected_loss_usd": lambda unit: mean(collected.sample(loss), unit),
        "debt.expected_loss": lambda unit: scale(mean(collected.sample(loss), "USD"), share, unit),
        "cash_shared": lambda unit: mean(collected.sample("programme.cash_shared"), unit),
        "debt.vehicles_in_default": lambda unit: mean(defaults(), unit),
        "debt.probability_of_any_default": lambda unit: probability(n - defaults().below(1.0), n, unit),
        "debt.probability_of_all_in_default": lambda unit: probability(
            defaults().equal(float(len(facts.vehicles))), n, unit
        ),
    }
    return {
        metric.name: made[metric.name.removeprefix(PROGRAMME)](metric.unit)
        for metric in PROGRAMME_METRICS.values()
        if names is None or metric.name in names
    }
