"""The run document of the stand-in: metrics, closing, checks and settings around its columns."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from spv_sim.report.material import Floats

MONTHS, LEASE, TAIL, QUARTER = 84, 60, 24, 3
FLEET, UNITS, DEBT, COUPON = 5_400e6, 108_000, 3_500e6, 0.095
RENT, FIRST, HAZARD, ENFORCEMENT = 305.05e6, 885e6, 0.08, 5e6
DEBT_SERVICE = DEBT * (COUPON / 4) / (1.0 - (1.0 + COUPON / 4) ** -20)
LOCK_UP, RESERVE = 1.20, DEBT_SERVICE
USES = FLEET + 0.03 * DEBT + RESERVE
EQUITY = USES - DEBT


NAMES = ("senior", "mezzanine", "junior", "holdco")
SHARES = {1: (1.0,), 2: (0.75, 0.25), 4: (0.6, 0.2, 0.12, 0.08)}


@dataclasses.dataclass(frozen=True)
class Debt:
    """A tranche of the stand-in, repaid by level debt service in 20 quarters."""

    name: str
    face: float
    coupon: float

    @property
    def service(self) -> float:
        """Debt service of a quarter per dollar of face."""
        rate = self.coupon / 4
        return rate / (1.0 - (1.0 + rate) ** -20)

    def principal(self, quarter: int) -> float:
        """Scheduled principal of a quarter from 1 per dollar of face."""
        rate = self.coupon / 4
        return (self.service - rate) * (1.0 + rate) ** (quarter - 1)


def stack(tranches: int) -> list[Debt]:
    """The debt in so many tranches, each later one dearer by 2.5 %, under names of more than one word."""
    shares = SHARES.get(tranches, (1.0 / tranches,) * tranches)
    names = (*NAMES[:tranches], *(f"class {number}" for number in range(5, tranches + 1)))
    return [
        Debt(name, DEBT * share, COUPON + 0.025 * rank)
        for rank, (name, share) in enumerate(zip(names, shares, strict=True))
    ]


def yearly_irr(flows: Floats) -> Floats:
    """(paths,) yearly IRR of (months, paths) flows by bisection on the monthly factor, −1 if all is lost."""
    low, high = np.full(flows.shape[1], 1e-3), np.full(flows.shape[1], 1.6)
    for _ in range(45):
        middle = (low + high) / 2
        value = np.zeros_like(middle)
        for row in flows[::-1]:
            value = value * middle + row
        low, high = np.where(value < 0, middle, low), np.where(value < 0, high, middle)
    irr = middle**-12.0 - 1.0
    return np.where(flows[1:].sum(axis=0) <= 0.0, -1.0, irr)


def _metric(values: Floats, unit: str, note: str = "") -> dict[str, Any]:
    kept = values[np.isfinite(values)]
    error = float(kept.std(ddof=1) / math.sqrt(kept.size))
    mean = float(kept.mean())
    spots = {
        str(level): {"value": float(np.quantile(kept, level)), "ci95": None}
        for level in (0.05, 0.1, 0.5, 0.9, 0.95)
    }
    ends = [mean - 1.96 * error, mean + 1.96 * error]
    return {
        "value": mean,
        "unit": unit,
        "standard_error": error,
        "ci95": ends,
        "quantiles": spots,
        "count": kept.size,
        "note": note,
    }


def _chance(hits: Floats) -> dict[str, Any]:
    return {**_metric(hits, "share"), "quantiles": {}}


def _lender(columns: dict[str, Floats], debt: Debt) -> dict[str, Any]:
    """Metrics of a tranche."""
    loss = columns[f"{debt.name}.loss"] / debt.face
    told = {
        "probability_of_loss": _chance((loss > 0).astype(float)),
        "expected_loss": _metric(loss, "share"),
        "expected_loss_usd": _metric(loss * debt.face, "USD"),
        "loss_given_default": _metric(loss[loss > 0], "share"),
        "yield": _metric(columns[f"{debt.name}.yield"], "1/year"),
    }
    return {f"{debt.name}.{name}": found for name, found in told.items()}


def _shares(columns: dict[str, Floats], debts: list[Debt]) -> dict[str, Any]:
    """Invented shares of the loss: of the lessee, the tranches and the shareholders, which add up to 1."""
    lost = {debt.name: columns[f"{debt.name}.loss_pv"] * debt.face for debt in debts}
    lost = {"lessee": 0.1 * np.isfinite(columns["lessee.default_month"]) * DEBT / 10, **lost}
    lost["sponsor"] = 0.8 * (np.median(columns["equity.npv"]) - columns["equity.npv"])
    lost["vendor"] = 0.25 * lost["sponsor"]
    whole = np.asarray(sum(lost.values()))
    worst = np.argsort(whole)[-whole.size // 20 :]
    told = {"spv.lost_value": _metric(whole, "USD")}
    for name, own in lost.items():
        told[f"{name}.lost_value"] = _metric(own, "USD")
        told[f"{name}.loss_share"] = {**_metric(own / whole.mean(), "share"), "quantiles": {}}
        told[f"{name}.tail_loss_share_95"] = {
            **_metric(own[worst] / whole[worst].mean(), "share"),
            "quantiles": {},
        }
    return told


def document(
    columns: dict[str, Floats], ledger: Any, base: Any, paths: int, seed: int, debts: list[Debt]
) -> dict[str, Any]:
    total, below = columns["equity.irr_flag"], (columns["equity.moic"] < 1).astype(float)
    expected = float(yearly_irr(ledger["equity_cf"].mean(axis=1)[:, None])[0])
    tail = np.sort(1 - columns["equity.moic"])[-paths // 20 :]
    metrics = {
        "lessee.default_probability": _chance(np.isfinite(columns["lessee.default_month"]).astype(float)),
        "equity.irr": _metric(columns["equity.irr"], "1/year"),
        "equity.irr_of_mean_cash_flow": {
            "value": expected,
            "unit": "1/year",
            "standard_error": 0.0021,
            "ci95": [expected - 0.0041, expected + 0.0041],
        },
        "equity.moic": _metric(columns["equity.moic"], "x"),
        "equity.npv": _metric(columns["equity.npv"], "USD"),
        "equity.payback": {**_metric(columns["equity.payback"], "months"), "note": "never on some paths"},
        "equity.probability_of_total_loss": _chance(total),
        "equity.probability_of_loss": _chance(below),
        "equity.value_at_risk_95": {
            "value": float(tail[0]),
            "unit": "share",
            "standard_error": 0.004,
            "ci95": [float(tail[0]) - 0.008, float(tail[0]) + 0.008],
        },
        "equity.expected_shortfall_95": _metric(tail, "share"),
        **{name: found for debt in debts for name, found in _lender(columns, debt).items()},
        "spv.min_dscr": _metric(columns["spv.min_dscr"], "x"),
        "spv.lock_up_months": _metric(columns["spv.lock_up_months"], "months"),
        "spv.llcr": {"value": None, "unit": "x", "standard_error": None, "ci95": None, "note": "not defined"},
        **_shares(columns, debts),
    }
    settings = [
        {
            "key": "fleet.batch.first.units",
            "value": "108_000",
            "title": "GPUs bought",
            "origin": {"kind": "file", "file": "base.toml", "line": 12, "text": "108_000"},
        },
        {
            "key": "lease.rate",
            "value": "1.29 USD/GPU-hour",
            "title": "Contract rent",
            "origin": {"kind": "set", "file": None, "line": None, "text": "1.29 USD/GPU-hour"},
        },
        {
            "key": "capital.tranche.senior.coupon",
            "value": "9.5 %/year",
            "title": "Fixed coupon",
            "origin": {"kind": "file", "file": "base.toml", "line": 31, "text": "9.5 %"},
        },
        {
            "key": "accounts.interest_rate",
            "value": "0 %/year",
            "title": "Interest on accounts",
            "origin": {"kind": "default", "file": None, "line": None, "text": "0 %"},
        },
    ]
    return {
        "schema": "spv-sim/run@1",
        "scenario": {
            "name": "Valor vehicle, base deal",
            "description": "108,000 H100-class GPUs leased to xAI.",
            "settings": settings,
            "text": 'schema = 1\n[deal]\nname = "Valor vehicle, base deal"\n',
        },
        "manifest": {
            "version": "0.1.0",
            "git": None,
            "kernel_digest": "0f" * 32,
            "seed": seed,
            "paths": paths,
            "generator": "Philox4x32-10",
            "python": "3.11.7",
            "packages": {"numpy": "2.4.6", "numba": "0.68.1"},
            "cpu": "AMD EPYC",
            "os": "Linux",
            "command": ["spv-sim", "run", "base.toml"],
            "columns": {"equity.irr": "ab" * 32},
        },
        "closing": {
            "uses": [
                {"name": "hardware", "amount": FLEET},
                {"name": "upfront fee", "amount": 0.02 * DEBT},
                {"name": "original issue discount", "amount": 0.01 * DEBT},
                {"name": "debt service reserve", "amount": RESERVE},
            ],
            "sources": [
                *({"name": debt.name, "amount": debt.face} for debt in debts),
                {"name": "equity", "amount": EQUITY},
            ],
            "total_uses": USES,
            "months": {"construction": 0, "lease": LEASE, "tail": TAIL, "end": MONTHS},
            "tranche": {
                debt.name: {
                    "commitment": debt.face,
                    "net_proceeds": 0.97 * debt.face,
                    "advance_rate": debt.face / FLEET,
                    "share_of_uses": 0.97 * debt.face / USES,
                    "coupon": debt.coupon,
                    "debt_service_first": debt.face * debt.service,
                }
                for debt in debts
            },
            "warnings": [],
        },
        "base_case": {
            "label": "base case, no default",
            "metrics": {
                "equity.irr": {"value": float(yearly_irr(base["equity_cf"])[0]), "unit": "1/year"},
                "spv.min_dscr": {"value": float(np.nanmin(base["dscr"])), "unit": "x"},
                "equity.moic": {
                    "value": float(base["equity_cf"][1:].sum() / -base["equity_cf"][0, 0]),
                    "unit": "x",
                },
            },
        },
        "metrics": metrics,
        "bands": {
            "senior.el_band": {
                "value": "Ba1",
                "ci95": ["Baa3", "Ba2"],
                "label": "indicative idealised-EL band, not a rating",
                "source": "A table of idealised losses",
                "expected_loss_pv": 0.0123,
                "wal": 2.8,
                "note": "",
                "warning": "",
            }
        },
        "checks": [
            {
                "name": "cash.conserved",
                "passed": True,
                "value": 3.1e-13,
                "expected": 0.0,
                "tolerance": 1e-9,
                "detail": "largest residual over all paths and months, share of total uses",
            },
            {
                "name": "survival.closed_form",
                "passed": True,
                "value": 0.8,
                "expected": 0.0,
                "tolerance": 4.0,
                "detail": "largest distance in standard errors",
            },
            {
                "name": "published.base_dscr",
                "passed": True,
                "value": 1.375,
                "expected": 1.375,
                "tolerance": 0.001,
                "detail": "S-1 payments, level 9.5 % debt",
            },
            {
                "name": "published.equity_irr",
                "passed": False,
                "value": 0.231,
                "expected": 0.227,
                "tolerance": 0.001,
                "detail": "first payment distributed at closing",
            },
        ],
    }
