"""What each vehicle of a programme has in the losses of all: of the mean, of the spread, of the worst paths.

A path takes from the shareholders, or from the lenders, of a vehicle the value that their flows have in the
base case less the value that they have on the path, both at closing and at one rate. What all vehicles lose
is the sum, and the shares of the vehicles add up to 1. Source: model 9.6, 12.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spv_sim.results.collect import Collected
from spv_sim.results.estimate import Estimate, mean, undefined_estimate
from spv_sim.results.estimate_all import NONE_KEPT, tell_part
from spv_sim.results.loss_share_estimates import from_tail, share_of_mean, share_of_variance, worst_paths
from spv_sim.results.sample import KeptSample
from spv_sim.results.stakeholder import Array

LEVEL = 0.95
"""The worst paths are the other twentieth."""

UNITS = {
    "lost_value": "USD",
    "loss_share": "share",
    "unexpected_loss_95": "USD",
    "tail_loss_share_95": "share",
    "variance_share": "share",
}
"""Measures of a vehicle: expected loss and its share of that of all; loss beyond the mean on the paths that
are worst for all together, and its share; share of the variance."""


@dataclass(frozen=True)
class VehicleLoss:
    """A vehicle whose losses are compared.

    collected : what its paths leave.  base : its columns in the base case.  tranches : their names.
    """

    collected: Collected
    base: Mapping[str, float]
    tranches: tuple[str, ...]

    def lost(self, side: str) -> Array:
        """(kept paths,) float64 value lost by the shareholders or the lenders [USD]."""
        names = ("equity",) if side == "equity" else self.tranches
        columns = self.collected.columns
        return np.asarray(sum(self.base[f"{name}.pv"] - columns[f"{name}.pv"] for name in names))


def vehicle_shares(vehicles: Mapping[str, VehicleLoss]) -> dict[str, dict[str, dict[str, Estimate]]]:
    """By side, equity and debt, and vehicle: every measure, from the paths whose values are kept."""
    return {side: _shares(vehicles, side) for side in ("equity", "debt")}


def _shares(vehicles: Mapping[str, VehicleLoss], side: str) -> dict[str, dict[str, Estimate]]:
    if any(of.collected.kept == 0 for of in vehicles.values()):
        return {
            name: {measure: undefined_estimate(unit, NONE_KEPT) for measure, unit in UNITS.items()}
            for name in vehicles
        }
    lost = {name: of.lost(side) for name, of in vehicles.items()}
    whole = np.asarray(sum(lost.values()))
    worst = worst_paths(whole, LEVEL)
    found = {}
    for name, own in lost.items():
        told = {
            "lost_value": mean(KeptSample(own), "USD"),
            "loss_share": share_of_mean(KeptSample(own), KeptSample(whole - own), KeptSample(whole)),
            "unexpected_loss_95": from_tail(own, worst, "USD"),
            "tail_loss_share_95": from_tail(own, worst, "share"),
            "variance_share": share_of_variance(own, whole),
        }
        collected = vehicles[name].collected
        found[name] = {measure: tell_part(estimate, collected) for measure, estimate in told.items()}
    return found
