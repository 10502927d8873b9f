"""How much more default, and how much lower prices, a tranche bears before it loses its first dollar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spv_sim.analysis.simulation import deal_facts
from spv_sim.analysis.solve.knob import knob
from spv_sim.analysis.solve.solution import Solution, solve
from spv_sim.analysis.solve.target import Measured, Sampling, Target, aim
from spv_sim.closing.close import close
from spv_sim.scenario.read import Loaded
from spv_sim.scenario.vary import HAZARD_MULTIPLE, RESIDUAL_HAIRCUT

Tell = Callable[[str, float, Measured], None]


@dataclass(frozen=True)
class FirstLoss:
    """Where one tranche first loses a dollar.

    hazard_multiple : factor on the hazard at which the lender's expected flows are worth nothing: from there
        on he expects back, discounted, less than he pays out; None where there is no hazard.
    expected_haircut : haircut on every resale price at which they are.
    stressed_haircut : haircut at which, in the base case with a default in the given month, or in the month
        that costs most, principal or interest first stays unpaid at the end by more than the cash tolerance.

    A negative haircut is the rise of prices that a tranche which already loses would need.
    """

    tranche: str
    hazard_multiple: Solution | None
    expected_haircut: Solution
    stressed_haircut: Solution

    @property
    def solutions(self) -> dict[str, Solution | None]:
        """By name, in the order of the report."""
        return {
            "hazard_multiple": self.hazard_multiple,
            "expected_haircut": self.expected_haircut,
            "stressed_haircut": self.stressed_haircut,
        }


def first_loss(
    loaded: Loaded,
    tranche: str,
    sampling: Sampling,
    discount_rate: float,
    default_month: int | None,
    simulate: bool,
    tell: Tell = lambda what, value, measured: None,
) -> FirstLoss:
    """Break-even hazard multiple and resale haircuts of a tranche.

    Parameters
    ----------
    discount_rate : of the lender's expected flows [1/year, continuously compounded]; 0 counts dollars.
    default_month : of the stress; None for the month that costs the tranche the most.

    Raises
    ------
    UserError : as for `solve`.

    Limits
    ------
    The worst month is chosen anew for each haircut. The haircut leaves the scrap value and lease rates alone.
    """
    closed = close(loaded.scenario)

    def found(key: str, target: Target) -> Solution:
        own = knob(loaded, key, "--first-loss")
        return solve(loaded, own, target, sampling, lambda value, measured: tell(own.title, value, measured))

    expected = aim(
        closed, f"{tranche}.npv", 0.0, "--first-loss", discount_rate=discount_rate, simulate=simulate
    )
    stress = aim(
        closed,
        f"default.{tranche}.loss",
        deal_facts(closed).eps_cash,
        "--first-loss",
        default_month=default_month,
    )
    credit = loaded.scenario.credit
    has_hazard = credit.default_month is None and any(credit.hazard)
    return FirstLoss(
        tranche,
        found(HAZARD_MULTIPLE, expected) if has_hazard else None,
        found(RESIDUAL_HAIRCUT, expected),
        found(RESIDUAL_HAIRCUT, stress),
    )
