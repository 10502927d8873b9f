"""A stand-in for a finished run: a coarse simulation shaped like the base deal, with quarterly debt."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from spv_sim.report.material import Floats, Material
from tests.report.example_document import (
    COUPON,
    DEBT,
    DEBT_SERVICE,
    ENFORCEMENT,
    EQUITY,
    FIRST,
    HAZARD,
    LEASE,
    LOCK_UP,
    MONTHS,
    QUARTER,
    RENT,
    RESERVE,
    UNITS,
    document,
    yearly_irr,
)


def _ledger(default: Floats, price: Floats, rate: Floats) -> dict[str, Floats]:
    n = default.size
    names = ("cfads", "debt_service", "dscr", "D", "residual", "equity_cf", "senior_cf")
    out = {name: np.zeros((MONTHS + 1, n)) for name in names}
    out["dscr"][:] = np.nan
    debt, cash, reserve = np.full(n, DEBT), np.zeros(n), np.full(n, RESERVE)
    period, arrears, missed = np.zeros(n), np.zeros(n), np.zeros(n)
    accelerated, trap = np.zeros(n, dtype=bool), np.zeros(n)
    out["equity_cf"][0] = -EQUITY + FIRST
    out["senior_cf"][0] = -DEBT * 0.97
    out["D"][0], out["residual"][0] = DEBT, UNITS * price[0] * 0.96
    scheduled = DEBT
    for month in range(1, MONTHS + 1):
        down = (month >= default) & (month < default + 6)
        merchant = month >= default + 6
        contract = np.where(month < default, RENT if month % QUARTER == 0 else 0.0, 0.0)
        market = np.where(merchant, UNITS * 730 * 0.75 * np.maximum(0.9 * rate[month] - 0.60, 0.0), 0.0)
        flow = (contract + market - np.where(down, ENFORCEMENT, 0.0)) if month <= LEASE else np.zeros(n)
        claim = np.where(
            month == np.ceil(default) + 18, 0.40 * 0.55 * RENT / 3 * np.maximum(LEASE - default, 0), 0.0
        )
        out["cfads"][month] = flow
        period = period + flow
        cash = cash + flow + claim
        sale = UNITS * price[month] * 0.96 if month == LEASE else np.zeros(n)
        cash = cash + sale
        out["residual"][month] = UNITS * price[month] * 0.96 if month <= LEASE else np.nan
        if month <= LEASE and month % QUARTER == 0:
            interest = debt * COUPON / 4
            principal = DEBT_SERVICE - scheduled * COUPON / 4
            scheduled = scheduled * (1 + COUPON / 4) - DEBT_SERVICE
            due = np.minimum(interest + principal, debt + interest)
            live = ~accelerated & (debt > 1.0)
            out["dscr"][month] = np.where(live, period / np.maximum(due, 1.0), np.nan)
            out["debt_service"][month] = np.where(live, due, 0.0)
            cash, reserve = cash + reserve, reserve * 0.0
            owed = np.where(accelerated, debt + interest + arrears, due + arrears)
            paid = np.minimum(np.maximum(cash + trap * accelerated, 0.0), owed)
            to_interest = np.minimum(paid, interest + arrears)
            arrears = interest + arrears - to_interest
            debt = np.maximum(debt - (paid - to_interest), 0.0)
            cash = cash - paid
            missed = np.where(live & (paid < owed - 1.0), missed + 1, 0)
            accelerated |= missed >= 2
            reserve = np.where(accelerated, 0.0, np.minimum(np.maximum(cash, 0.0), RESERVE * (month < LEASE)))
            cash = cash - reserve
            locked = live & (out["dscr"][month] < LOCK_UP) & (month < LEASE)
            out["senior_cf"][month] = paid
            dividend = np.where(locked | (accelerated & (debt > 1.0)), 0.0, np.maximum(cash + trap, 0.0))
            trap = np.where(locked, trap + np.maximum(cash, 0.0), 0.0)
            cash, period = np.minimum(cash, 0.0), np.zeros(n)
            out["equity_cf"][month] = dividend
        elif month > LEASE:
            paid = np.minimum(np.maximum(cash, 0.0), debt + arrears)
            debt = np.maximum(debt - paid, 0.0)
            out["senior_cf"][month] = paid
            out["equity_cf"][month] = np.maximum(cash - paid, 0.0)
            cash = np.minimum(cash - paid, 0.0)
        out["D"][month] = debt
    out["loss"] = debt + arrears
    return out


def _convergence(values: Floats) -> dict[str, Floats]:
    sizes = np.unique(np.geomspace(200, values.size, 24).astype(int))
    running, squares = np.cumsum(values), np.cumsum(values**2)
    mean = running[sizes - 1] / sizes
    error = np.sqrt(np.maximum(squares[sizes - 1] / sizes - mean**2, 0.0) / sizes)
    return {
        "paths": sizes.astype(float),
        "value": mean,
        "low": mean - 1.96 * error,
        "high": mean + 1.96 * error,
    }


@functools.cache
def example(paths: int = 8000, n_fan: int = 1024, seed: int = 0) -> tuple[dict[str, Any], Material]:
    """A run document and its material."""
    random = np.random.Generator(np.random.PCG64(seed))
    first, second = random.standard_normal((2, MONTHS, paths))
    months = np.arange(MONTHS + 1.0)
    default = np.where((when := np.ceil(random.exponential(12 / HAZARD, paths))) <= LEASE, when, np.inf)
    jumps = random.poisson(0.05, (MONTHS, paths)) * (-0.22 + 0.1 * random.standard_normal((MONTHS, paths)))
    walk = np.cumsum(0.177 / math.sqrt(12) * first - 0.177**2 / 24 + jumps + 0.05 * 0.195, axis=0)
    noise = np.vstack([np.zeros(paths), walk])
    decay = 33_500 * np.exp(-0.245 * months / 12)[:, None]
    price = decay * np.exp(noise) * np.where(months[:, None] >= default, 0.8, 1.0)
    mean_level = 2.40 * np.exp(-0.15 * months / 12)
    spread, pull = np.zeros((MONTHS + 1, paths)), math.exp(-math.log(2) / 9)
    spread[0] = math.log(2.81 / 2.40)
    for month in range(1, MONTHS + 1):
        mixed = 0.6 * first[month - 1] + 0.8 * second[month - 1]
        spread[month] = spread[month - 1] * pull + 0.26 / math.sqrt(12) * mixed
    rate = mean_level[:, None] * np.exp(spread)
    ledger = _ledger(default, price, rate)
    base = _ledger(np.array([np.inf]), decay, mean_level[:, None])
    columns = _columns(ledger, default)
    fan = {name: series[:, :n_fan] for name, series in ledger.items() if name != "loss"}
    reached = np.array([np.mean(default > month) for month in months])
    material = Material(
        columns=columns,
        fan=fan,
        fan_months=months,
        lessee_default_month=default[:n_fan],
        base={name: series[:, 0] for name, series in base.items() if name != "loss"},
        survival={
            "months": months[: LEASE + 1],
            "closed_form": np.exp(-HAZARD * months[: LEASE + 1] / 12),
            "simulated": reached[: LEASE + 1],
            "standard_error": np.sqrt(reached * (1 - reached) / paths)[: LEASE + 1],
        },
        convergence={
            "equity.irr": _convergence(columns["equity.irr"]),
            "senior.probability_of_loss": _convergence((columns["senior.loss"] > 0).astype(float)),
            "senior.expected_loss": _convergence(columns["senior.loss"] / DEBT),
        },
        lock_up_dscr=LOCK_UP,
        payment_every=QUARTER,
        lease_end=LEASE,
    )
    return document(columns, ledger, base, paths, seed), material


def _columns(ledger: dict[str, Floats], default: Floats) -> dict[str, Floats]:
    equity = ledger["equity_cf"]
    loss = np.where(ledger["loss"] > 1.0, ledger["loss"], 0.0)
    recorded = np.isfinite(ledger["dscr"])
    return {
        "equity.irr": yearly_irr(equity),
        "equity.irr_flag": np.where(equity[1:].sum(axis=0) <= 0.0, 1.0, 0.0),
        "equity.moic": equity[1:].sum(axis=0) / -equity[0],
        "equity.npv": (equity * 1.12 ** (-np.arange(MONTHS + 1.0) / 12)[:, None]).sum(axis=0),
        "equity.payback": np.where(
            np.cumsum(equity, axis=0)[-1] >= 0, np.argmax(np.cumsum(equity, axis=0) >= 0, axis=0), np.inf
        ),
        "spv.min_dscr": np.min(np.where(recorded, ledger["dscr"], np.inf), axis=0),
        "spv.lock_up_months": np.sum(np.where(recorded, ledger["dscr"] < LOCK_UP, 0.0), axis=0),
        "lessee.default_month": default,
        "senior.loss": loss,
        "senior.loss_pv": loss / DEBT * (1 + COUPON) ** -7,
        "senior.yield": yearly_irr(ledger["senior_cf"]),
    }
