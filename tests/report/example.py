"""A stand-in for a finished run: a coarse simulation shaped like the base deal, with quarterly debt."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from spv_sim.report.material import Floats, Material, traced_metrics
from tests.report.example_document import (
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
    Debt,
    document,
    stack,
    yearly_irr,
)


def _quarter(
    debts: list[Debt], cash: Floats, accelerated: Any, out: dict[str, Floats], month: int
) -> tuple[Floats, Floats]:
    """Pay each tranche in turn from the cash: what is left, and what the first one asked for in vain."""
    short = np.zeros_like(cash)
    for place, debt in enumerate(debts):
        balance, arrears = (out[f"{debt.name}.{name}"][month - 1] for name in ("debt", "arrears"))
        interest = balance * debt.coupon / 4
        scheduled = debt.face * debt.principal(month // QUARTER)
        live = ~accelerated & (balance > 1.0)
        principal = np.where(accelerated, balance, np.minimum(scheduled, balance))
        paid_interest = np.minimum(np.maximum(cash, 0.0), interest + arrears)
        paid_principal = np.minimum(np.maximum(cash - paid_interest, 0.0), principal)
        cash = cash - paid_interest - paid_principal
        if place == 0:
            short = np.where(live, interest + arrears + principal - paid_interest - paid_principal, 0.0)
        out[f"{debt.name}.interest_current"][month] = interest
        out[f"{debt.name}.principal_due"][month] = principal
        out[f"{debt.name}.cf"][month] = paid_interest + paid_principal
        out[f"{debt.name}.debt"][month] = balance - paid_principal
        out[f"{debt.name}.arrears"][month] = interest + arrears - paid_interest
    return cash, short


def _ledger(default: Floats, price: Floats, rate: Floats, debts: list[Debt]) -> dict[str, Floats]:
    n = default.size
    own = ("debt", "arrears", "interest_current", "principal_due", "cf")
    names = (
        "cfads",
        "dscr",
        "residual",
        "equity_cf",
        "event_of_default_month",
        *(f"{debt.name}.{name}" for debt in debts for name in own),
    )
    out = {name: np.zeros((MONTHS + 1, n)) for name in names}
    out["dscr"][:] = np.nan
    cash, reserve, period, missed, trap = (
        np.zeros(n),
        np.full(n, RESERVE),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
    )
    accelerated = np.zeros(n, dtype=bool)
    out["equity_cf"][0] = -EQUITY + FIRST
    out["residual"][0] = UNITS * price[0] * 0.96
    for debt in debts:
        out[f"{debt.name}.cf"][0], out[f"{debt.name}.debt"][0] = -debt.face * 0.97, debt.face
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
        sale = UNITS * price[month] * 0.96 if month == LEASE else np.zeros(n)
        cash = cash + flow + claim + sale
        out["residual"][month] = UNITS * price[month] * 0.96 if month <= LEASE else np.nan
        for debt in debts:
            for name in ("debt", "arrears"):
                out[f"{debt.name}.{name}"][month] = out[f"{debt.name}.{name}"][month - 1]
        owed = np.asarray(sum(out[f"{debt.name}.debt"][month] for debt in debts))
        if month <= LEASE and month % QUARTER == 0:
            live = ~accelerated & (out[f"{debts[0].name}.debt"][month] > 1.0)
            cash, reserve = cash + reserve + trap * accelerated, reserve * 0.0
            trap = np.where(accelerated, 0.0, trap)
            cash, short = _quarter(debts, cash, accelerated, out, month)
            first = (
                out[f"{debts[0].name}.interest_current"][month] + out[f"{debts[0].name}.principal_due"][month]
            )
            out["dscr"][month] = np.where(live, period / np.maximum(first, 1.0), np.nan)
            missed = np.where(live & (short > 1.0), missed + 1, 0)
            accelerated |= missed >= 2
            out["event_of_default_month"][month] = np.where(accelerated, 0.0, np.inf)
            reserve = np.where(accelerated, 0.0, np.minimum(np.maximum(cash, 0.0), RESERVE * (month < LEASE)))
            cash = cash - reserve
            locked = live & (out["dscr"][month] < LOCK_UP) & (month < LEASE)
            dividend = np.where(locked | (accelerated & (owed > 1.0)), 0.0, np.maximum(cash + trap, 0.0))
            trap = np.where(locked, trap + np.maximum(cash, 0.0), 0.0)
            cash, period = np.minimum(cash, 0.0), np.zeros(n)
            out["equity_cf"][month] = dividend
        elif month > LEASE:
            for debt in debts:
                balance = out[f"{debt.name}.debt"][month]
                paid = np.minimum(np.maximum(cash, 0.0), balance)
                out[f"{debt.name}.debt"][month] = balance - paid
                out[f"{debt.name}.cf"][month] = paid
                cash = cash - paid
            out["equity_cf"][month] = np.maximum(cash, 0.0)
            cash = np.minimum(cash, 0.0)
    for debt in debts:
        out[f"{debt.name}.loss"] = out[f"{debt.name}.debt"][-1] + out[f"{debt.name}.arrears"][-1]
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
def example(
    paths: int = 8000, n_fan: int = 1024, seed: int = 0, tranches: int = 1
) -> tuple[dict[str, Any], Material]:
    """A run document and its material, of a deal with so many tranches."""
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
    debts = stack(tranches)
    ledger = _ledger(default, price, rate, debts)
    base = _ledger(np.array([np.inf]), decay, mean_level[:, None], debts)
    columns = _columns(ledger, default, debts)
    fan = {name: series[:, :n_fan] for name, series in ledger.items() if series.ndim == 2}
    reached = np.array([np.mean(default > month) for month in months])
    names = tuple(debt.name for debt in debts)
    running = {"equity.irr": columns["equity.irr"]}
    for debt in debts:
        running[f"{debt.name}.probability_of_loss"] = (columns[f"{debt.name}.loss"] > 0).astype(float)
        running[f"{debt.name}.expected_loss"] = columns[f"{debt.name}.loss"] / debt.face
    material = Material(
        columns=columns,
        fan=fan,
        fan_months=months,
        lessee_default_month=default[:n_fan],
        base={name: series[:, 0] for name, series in base.items() if series.ndim == 2},
        survival={
            "months": months[: LEASE + 1],
            "closed_form": np.exp(-HAZARD * months[: LEASE + 1] / 12),
            "simulated": reached[: LEASE + 1],
            "standard_error": np.sqrt(reached * (1 - reached) / paths)[: LEASE + 1],
        },
        convergence={name: _convergence(running[name]) for name in traced_metrics(names)},
        tranches=names,
        lock_up_levels=(LOCK_UP, *(None,) * (tranches - 2), *(1.1,) * (tranches > 1)),
        payment_every=QUARTER,
        lease_end=LEASE,
    )
    return document(columns, ledger, base, paths, seed, debts), material


def _columns(ledger: dict[str, Floats], default: Floats, debts: list[Debt]) -> dict[str, Floats]:
    equity = ledger["equity_cf"]
    recorded = np.isfinite(ledger["dscr"])
    columns = {
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
    }
    for debt in debts:
        loss = np.where(ledger[f"{debt.name}.loss"] > 1.0, ledger[f"{debt.name}.loss"], 0.0)
        columns[f"{debt.name}.loss"] = loss
        columns[f"{debt.name}.loss_pv"] = loss / debt.face * (1 + debt.coupon) ** -7
        columns[f"{debt.name}.yield"] = yearly_irr(ledger[f"{debt.name}.cf"])
    return columns
