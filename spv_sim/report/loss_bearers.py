"""Names those who share the deal's loss, from the metrics of a run."""

from __future__ import annotations

from typing import Any

SHARE = ".loss_share"


def bearers(run: dict[str, Any]) -> tuple[str, ...]:
    """Stakeholders whose share of the loss was estimated, in the order of the results."""
    return tuple(name.removesuffix(SHARE) for name in run["metrics"] if name.endswith(SHARE))


def measure(run: dict[str, Any], holder: str, name: str) -> dict[str, Any]:
    """A metric of a stakeholder; empty where the run does not have it."""
    found = run["metrics"].get(f"{holder}.{name}")
    return found if isinstance(found, dict) else {}
