"""Shares of vehicles in the losses of a programme, by hand and by their sums."""

from __future__ import annotations

import numpy as np
import pytest

from spv_sim.results.collect import BLOCK, Collector
from spv_sim.results.estimate import Estimate
from spv_sim.results.programme_shares import UNITS, VehicleLoss, vehicle_shares
from spv_sim.results.variables import Variable

PATHS = 2 * BLOCK


def vehicle(equity: np.ndarray, debts: dict[str, np.ndarray], keep: int = PATHS) -> VehicleLoss:
    """A vehicle whose present values fall short of a base case of 100 each."""
    names = {"equity": equity, **debts}
    collector = Collector([Variable(f"{name}.pv", -1e3, 1e3) for name in names], keep=keep)
    collector.add(0, {f"{name}.pv": 100.0 - lost for name, lost in names.items()}, {})
    base = dict.fromkeys((f"{name}.pv" for name in names), 100.0)
    return VehicleLoss(collector.finish(), base, tuple(debts))


def test_shares_are_those_of_sums_over_the_tranches() -> None:
    rng = np.random.default_rng(5)
    common, own = rng.exponential(1.0, PATHS), rng.exponential(1.0, (4, PATHS))
    equity = {"a": common + own[0], "b": 3.0 * common + own[1]}
    debt = {"a": own[2], "b": np.zeros(PATHS)}
    found = vehicle_shares(
        {
            "a": vehicle(equity["a"], {"senior": 0.25 * own[2], "mezz": 0.75 * own[2]}),
            "b": vehicle(equity["b"], {"senior": debt["b"]}),
        }
    )
    for side, lost in (("equity", equity), ("debt", debt)):
        whole = lost["a"] + lost["b"]
        worst = np.argsort(-whole)[: int(0.05 * PATHS) + 1]
        for name, values in lost.items():
            of = found[side][name]
            assert list(of) == list(UNITS)
            assert of["lost_value"].value == pytest.approx(values.mean(), abs=1e-9)
            assert of["loss_share"].value == pytest.approx(values.mean() / whole.mean(), abs=1e-9)
            assert of["variance_share"].value == pytest.approx(
                np.cov(values, whole)[0, 1] / whole.var(ddof=1), abs=1e-9
            )
            rough = (values[worst].mean() - values.mean()) / (whole[worst].mean() - whole.mean())
            assert of["tail_loss_share_95"].value == pytest.approx(rough, abs=0.01)
        for measure in ("loss_share", "tail_loss_share_95", "variance_share"):
            assert sum(of[measure].value for of in found[side].values()) == pytest.approx(1.0, abs=1e-9)
        for measure in ("loss_share", "variance_share"):
            assert all(of[measure].standard_error >= 0.0 for of in found[side].values())
    assert found["debt"]["b"]["tail_loss_share_95"].value == 0.0


def test_paths_that_are_not_kept_are_told() -> None:
    rng = np.random.default_rng(6)
    lost = rng.exponential(1.0, (2, PATHS))

    def shares(keep: int) -> dict[str, dict[str, dict[str, Estimate]]]:
        return vehicle_shares({"a": of(lost[0], keep), "b": of(lost[1], keep)})

    def of(own: np.ndarray, keep: int) -> VehicleLoss:
        return vehicle(own, {"senior": own}, keep)

    assert "from the first 4,096 paths" in shares(BLOCK)["equity"]["a"]["loss_share"].note
    assert np.isnan(shares(0)["debt"]["b"]["variance_share"].value)
