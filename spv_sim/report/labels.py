"""Gives every metric a title that a reader knows, beside its definition."""

from __future__ import annotations

from spv_sim.report.text import line
from spv_sim.results.metrics import METRICS, TRANCHE
from spv_sim.results.rating_band import DEFINITION, EL_BAND

_WHOLE = {
    "lessee.default_probability": "P(lessee default)",
    "equity.irr": "Equity IRR",
    "equity.irr_of_mean_cash_flow": "IRR of expected cash flow",
    "equity.moic": "Equity MOIC",
    "equity.npv": "Equity NPV",
    "equity.payback": "Equity payback, median",
    "equity.probability_of_total_loss": "P(equity loses all)",
    "equity.probability_of_loss": "P(equity MOIC < 1)",
    "equity.value_at_risk_95": "Equity value at risk, 95 %",
    "equity.expected_shortfall_95": "Equity expected shortfall, 95 %",
    "equity.expected_shortfall_99": "Equity expected shortfall, 99 %",
    "spv.min_dscr": "Minimum DSCR",
    "spv.average_dscr": "Average DSCR",
    "spv.llcr": "LLCR",
    "spv.plcr": "PLCR",
    "spv.lock_up_months": "Months in lock-up",
    "spv.probability_of_lock_up": "P(lock-up)",
}
_TRANCHE = {
    "probability_of_loss": "P({} loss)",
    "probability_of_event_of_default": "P({} event of default)",
    "loss": "{} loss",
    "expected_loss": "{} expected loss",
    "expected_loss_usd": "{} expected loss, amount",
    "expected_loss_pv": "{} expected loss, present value",
    "loss_given_default": "{} loss given default",
    "wal": "{} weighted average life",
    "wal_from_draws": "{} weighted average life from the draws",
    "yield": "{} yield",
    "yield_of_mean_cash_flow": "{} yield of expected cash flow",
    "value_at_risk_95": "{} value at risk, 95 %",
    "expected_shortfall_95": "{} expected shortfall, 95 %",
    EL_BAND: "{} idealised-EL band",
}


def title(name: str, *, figure: bool = False) -> str:
    """Title of a metric: `equity.irr` -> `Equity IRR`; a figure's sentence uses E[IRR] for the mean."""
    if figure and name == "equity.irr":
        return "E[IRR]"
    if name in _WHOLE:
        return _WHOLE[name]
    tranche, _, metric = name.rpartition(".")
    shown = line(tranche, 28)
    if metric not in _TRANCHE:
        return line(name, 60)
    words = _TRANCHE[metric].format(shown)
    return words[:1].upper() + words[1:]


def definitions(tranche: str) -> list[tuple[str, str, str]]:
    """Title, name and definition of every metric and band that a run with this tranche reports."""
    named = [(name.replace(TRANCHE, tranche), metric.definition) for name, metric in METRICS.items()]
    named.append((f"{tranche}.{EL_BAND}", DEFINITION))
    return [(title(name), name, words) for name, words in named]
