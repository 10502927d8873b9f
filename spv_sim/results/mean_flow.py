"""The internal rate of the mean cash flow, with the error that the sums by batch give it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from spv_sim.kernel.irr_roots import MULTIPLE, NO_ROOT, TOTAL_LOSS, UNDEFINED, Rates, irr_roots
from spv_sim.results.collect import FlowSums
from spv_sim.results.estimate import Estimate, join_notes, undefined_estimate
from spv_sim.results.intervals import student_bound
from spv_sim.results.stakeholder import Array

FLAG_NOTES = {
    TOTAL_LOSS: "total loss",
    UNDEFINED: "undefined: nothing was paid in",
    MULTIPLE: "several rates solve the mean flow",
    NO_ROOT: "undefined: no rate solves the mean flow",
}

Roots = Callable[[Array, float], Rates]


def irr_of_mean(flows: FlowSums, hurdle: float, unit: str = "1/year", roots: Roots = irr_roots) -> Estimate:
    """Annualised internal rate of the mean monthly flow.

    The standard error is linear in the flows: that of the mean present value at the rate found, over the
    slope of the present value. The batches, of independent paths each, give the former: with m_b paths of
    mean value v_b in batch b, s² = Σ m_b (v_b − v)²/(B−1), and se = s/√n on B−1 degrees of freedom.

    Parameters
    ----------
    flows : sums by batch [USD].
    hurdle : rate by which one of several roots is chosen [1/year, effective].
    roots : solver, (flows, monthly hurdle) to (monthly rate, flag, all roots).

    Limits
    ------
    One batch has no error to show (NaN). The bias of the rate, of order 1/n, is not corrected.
    """
    paths = int(flows.batch_paths.sum())
    mean = flows.mean
    rate, flag, _ = roots(mean, math.expm1(math.log1p(hurdle) / 12.0))
    note = FLAG_NOTES.get(flag, "")
    if flag == TOTAL_LOSS:
        return Estimate(-1.0, math.nan, (math.nan, math.nan), paths, {}, unit, note)
    if not math.isfinite(rate):
        return undefined_estimate(unit, note, paths)
    months = np.arange(len(mean))
    discount = np.exp(-math.log1p(rate) * months)
    value = math.expm1(12.0 * math.log1p(rate))
    filled = flows.batch_paths > 0
    batch_paths, batches = flows.batch_paths[filled], int(np.count_nonzero(filled))
    slope = float((months * mean) @ discount) / (1.0 + rate)
    if batches < 2 or slope == 0.0:
        return Estimate(
            value,
            math.nan,
            (math.nan, math.nan),
            paths,
            {},
            unit,
            join_notes(note, "no error from a single batch"),
        )
    values = (discount @ flows.sums[:, filled]) / batch_paths
    spread = float(batch_paths @ np.square(values - float(discount @ mean))) / (batches - 1)
    error = math.sqrt(spread / paths) / abs(slope) * 12.0 * (1.0 + value) / (1.0 + rate)
    reach = student_bound(batches - 1) * error
    return Estimate(value, error, (value - reach, value + reach), paths, {}, unit, note)
