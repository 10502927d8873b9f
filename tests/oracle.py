"""One deal on one market path in slow, obvious Python: what the engine must agree with, month by month."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from spv_sim.scenario.model import Scenario
from tests.oracle_summary import summarise
from tests.oracle_terms import close, dates, earn, reserve, tranches

NAN = math.nan
OWED = ("debt", "interest_arrears", "principal_arrears")
RECEIPTS = ("rent", "merchant", "sale", "claim", "guarantee")
PAID = ("interest_current", "interest_paid", "principal_paid", "prepaid")


@dataclass(frozen=True)
class Oracle:
    """A deal's closing figures, months (row k is month k), cash flows by month, and summary figures."""

    closing: dict[str, Any]
    rows: list[dict[str, float]]
    equity: list[float]
    lenders: dict[str, list[float]]
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
    closing = close(scenario)
    vehicle = Vehicle(scenario, closing, default_month)
    cash = earn(scenario, price, lease_rate, default_month, claim)
    rows = [{**row, **vehicle.pass_month(k, row)} for k, row in enumerate(cash)]
    equity = [row["dist"] for row in rows]
    lenders = {}
    for name, debt in tranches(scenario):
        own = closing["tranche"][name]
        flow = [sum(row[f"{name}.{paid}"] for paid in PAID[1:]) for row in rows]
        for k in range(scenario.grid.construction + 1):
            flow[k] += own["interest"][k] + own["commitment_fees"][k] - own["net_draws"][k]
        flow[0] += debt.upfront_fee * own["commitment"]
        lenders[name] = flow
    for k in range(scenario.grid.construction + 1):
        equity[k] -= closing["equity_calls"][k]
    return Oracle(closing, rows, equity, lenders, summarise(scenario, closing, rows, equity, lenders))


class Lender:
    """What one tranche is owed, and what it gets on a date."""

    def __init__(self, name: str, debt: Any, closing: dict[str, Any]) -> None:
        self.name, self.terms, self.plan = name, debt, closing["plan"]
        self.period = debt.coupon * debt.payment_every / 12
        self.debt, self.interest_arrears, self.principal_arrears = closing["commitment"], 0.0, 0.0
        self.reset()

    def reset(self) -> None:
        """Nothing is paid yet."""
        self.interest_current = self.interest_due = self.principal_due = 0.0
        self.interest_paid = self.principal_paid = self.prepaid = 0.0

    def fall_due(self, k: int, matures: int, everything: bool, eod: bool) -> None:
        """Interest and principal of a date."""
        margin = self.terms.default_margin * self.terms.payment_every / 12 if eod else 0.0
        self.interest_current = self.debt * (self.period + margin)
        late = self.period * self.interest_arrears if self.terms.interest_on_arrears == "coupon" else 0.0
        self.interest_due = self.interest_current + self.interest_arrears + late
        planned = self.plan.get(k, (0.0, 0.0))[1] + self.principal_arrears
        self.principal_due = self.debt if everything or eod or k >= matures else min(planned, self.debt)

    def left(self, what: str) -> float:
        """Interest or principal still due."""
        return max(getattr(self, f"{what}_due") - getattr(self, f"{what}_paid"), 0.0)

    def get(self, what: str, amount: float, eps: float) -> None:
        """Take a payment."""
        setattr(self, f"{what}_paid", getattr(self, f"{what}_paid") + amount)
        if what == "principal":
            self.repay(amount, eps)

    def repay(self, amount: float, eps: float) -> None:
        """Lower the balance; dust goes with it."""
        self.debt -= amount
        if self.debt < eps:
            self.debt = 0.0

    def settle(self, eod: bool, eps: float) -> None:
        """What stays unpaid falls into arrears or is added to the debt."""
        self.principal_arrears = 0.0 if eod else self.left("principal")
        if self.terms.pik:
            self.repay(-self.left("interest"), eps)
        self.interest_arrears = 0.0 if self.terms.pik else self.left("interest")


class Vehicle:
    """Accounts and debt of the vehicle, carried from month to month."""

    def __init__(self, scenario: Scenario, closing: dict[str, Any], default_month: int | None) -> None:
        self.scenario = scenario
        self.kc, _, self.last = dates(scenario)
        self.default_month = default_month
        self.first_payment = scenario.lease.first_payment.amount(closing["hardware_cost"])
        self.eps = 1e-9 * closing["total_uses"]
        self.lenders = [Lender(name, debt, closing["tranche"][name]) for name, debt in tranches(scenario)]
        self.ranks = [list(group) for _, group in groupby(self.lenders, key=lambda one: one.terms.rank)]
        self.first = self.lenders[0].terms
        self.grace = min(lender.terms.grace for lender in self.ranks[0])
        self.dsra, self.trap, self.revenue, self.cost_arrears = closing["dsra"], 0.0, 0.0, 0.0
        self.dates_in_arrears, self.eod, self.cfads = 0, False, 0.0

    def pass_month(self, k: int, row: dict[str, float]) -> dict[str, float]:
        """Take in a month's cash and pay it out."""
        names = "interest costs_paid dist cfads debt_service lock"
        out = {**dict.fromkeys(names.split(), 0.0), "dscr": NAN}
        for lender in self.lenders:
            lender.reset()
        if k == self.kc:
            self.complete(row, out)
        elif k > self.kc:
            self.run(k, row, out)
        for name in ("dsra", "trap", "revenue", "cost_arrears"):
            out[name] = getattr(self, name) if k >= self.kc else 0.0
        for lender in self.lenders:
            out |= {f"{lender.name}.{name}": getattr(lender, name) for name in (*OWED, *PAID)}
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
        account_rate, every = self.scenario.accounts.interest_rate, self.first.payment_every
        out["interest"] = (self.revenue + self.trap + self.dsra) * account_rate / 12
        self.revenue += sum(row[name] for name in RECEIPTS) + out["interest"]
        self.cfads += row["rent"] + row["merchant"] + out["interest"] - row["opex"] - row["enforcement"]
        debt_date = (k - self.kc) % every == 0
        if debt_date:
            lost = self.default_month is not None and k >= self.default_month + self.grace * every
            self.eod = self.eod or lost or self.dates_in_arrears >= self.grace
            if self.eod:
                self.revenue += self.take("trap", self.trap) + self.take("dsra", self.dsra)
        costs = row["opex"] + row["enforcement"] + self.cost_arrears
        for account in ("revenue", "trap", "dsra"):
            out["costs_paid"] += self.take(account, costs - out["costs_paid"])
        self.cost_arrears = max(costs - out["costs_paid"], 0.0)
        if debt_date:
            self.serve_debt(k, out)
            self.cfads = 0.0

    def pay(self, rank: list[Lender], what: str, account: str) -> None:
        """Pay what a rank is due out of an account, pro rata."""
        due = [lender.left(what) for lender in rank]
        paid = self.take(account, sum(due))
        for lender, own in zip(rank, due, strict=True):
            lender.get(what, paid * own / sum(due) if sum(due) > 0 else 0.0, self.eps)

    def service_down_to(self, number: int) -> float:
        """Current interest and principal due of the first ranks."""
        return sum(
            one.interest_current + one.principal_due for rank in self.ranks[: number + 1] for one in rank
        )

    def serve_debt(self, k: int, out: dict[str, float]) -> None:
        """Interest, principal, reserve, lock-up tests, sweep and distribution of a debt date."""
        for lender in self.lenders:
            lender.fall_due(k, self.kc + lender.terms.tenor, k == self.last, self.eod)
        covered = self.eod or self.is_covered(out)
        senior, *junior = self.ranks
        for account in ("revenue",) if self.eod else ("revenue", "trap", "dsra"):
            self.pay(senior, "interest", account)
            if account == "revenue":
                self.pay(senior, "principal", account)
        for account in () if self.eod else ("trap", "dsra"):
            self.pay(senior, "principal", account)
        if not self.eod:
            self.fill_reserve(k)
            if k == self.last:
                self.revenue += self.take("trap", self.trap)
        for rank in junior:
            self.pay(rank, "interest", "revenue")
            self.pay(rank, "principal", "revenue")
        for lender in [] if self.eod else self.lenders:
            swept = min(lender.terms.cash_sweep * self.revenue, lender.debt)
            lender.prepaid = self.take("revenue", swept)
            lender.repay(lender.prepaid, self.eps)
        self.distribute(k, covered, out)
        for lender in self.lenders:
            lender.settle(self.eod, self.eps)
        late = max(max(one.interest_arrears, one.principal_arrears) for one in senior) > self.eps
        self.dates_in_arrears = self.dates_in_arrears + 1 if late else 0

    def is_covered(self, out: dict[str, float]) -> bool:
        """Cover of the date; whether every lock-up test passes."""
        out["cfads"], out["debt_service"] = self.cfads, self.service_down_to(0)
        passes = True
        if out["debt_service"] > 0:
            out["dscr"] = self.cfads / out["debt_service"]
            passes = self.first.lock_up_dscr is None or out["dscr"] >= self.first.lock_up_dscr
        for number, rank in enumerate(self.ranks):
            for lender in rank:
                level, service = lender.terms.lock_up_dscr, self.service_down_to(number)
                if lender is not self.lenders[0] and level is not None and service > 0:
                    passes = passes and self.cfads >= level * service
        return passes

    def fill_reserve(self, k: int) -> None:
        """Bring the reserve to what is ahead of tranches not yet repaid, as far as the cash goes."""
        target = 0.0
        for lender in self.lenders if k < self.last else []:
            if lender.debt > self.eps:
                target += reserve(lender.plan, k, lender.terms.dsra)
        self.dsra += self.take("revenue", target - self.dsra) if self.dsra < target else 0.0
        self.revenue += self.take("dsra", max(self.dsra - target, 0.0))

    def distribute(self, k: int, covered: bool, out: dict[str, float]) -> None:
        """Pay the rest to equity, or trap it."""
        repaid = all(lender.debt <= self.eps for lender in self.lenders)
        unpaid = [self.cost_arrears]
        unpaid += [
            sum(one.left(what) for one in rank) for rank in self.ranks for what in ("interest", "principal")
        ]
        passes = covered or repaid or k == self.last
        out["lock"] = 0.0 if passes else 1.0
        if passes and max(unpaid) <= self.eps:
            out["dist"] = self.take("revenue", self.revenue) + self.take("trap", self.trap)
        else:
            self.trap += self.take("revenue", self.revenue)
