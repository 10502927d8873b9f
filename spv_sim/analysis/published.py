"""Checks of the base case against published terms that a scenario names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spv_sim.analysis.base_case import BaseCase, run_base_case
from spv_sim.closing.close import close
from spv_sim.errors import UserError
from spv_sim.scenario.read import Loaded

PREFIX = "base_case."


@dataclass(frozen=True)
class PublishedCheck:
    """A published figure beside the model's."""

    name: str
    passed: bool
    value: float
    expected: float
    tolerance: float
    unit: str
    detail: str

    def record(self) -> dict[str, Any]:
        """An entry of the `checks` part of a run document."""
        return dict(vars(self))


def check_published(loaded: Loaded, base: BaseCase) -> list[PublishedCheck]:
    """Every published term of the scenario against the base case, under the term's own overrides.

    Raises
    ------
    UserError : where a term names a metric that the base case does not have.
    """
    checks = []
    for name, term in loaded.scenario.deal.published.items():
        case = base
        if term.set:
            case = run_base_case(close(loaded.override(term.set).scenario))
        metric = term.metric.removeprefix(PREFIX)
        if metric not in case.values:
            key = f"deal.published.{name}.metric"
            known = ", ".join(PREFIX + column for column in case.values)
            raise UserError(
                loaded.problem("unknown-metric", key, f"{key}: no {term.metric}", help=f"known: {known}")
            )
        value = case.values[metric]
        changed = "".join(f"; with {key} = {new}" for key, new in term.set.items())
        checks.append(
            PublishedCheck(
                name=f"published.{name}",
                passed=abs(value - term.expected) <= term.tolerance,
                value=value,
                expected=term.expected,
                tolerance=term.tolerance,
                unit=term.unit or "",
                detail=f"{term.metric}{changed}; source: {term.source}",
            )
        )
    return checks
