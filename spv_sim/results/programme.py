"""What several vehicles are together: equity as one holding, debt as one sum, and defaults that coincide."""

from __future__ import annotations

from dataclasses import dataclass

from spv_sim.results.collect import Collected
from spv_sim.results.estimate import Estimate, mean, probability, scale
from spv_sim.results.mean_flow import irr_of_mean
from spv_sim.results.variable import Variable, count_whole
from spv_sim.spv.tolerance import CASH_TOLERANCE


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


def estimate_programme(collected: Collected, facts: ProgrammeFacts) -> dict[str, Estimate]:
    """Every metric of the programme, by name.

    Source: model 9.6, 13.
    """
    loss, defaults = collected.sample("programme.loss"), collected.sample("programme.defaults")
    multiple, n = collected.sample("programme.equity_moic"), collected.paths
    lossy = n - loss.below(facts.eps_cash) - loss.equal(facts.eps_cash)
    share = 1.0 / facts.commitment if facts.commitment else 0.0
    found = {
        "equity.irr": mean(collected.sample("programme.equity_irr"), "1/year"),
        "equity.irr_of_mean_cash_flow": irr_of_mean(collected.flows["programme.equity"], facts.hurdle),
        "equity.moic": mean(multiple, "x"),
        "equity.npv": mean(collected.sample("programme.equity_npv"), "USD"),
        "equity.probability_of_loss": probability(multiple.below(1.0), multiple.count),
        "debt.probability_of_loss": probability(lossy, n),
        "debt.expected_loss_usd": mean(loss, "USD"),
        "debt.expected_loss": scale(mean(loss, "USD"), share, "share"),
        "cash_shared": mean(collected.sample("programme.cash_shared"), "USD"),
        "debt.vehicles_in_default": mean(defaults, "vehicles"),
        "debt.probability_of_any_default": probability(n - defaults.below(1.0), n),
        "debt.probability_of_all_in_default": probability(defaults.equal(float(len(facts.vehicles))), n),
    }
    return {f"programme.{name}": estimate for name, estimate in found.items()}
