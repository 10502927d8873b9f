"""The oracle's figures of a path: rates of return, cover, losses, in slow, obvious Python."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from spv_sim.scenario.model import Scenario
from tests.oracle_terms import dates, tranches

NAN = math.nan


def find_rate(flows: list[float], hurdle: float, dust: float) -> tuple[float, int]:
    """Annual internal rate of return of monthly flows and its flag (model, sections 13.1 and 0.7)."""
    if not any(flow < -dust for flow in flows):
        return NAN, 2
    if not any(flow > dust for flow in flows):
        return -1.0, 1

    dated = [(k, flow) for k, flow in enumerate(flows) if flow != 0]

    def worth(x: float) -> float:  # sign of the net present value at a monthly log rate x
        base = dated[0][0] if x >= 0 else dated[-1][0]
        return math.fsum(flow * math.exp(-x * (k - base)) for k, flow in dated)

    signs = [flow > 0 for _, flow in dated]
    simple = sum(a != b for a, b in pairwise(signs)) == 1
    steps = 1 if simple else 1000  # a scan that is fine around 0
    grid = [60 * math.sinh(8 * j / steps) / math.sinh(8) for j in range(-steps, steps + 1)]
    values = [worth(x) for x in grid]
    roots = []
    for low, high, left, right in zip(grid, grid[1:], values, values[1:], strict=False):
        if (left > 0) == (right > 0):
            continue
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if (worth(middle) > 0) == (left > 0) else (low, middle)
        roots.append((low, left > 0))
    if not roots:
        return NAN, 4
    n, r = len(flows) - 1, math.log1p(hurdle) / 12
    gains = math.fsum(max(flow, 0.0) * math.exp(r * (n - k)) for k, flow in enumerate(flows))
    costs = math.fsum(max(-flow, 0.0) * math.exp(-r * k) for k, flow in enumerate(flows))
    falling = [x for x, falls in roots if falls] or [x for x, _ in roots]
    best = min(falling, key=lambda x: abs(x - math.log(gains / costs) / n))
    return math.expm1(12 * best), 0 if len(roots) == 1 else 3


def summarise(
    scenario: Scenario,
    closing: dict[str, Any],
    rows: list[dict[str, float]],
    equity: list[float],
    lenders: dict[str, list[float]],
) -> dict[str, float]:
    """Figures of the path by the engine's names."""
    (kc, _, _), hurdle = dates(scenario), scenario.deal.hurdle
    dust = 1e-9 * closing["total_uses"]
    irr, irr_flag = find_rate(equity, hurdle, dust)
    calls = math.fsum(closing["equity_calls"])
    covers = [row["dscr"] for row in rows if not math.isnan(row["dscr"])]
    payback, cumulative = math.inf, 0.0
    for k, flow in enumerate(equity):
        cumulative += flow
        if k > kc and cumulative >= 0 and payback == math.inf:
            payback = k
    figures = {
        "equity.irr": irr,
        "equity.irr_flag": irr_flag,
        "equity.moic": math.fsum(row["dist"] for row in rows) / calls if calls > 0 else 0.0,
        "equity.npv": math.fsum(flow * (1 + hurdle) ** (-k / 12) for k, flow in enumerate(equity)),
        "equity.payback": payback,
        "spv.min_dscr": min(covers, default=NAN),
        "spv.average_dscr": math.fsum(covers) / len(covers) if covers else NAN,
        "spv.llcr": loan_life_cover(scenario, closing, rows),
        "spv.lock_up_months": sum(row["lock"] for row in rows),
        "spv.claim": math.fsum(row["claim"] for row in rows),
        "spv.sale": math.fsum(row["sale"] for row in rows),
    }
    for name, debt in tranches(scenario):
        own = of_tranche(debt, name, closing["tranche"][name], rows, kc)
        rate, flag = find_rate(lenders[name], hurdle, dust)
        figures |= {f"{name}.{figure}": value for figure, value in own.items()}
        figures |= {f"{name}.yield": rate, f"{name}.yield_flag": flag}
    return figures


def loan_life_cover(scenario: Scenario, closing: dict[str, Any], rows: list[dict[str, float]]) -> float:
    """Cash up to maturity of the first tranche over the face of its rank; cash waits for the next date."""
    (_, debt), (kc, _, _) = tranches(scenario)[0], dates(scenario)
    every, rate, cover = debt.payment_every, debt.coupon * debt.payment_every / 12, 0.0
    for k in range(kc + 1, kc + debt.tenor + 1):
        cash = rows[k]["rent"] + rows[k]["merchant"] - rows[k]["opex"] - rows[k]["enforcement"]
        cover += cash * (1 + rate) ** -math.ceil((k - kc) / every)
    beside = [other for other, terms in tranches(scenario) if terms.rank == debt.rank]
    commitment = sum(closing["tranche"][other]["commitment"] for other in beside)
    return cover / commitment if commitment > 0 else NAN


def of_tranche(
    debt: Any, name: str, closing: dict[str, Any], rows: list[dict[str, float]], kc: int
) -> dict[str, float]:
    """Figures of a tranche."""
    rate = debt.coupon * debt.payment_every / 12
    principal = wal = planned = paid = drawn = 0.0
    for k, row in enumerate(rows):
        discount = (1 + rate) ** (-k / debt.payment_every)
        repaid = row[f"{name}.principal_paid"] + row[f"{name}.prepaid"]
        principal += repaid
        wal += repaid * (k - kc) / 12
        planned += sum(closing["plan"].get(k, (0.0, 0.0))) * discount
        paid += (row[f"{name}.interest_paid"] + repaid) * discount
        drawn += closing["draws"][k] * discount if k <= kc else 0.0
    return {
        "event_of_default_month": next((k for k, row in enumerate(rows) if row["eod"]), math.inf),
        "loss": rows[-1][f"{name}.debt"] + rows[-1][f"{name}.interest_arrears"],
        "loss_pv": (planned - paid) / drawn if drawn > 0 else NAN,
        "wal": wal / principal if principal > 0 else NAN,
    }
