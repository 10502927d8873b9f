"""The debt's month in slow, obvious Python, on the cash and the rates of a path, against the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spv_sim.closing.close import Closed
from spv_sim.closing.hull_white import bond
from spv_sim.closing.short_rate_terms import hull_white_of
from spv_sim.engine.cpu import ledgers
from spv_sim.kernel.jit import PLAIN
from tests.floating.deals import SEED, floating, senior
from tests.market.test_short_rate import run as run_market

PATHS = 16 if PLAIN else 64
NAMES = ("interest_paid", "principal_paid", "hedge_paid", "termination_paid", "fees_paid", "debt")


class Vehicle:
    """Accounts, one floating loan and its swap of one path of deal X; rent in arrears, monthly dates."""

    def __init__(self, closed: Closed, deviation: np.ndarray) -> None:
        self.of, self.deviation = closed.capital.tranches[0], deviation
        self.said, self.rates = closed.scenario.capital.tranche["senior"], closed.scenario.rates
        self.model, self.last = hull_white_of(self.rates), closed.terms.deal.last_month
        self.eps = 1e-9 * float(closed.table.uses.sum())
        self.owed, self.dsra, self.trap, self.cash = self.of.commitment, closed.capital.reserve, 0.0, 0.0
        self.unpaid = dict.fromkeys(("costs", "fees", "interest", "hedge", "principal", "ended"), 0.0)
        self.short, self.in_default, self.ended_in = 0, False, None

    def bond(self, start: int, end: int) -> float:
        """Price at a month of a dollar in another."""
        curve: Any = self.rates
        return float(bond(self.model, curve.curve, start / 12, end / 12, self.deviation[start]))

    def pay(self, due: dict[str, float], *accounts: str) -> dict[str, float]:
        """Pay claims of one rank, pro rata, account after account; takes off what is due."""
        total, paid = sum(due.values()), 0.0
        for account in accounts:
            taken = min(getattr(self, account), total - paid)
            setattr(self, account, getattr(self, account) - taken)
            paid += taken
        return {name: amount * paid / total if total > 0 else 0.0 for name, amount in due.items()}

    def swap_worth(self, month: int) -> float:
        """What the periods to come are worth to the vehicle, no more of each than is owed."""
        worth = 0.0
        for end in range(month + 1, self.last + 1):
            notional = min(float(self.of.hedge_notional[end]), self.owed)
            fixed = 1 + self.of.hedge.rate / 12
            worth += notional * (self.bond(month, end - 1) - fixed * self.bond(month, end))
        return worth

    def month(self, k: int, inflow: float, costs: float, operating: float, lost: bool) -> dict[str, float]:
        """A month of operation: what comes in is paid out in order."""
        out = dict.fromkeys(NAMES, 0.0)
        self.cash += inflow
        starts = not self.in_default and (lost or self.short >= 1)
        self.in_default = self.in_default or starts
        index = 12 * (1 / self.bond(k - 1, k) - 1)
        coupon = max(index, self.said.floor) + self.said.margin
        interest = self.owed * (coupon + (self.said.default_margin if self.in_default else 0.0)) / 12
        net = min(float(self.of.hedge_notional[k]), self.owed) * (self.of.hedge.rate - index) / 12
        worth = self.swap_worth(k) if starts else 0.0
        if self.in_default and not starts:
            net = 0.0
        self.cash += max(-net, 0.0) + max(worth, 0.0)
        if self.in_default:
            self.cash, self.trap, self.dsra = self.cash + self.trap + self.dsra, 0.0, 0.0
        principal = min(float(self.of.scheduled_principal[k]) + self.unpaid["principal"], self.owed)
        if self.in_default or k in (self.of.maturity, self.last):
            principal = self.owed
        late = self.unpaid["interest"] * coupon / 12 * (self.said.interest_on_arrears == "coupon")
        fee = float(self.of.fees[k]) if self.owed > 0 else 0.0
        service = interest + net + principal
        self.unpaid = {
            "costs": self.unpaid["costs"] + costs,
            "fees": self.unpaid["fees"] + fee,
            "interest": self.unpaid["interest"] + late + interest,
            "hedge": self.unpaid["hedge"] + max(net, 0.0),
            "principal": principal,
            "ended": self.unpaid["ended"] + max(-worth, 0.0),
        }
        everything = ("cash", "trap", "dsra")
        self.settle(("costs",), everything, out)
        self.settle(("fees",), everything, out)
        self.settle(("interest", "hedge"), ("cash",), out)
        self.settle(("principal", "ended"), ("cash",), out)
        self.settle(("interest", "hedge"), ("trap", "dsra"), out)
        self.settle(("principal", "ended"), ("trap", "dsra"), out)
        late_now = max(self.unpaid["interest"], 0.0 if self.in_default else self.unpaid["principal"])
        self.short = self.short + 1 if late_now > self.eps else 0
        self.keep_or_distribute(k, operating, service)
        return {**out, "debt": self.owed}

    def settle(self, claims: tuple[str, ...], accounts: tuple[str, ...], out: dict[str, float]) -> None:
        """Pay what is unpaid of some claims and note it."""
        paid = self.pay({claim: self.unpaid[claim] for claim in claims}, *accounts)
        for claim, amount in paid.items():
            self.unpaid[claim] -= amount
            name = "termination_paid" if claim == "ended" else f"{claim}_paid"
            out[name] = out.get(name, 0.0) + amount
        self.owed -= paid.get("principal", 0.0)
        self.owed = 0.0 if self.owed < self.eps else self.owed

    def keep_or_distribute(self, k: int, operating: float, service: float) -> None:
        """Fill the reserve, then pay the shareholders where cover and claims allow."""
        target = 0.0 if self.owed == 0 or k == self.last else float(self.of.dsra_target[k])
        if not self.in_default:
            moved = min(target - self.dsra, self.cash)
            self.cash, self.dsra = self.cash - moved, self.dsra + moved
        covered = self.in_default or service <= 0 or operating / service >= self.said.lock_up_dscr
        paid_up = all(left <= self.eps for left in self.unpaid.values())
        if paid_up and (covered or self.owed == 0 or k == self.last):
            self.cash = self.trap = 0.0
        else:
            self.cash, self.trap = 0.0, self.trap + self.cash


@pytest.mark.parametrize(
    "sets",
    [
        senior(hedge_share="95 %"),
        senior(
            hedge_share="60 %",
            default_margin="2 %",
            agency_fee="1 m USD/month",
            interest_on_arrears="coupon",
        ),
        (*senior(hedge_share="100 %", floor="3 %"), "lease.rate=0.9 USD/GPU-hour"),
    ],
    ids=["hedged", "default margin and agent", "floored and poor"],
)
def test_engine_meets_the_oracle(sets: tuple[str, ...]) -> None:
    closed = floating(*sets, "credit.hazard=20 %/year", "accounts.interest_rate=0 %")
    ledger = ledgers(closed.terms, closed.ledger_rows, SEED, 0, PATHS)
    deviation = run_market(closed.terms.market, PATHS, closed.terms.deal.last_month)["deviation"]
    deviation[0] = 0.0
    room, grace = 1e-8 * closed.terms.deal.total_uses, closed.terms.deal.grace
    assert np.isfinite(ledger["event_of_default_month"][-1]).any()
    for path in range(PATHS):
        vehicle = Vehicle(closed, deviation[:, path])
        row = {name: values[:, path] for name, values in ledger.items()}
        for k in range(5, closed.terms.deal.last_month + 1):
            operating = row["rent"][k] + row["merchant"][k] - row["opex"][k] - row["enforcement"][k]
            inflow = row["rent"][k] + row["merchant"][k] + row["sale"][k] + row["claim"][k]
            lost = row["default_month"][-1] + grace <= k
            got = vehicle.month(k, inflow, row["opex"][k] + row["enforcement"][k], operating, lost)
            for name in NAMES:
                assert abs(got[name] - row[f"senior.{name}"][k]) <= room, (path, k, name)
