"""One deal on one market path in slow, obvious Python: what the engine must agree with, month by month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from spv_sim.scenario.model import Scenario
from tests.oracle_terms import close, dates, earn, reserve, tranche

NAN = math.nan


@dataclass(frozen=True)
class Oracle:
    """A deal's closing figures, months (row k is month k), cash flows by month, and summary figures."""

    closing: dict[str, Any]
    rows: list[dict[str, float]]
    equity: list[float]
    senior: list[float]
    summary: dict[str, float]


def run_deal(
    scenario: Scenario,
    price: list[float],
    lease_rate: list[float] | None,
    default_month: int | None,
    claim: float | None = None,
) -> Oracle:
    """The deal on a path.

    price, lease_rate : the market by month [USD, USD/GPU-hour].  default_month : first unpaid rent.
    claim : what the lessee pays on the claim [USD], where the oracle shall not work it out.
    """
    closing, debt = close(scenario), tranche(scenario)
    vehicle = Vehicle(scenario, closing, default_month)
    cash = earn(scenario, price, lease_rate, default_month, claim)
    rows = [{**row, **vehicle.pass_month(k, row)} for k, row in enumerate(cash)]
    equity = [row["dist"] for row in rows]
    senior = [row["int_paid"] + row["prin_paid"] for row in rows]
    for k in range(scenario.grid.construction + 1):
        equity[k] -= closing["equity_calls"][k]
        senior[k] += closing["interest"][k] + closing["commitment_fees"][k] - closing["net_draws"][k]
    senior[0] += debt.upfront_fee * closing["commitment"]
    for row, to_equity, to_senior in zip(rows, equity, senior, strict=True):
        row["equity_cf"], row["senior_cf"] = to_equity, to_senior
    return Oracle(closing, rows, equity, senior, summarise(scenario, closing, rows, equity, senior))


class Vehicle:
    """Accounts and debt of the vehicle, carried from month to month."""

    def __init__(self, scenario: Scenario, closing: dict[str, Any], default_month: int | None) -> None:
        self.scenario, self.debt, self.plan = scenario, tranche(scenario), closing["plan"]
        self.kc, _, self.last = dates(scenario)
        self.default_month = default_month
        self.first_payment = scenario.lease.first_payment.amount(closing["hardware_cost"])
        self.eps = 1e-9 * closing["total_uses"]
        self.debt_left, self.dsra, self.trap, self.revenue = closing["commitment"], closing["dsra"], 0.0, 0.0
        self.cost_arrears = self.interest_arrears = self.principal_arrears = 0.0
        self.dates_in_arrears, self.eod, self.cfads = 0, False, 0.0

    def pass_month(self, k: int, row: dict[str, float]) -> dict[str, float]:
        """Take in a month's cash and pay it out."""
        names = "interest costs_paid int_due int_paid prin_due prin_paid dist cfads debt_service lock"
        out = {**dict.fromkeys(names.split(), 0.0), "dscr": NAN}
        if k == self.kc:
            self.complete(row, out)
        elif k > self.kc:
            self.run(k, row, out)
        out["D"] = self.debt_left
        for name in ("dsra", "trap", "revenue", "interest_arrears", "cost_arrears"):
            out[name] = getattr(self, name) if k >= self.kc else 0.0
        return {**out, "eod": float(self.eod)}

    def complete(self, row: dict[str, float], out: dict[str, float]) -> None:
        """Completion: rent in advance and the first payment pay costs, the rest is trapped; no DSRA."""
        self.trap += row["rent"]
        if self.scenario.lease.first_payment_to == "trap":
            self.trap += self.first_payment
        elif self.scenario.lease.first_payment_to == "equity":
            out["dist"] = self.first_payment
        out["costs_paid"] = self.take("trap", row["opex"])
        self.cost_arrears = row["opex"] - out["costs_paid"]

    def take(self, account: str, wanted: float) -> float:
        """Take up to the wanted amount out of an account."""
        wanted = max(wanted, 0.0)  # rounding pays nothing back
        taken = min(getattr(self, account), wanted)
        setattr(self, account, getattr(self, account) - taken)
        return taken

    def run(self, k: int, row: dict[str, float], out: dict[str, float]) -> None:
        """A month of operation: costs every month, debt and equity on debt dates; `revenue` is the cash."""
        account_rate, every = self.scenario.accounts.interest_rate, self.debt.payment_every
        out["interest"] = (self.revenue + self.trap + self.dsra) * account_rate / 12
        self.revenue += row["rent"] + row["merchant"] + row["sale"] + row["claim"] + out["interest"]
        self.cfads += row["rent"] + row["merchant"] + out["interest"] - row["opex"] - row["enforcement"]
        debt_date = (k - self.kc) % every == 0
        if debt_date:
            lost = self.default_month is not None and k >= self.default_month + self.debt.grace * every
            self.eod = self.eod or lost or self.dates_in_arrears >= self.debt.grace
            if self.eod:
                self.revenue += self.take("trap", self.trap) + self.take("dsra", self.dsra)
        costs = row["opex"] + row["enforcement"] + self.cost_arrears
        for account in ("revenue", "trap", "dsra"):
            out["costs_paid"] += self.take(account, costs - out["costs_paid"])
        self.cost_arrears = max(costs - out["costs_paid"], 0.0)
        if debt_date:
            self.serve_debt(k, out)
            self.cfads = 0.0

    def serve_debt(self, k: int, out: dict[str, float]) -> None:
        """Interest, principal, reserve, lock-up test and distribution of a debt date."""
        rate = self.debt.coupon * self.debt.payment_every / 12
        out["int_due"] = self.debt_left * rate
        on_arrears = rate * self.interest_arrears if self.debt.interest_on_arrears == "coupon" else 0.0
        interest = out["int_due"] + self.interest_arrears + on_arrears
        planned = self.plan.get(k, (0.0, 0.0))[1] + self.principal_arrears
        everything = self.eod or k >= self.kc + self.debt.tenor or k == self.last
        out["prin_due"] = self.debt_left if everything else min(planned, self.debt_left)
        out["int_paid"] = self.take("revenue", interest)
        out["prin_paid"] = self.take("revenue", out["prin_due"])
        for account in ("trap", "dsra"):
            out["int_paid"] += self.take(account, interest - out["int_paid"])
        for account in ("trap", "dsra"):
            out["prin_paid"] += self.take(account, out["prin_due"] - out["prin_paid"])
        self.interest_arrears = max(interest - out["int_paid"], 0.0)
        self.principal_arrears = max(out["prin_due"] - out["prin_paid"], 0.0)
        self.debt_left -= out["prin_paid"]
        if self.debt_left < self.eps:
            self.debt_left = 0.0
        late = max(self.interest_arrears, self.principal_arrears) > self.eps
        self.dates_in_arrears = self.dates_in_arrears + 1 if late else 0
        if self.eod:
            out["dist"] = self.take("revenue", self.revenue)
            return
        months = min(self.debt.dsra, self.kc + self.debt.tenor - k)
        target = 0.0 if self.debt_left <= self.eps or k == self.last else reserve(self.plan, k, months)
        self.dsra += self.take("revenue", target - self.dsra) if self.dsra < target else 0.0
        self.revenue += self.take("dsra", max(self.dsra - target, 0.0))
        out["cfads"], out["debt_service"] = self.cfads, out["int_due"] + out["prin_due"]
        passes = True
        if out["debt_service"] > 0:
            out["dscr"] = self.cfads / out["debt_service"]
            passes = self.debt.lock_up_dscr is None or out["dscr"] >= self.debt.lock_up_dscr
        if passes or self.debt_left <= self.eps or k == self.last:
            out["dist"] = self.take("revenue", self.revenue) + self.take("trap", self.trap)
        else:
            self.trap += self.take("revenue", self.revenue)
            out["lock"] = 1.0


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
    senior: list[float],
) -> dict[str, float]:
    """Summary figures of the path."""
    debt, (kc, _, _), hurdle = tranche(scenario), dates(scenario), scenario.deal.hurdle
    commitment, every = closing["commitment"], debt.payment_every
    rate = debt.coupon * every / 12
    dust = 1e-9 * closing["total_uses"]
    irr, irr_flag = find_rate(equity, hurdle, dust)
    yield_, yield_flag = find_rate(senior, hurdle, dust)
    calls = math.fsum(closing["equity_calls"])
    covers = [row["dscr"] for row in rows if not math.isnan(row["dscr"])]
    payback, cumulative = math.inf, 0.0
    for k, flow in enumerate(equity):
        cumulative += flow
        if k > kc and cumulative >= 0 and payback == math.inf:
            payback = k
    llcr = principal = wal = planned = paid = drawn = 0.0
    for k, row in enumerate(rows):
        discount = (1 + rate) ** (-k / every)
        cash = row["rent"] + row["merchant"] - row["opex"] - row["enforcement"]
        if kc < k <= kc + debt.tenor:  # cash waits for the next debt date
            date = kc + every * math.ceil((k - kc) / every)
            llcr += cash * (1 + rate) ** (-(date - kc) / every)
        principal += row["prin_paid"]
        wal += row["prin_paid"] * (k - kc) / 12
        planned += sum(closing["plan"].get(k, (0.0, 0.0))) * discount
        paid += (row["int_paid"] + row["prin_paid"]) * discount
        drawn += closing["draws"][k] * discount if k <= kc else 0.0
    return {
        "equity.irr": irr,
        "equity.irr_flag": irr_flag,
        "equity.moic": math.fsum(row["dist"] for row in rows) / calls if calls > 0 else 0.0,
        "equity.npv": math.fsum(flow * (1 + hurdle) ** (-k / 12) for k, flow in enumerate(equity)),
        "equity.payback": payback,
        "spv.min_dscr": min(covers, default=NAN),
        "spv.average_dscr": math.fsum(covers) / len(covers) if covers else NAN,
        "spv.llcr": llcr / commitment if commitment > 0 else NAN,
        "spv.lock_up_months": sum(row["lock"] for row in rows),
        "event_of_default_month": next((k for k, row in enumerate(rows) if row["eod"]), math.inf),
        "loss": rows[-1]["D"] + rows[-1]["interest_arrears"],
        "loss_pv": (planned - paid) / drawn if drawn > 0 else NAN,
        "yield": yield_,
        "yield_flag": yield_flag,
        "wal": wal / principal if principal > 0 else NAN,
        "spv.claim": math.fsum(row["claim"] for row in rows),
        "spv.sale": math.fsum(row["sale"] for row in rows),
    }
