"""The run document of the stand-in: metrics, closing, checks and settings around its columns."""

from __future__ import annotations

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


def document(columns: dict[str, Floats], ledger: Any, base: Any, paths: int, seed: int) -> dict[str, Any]:
    loss = columns["senior.loss"] / DEBT
    lost = (loss > 0).astype(float)
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
        "senior.probability_of_loss": _chance(lost),
        "senior.expected_loss": _metric(loss, "share"),
        "senior.expected_loss_usd": _metric(columns["senior.loss"], "USD"),
        "senior.loss_given_default": _metric(loss[loss > 0], "share"),
        "senior.yield": _metric(columns["senior.yield"], "1/year"),
        "spv.min_dscr": _metric(columns["spv.min_dscr"], "x"),
        "spv.lock_up_months": _metric(columns["spv.lock_up_months"], "months"),
        "spv.llcr": {"value": None, "unit": "x", "standard_error": None, "ci95": None, "note": "not defined"},
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
            "sources": [{"name": "senior", "amount": DEBT}, {"name": "equity", "amount": EQUITY}],
            "total_uses": USES,
            "months": {"construction": 0, "lease": LEASE, "tail": TAIL, "end": MONTHS},
            "tranche": {
                "senior": {
                    "commitment": DEBT,
                    "net_proceeds": 0.97 * DEBT,
                    "advance_rate": DEBT / FLEET,
                    "share_of_uses": 0.97 * DEBT / USES,
                    "debt_service_first": DEBT_SERVICE,
                }
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
