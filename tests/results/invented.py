"""Invented columns with every trait of real ones: atoms, undefined values, months that never come."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spv_sim.engine.summing import BLOCK
from spv_sim.results.collect import Collected, Collector
from spv_sim.results.variables import DealFacts, variables

Array = NDArray[np.float64]

FACTS = DealFacts(
    {"senior": 600.0},
    total_uses=1000.0,
    hurdle=0.12,
    months=72,
    debt_start=4,
    promised_yields={"senior": 0.12},
)
SLOTS = 32


def invent_columns(paths: int, seed: int = 7) -> dict[str, Array]:
    """A column of each name."""
    draw = np.random.default_rng(seed)
    default = np.ceil(draw.exponential(150.0, paths))
    default[default > FACTS.months] = np.inf
    defaulted = np.isfinite(default)
    severity = draw.uniform(-0.6, 1.0, paths)
    loss = np.where(defaulted & (severity > 0.0), 600.0 * severity, 0.0)
    total = defaulted & (severity > 0.4)
    moic = np.where(total, 0.0, np.exp(0.4 + 0.3 * draw.normal(size=paths)))
    irr = np.where(total, -1.0, np.maximum(moic, 1e-9) ** 0.2 - 1.0)
    irr_flag = np.where(total, 1.0, 0.0)
    odd = draw.uniform(size=paths) < 0.001
    irr[odd], irr_flag[odd] = np.nan, 2.0
    dscr = np.where(draw.uniform(size=paths) < 0.01, np.nan, 1.6 + 0.3 * draw.normal(size=paths))
    return {
        "equity.irr": irr,
        "equity.irr_flag": irr_flag,
        "equity.moic": moic,
        "equity.npv": 400.0 * (moic - 1.2),
        "equity.cures": np.where(odd, 25.0, 0.0),
        "equity.payback": np.where(
            moic >= 1.0, np.clip(np.round(60.0 / np.maximum(moic, 1e-3)), 5, 72), np.inf
        ),
        "spv.min_dscr": dscr,
        "spv.average_dscr": dscr + 0.2,
        "spv.llcr": 1.5 + 0.2 * draw.normal(size=paths),
        "spv.lock_up_months": np.floor(10.0 * np.maximum(draw.normal(size=paths), 0.0)),
        "spv.event_of_default_cause": np.where(loss > 0.0, np.ceil(4.0 * severity), 0.0),
        "spv.breach": 1e-13 * draw.uniform(size=paths),
        "spv.claim": np.where(defaulted, 20.0, 0.0),
        "spv.sale": 100.0 * draw.uniform(size=paths),
        "spv.units_lost": np.zeros(paths),
        "spv.availability": np.ones(paths),
        "lessee.default_month": default,
        "lessee.outcome": np.where(defaulted, 4.0, 0.0),
        "lessee.recovery": np.where(defaulted, 0.3, np.nan),
        "lessee.guarantor_paid": np.zeros(paths),
        "senior.event_of_default_month": np.where(loss > 0.0, default + 1.0, np.inf),
        "senior.loss": loss,
        "senior.loss_pv": loss / 700.0,
        "senior.yield": np.where(loss > 0.0, 0.05, 0.11),
        "senior.yield_flag": np.zeros(paths),
        "senior.wal": 2.5 + 0.1 * draw.normal(size=paths),
    }


def invent_flows(paths: int, seed: int = 8) -> dict[str, Array]:
    """Monthly flows (paths, months + 1) of equity and lender."""
    draw = np.random.default_rng(seed)
    months = FACTS.months + 1
    equity = np.full((paths, months), 8.0) * draw.uniform(0.2, 1.4, (paths, 1))
    lender = np.full((paths, months), 12.0) * draw.uniform(0.7, 1.1, (paths, 1))
    equity[:, 0], lender[:, 0] = -400.0, -600.0
    return {"equity": equity, "senior": lender}


def sum_blocks(flows: Array, batches: int = SLOTS) -> Array:
    """(blocks, months + 1, batches) sums of (paths, months + 1) flows."""
    blocks = [flows[start : start + BLOCK] for start in range(0, len(flows), BLOCK)]
    return np.array(
        [[block[batch::batches].sum(axis=0) for batch in range(batches)] for block in blocks]
    ).swapaxes(1, 2)


def collect(
    columns: Mapping[str, Array],
    keep: int = 10**6,
    call: int = BLOCK,
    flows: Mapping[str, Array] | None = None,
    paths: int | None = None,
) -> Collected:
    """Feed columns in calls of `call` paths; `flows` are sums by block."""
    total = len(next(iter(columns.values())))
    if flows is None:
        flows = {
            name: sum_blocks(np.tile(flow.mean(axis=0), (total, 1)))
            for name, flow in invent_flows(50).items()
        }
    collector = Collector(variables(FACTS), keep, paths)
    for start in range(0, total, call):
        collector.add(
            start,
            {name: column[start : start + call] for name, column in columns.items()},
            {name: sums[start // BLOCK : -(-(start + call) // BLOCK)] for name, sums in flows.items()},
        )
    return collector.finish()
