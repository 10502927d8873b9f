"""The arrays behind the pictures of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spv_sim.analysis.base_case import BaseCase
    from spv_sim.analysis.simulation import Simulation
    from spv_sim.closing.close import Closed
    from spv_sim.report.material import Material
    from spv_sim.scenario.read import Loaded


def material(
    closed: Closed,
    base: BaseCase,
    done: Simulation,
    loaded: Loaded,
    *,
    with_report: bool,
    fan: Callable[[], dict[str, Any]] | None = None,
) -> Material:
    """The arrays behind the pictures; `fan` makes the first paths' ledgers, where not the deal alone does."""
    import numpy as np

    from spv_sim.analysis.simulation import fan_ledgers, with_resale_value
    from spv_sim.report.material import Material, traced_metrics
    from spv_sim.results.convergence import traces

    deal = closed.terms.deal
    wanted = loaded.scenario.monte_carlo
    shown: dict[str, Any] = {}
    if with_report:
        made = fan() if fan else fan_ledgers(closed, wanted.paths, wanted.seed)
        one = {name: rows[:, None] for name, rows in base.ledger.items()}
        running = traces(done.collected, done.facts, traced_metrics(closed.tranches))
        months = np.arange(deal.last_month + 1)
        year_ends = months[(months > deal.completion) & (months % 3 == 0)]
        defaults = done.collected.sample("lessee.default_month")
        simulated = np.array([1 - defaults.below(month + 0.5) / wanted.paths for month in year_ends])
        survival = done.survival[year_ends]
        shown = {
            "fan": made,
            "fan_months": months.astype(float),
            "lessee_default_month": made["default_month"][-1],
            "base": {name: rows[:, 0] for name, rows in with_resale_value(closed, one).items()},
            "survival": {
                "months": year_ends.astype(float),
                "closed_form": survival,
                "simulated": simulated,
                "standard_error": np.sqrt(survival * (1 - survival) / wanted.paths),
            },
            "convergence": {name: vars(trace) for name, trace in running.items()},
        }
    return Material(
        columns=done.collected.columns,
        lost=done.lost_values,
        tranches=closed.tranches,
        lock_up_levels=closed.lock_up_levels,
        payment_every=deal.payment_every,
        construction=deal.completion,
        lease_end=deal.assets.lease.last_month,
        **shown,
    )
