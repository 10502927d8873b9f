"""Names those who share the deal's loss, from the metrics of a run."""

from __future__ import annotations

from typing import Any

from spv_sim.report.numbers import is_number

SHARE = ".loss_share"


def bearers(run: dict[str, Any]) -> tuple[str, ...]:
    """Stakeholders whose share of the loss was estimated, in the order of the results."""
    return tuple(name.removesuffix(SHARE) for name in run["metrics"] if name.endswith(SHARE))


def foremost(run: dict[str, Any], most: int) -> tuple[tuple[str, ...], int]:
    """Those with the largest shares, in the order of the results, and how many are left out."""

    def weight(holder: str) -> float:
        shares = (measure(run, holder, name).get("value") for name in ("loss_share", "tail_loss_share_95"))
        return max((abs(float(share)) for share in shares if is_number(share)), default=-1.0)

    everyone = bearers(run)
    kept = sorted(everyone, key=weight, reverse=True)[:most]
    return tuple(holder for holder in everyone if holder in kept), len(everyone) - len(kept)


def measure(run: dict[str, Any], holder: str, name: str) -> dict[str, Any]:
    """A metric of a stakeholder; empty where the run does not have it."""
    found = run["metrics"].get(f"{holder}.{name}")
    return found if isinstance(found, dict) else {}
