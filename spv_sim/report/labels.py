"""Gives every metric a title that a reader knows, beside its definition."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from spv_sim.report.text import line
from spv_sim.results.metric import COVENANT_PREFIX
from spv_sim.results.metrics import metrics_of
from spv_sim.results.metrics_covenant import CAUSES
from spv_sim.results.metrics_default import DEFAULT_METRICS, GUARANTOR, OUTCOMES
from spv_sim.results.metrics_fleet import OF_FAILURES
from spv_sim.results.metrics_refinancing import REFINANCING
from spv_sim.results.rating_band import DEFINITION, EL_BAND

_WHOLE = {
    "lessee.default_probability": "P(lessee default)",
    "lessee.probability_reinstated": "P(lease reinstated)",
    "lessee.probability_assumed": "P(lease assumed)",
    "lessee.probability_renegotiated": "P(rent renegotiated)",
    "lessee.probability_rejected": "P(lease rejected)",
    "lessee.recovery": "Rent recovered after default",
    "lessee.recovery_reinstated": "Rent recovered, reinstated",
    "lessee.recovery_assumed": "Rent recovered, assumed",
    "lessee.recovery_renegotiated": "Rent recovered, renegotiated",
    "lessee.recovery_rejected": "Rent recovered, rejected",
    "lessee.probability_guarantor_pays": "P(lessee's guarantor pays)",
    "lessee.guarantor_paid": "Paid by the lessee's guarantor",
    "equity.irr": "Equity IRR",
    "equity.irr_of_mean_cash_flow": "IRR of expected cash flow",
    "equity.moic": "Equity MOIC",
    "equity.npv": "Equity NPV",
    "equity.cures": "Equity cures",
    "equity.payback": "Equity payback, median",
    "equity.probability_of_total_loss": "P(equity loses all)",
    "equity.probability_of_loss": "P(equity MOIC < 1)",
    "equity.probability_below_hurdle": "P(equity IRR < hurdle)",
    "vendor.adjusted_npv": "Vendor NPV with its margin",
    "vendor.probability_of_negative_npv": "P(vendor NPV < 0)",
    "vendor.break_even_default_probability": "Vendor break-even P(lessee default)",
    "equity.value_at_risk_95": "Equity value at risk, 95 %",
    "equity.expected_shortfall_95": "Equity expected shortfall, 95 %",
    "equity.expected_shortfall_99": "Equity expected shortfall, 99 %",
    "spv.min_dscr": "Minimum DSCR",
    "spv.average_dscr": "Average DSCR",
    "spv.llcr": "LLCR",
    "spv.plcr": "PLCR",
    "spv.lock_up_months": "Months in lock-up",
    "spv.probability_of_lock_up": "P(lock-up)",
    **{f"spv.probability_of_{cause}_default": f"P(event of default by {cause})" for cause in CAUSES},
    "refinancing.probability": "P(refinanced)",
    "refinancing.probability_with_equity": "P(refinanced with equity)",
    "refinancing.probability_of_failure": "P(refinancing fails)",
    "refinancing.probability_of_no_saving": "P(old loan is cheaper)",
    "refinancing.face": "New loan, face",
    "refinancing.face_if_lent": "New loan, face where lent",
    "refinancing.coupon": "New loan, coupon where lent",
    "refinancing.shortfall": "New loan, shortfall",
    "refinancing.equity_paid": "Paid by equity to refinance",
    "refinancing.premium": "Premium on refinancing",
    "refinancing.probability_of_loss": "P(new loan loss)",
    "refinancing.expected_loss_usd": "New loan expected loss, amount",
    "refinancing.yield": "New loan yield where lent",
    "refinancing.loss": "New loan loss",
    "spv.lost_value": "Deal loss of value",
    "spv.unexpected_loss_95": "Deal unexpected loss, worst 5 %",
    "spv.units_lost": "Units lost",
    "spv.availability": "Availability",
}
_OF_ONE = {
    "irr": "{} IRR",
    "irr_of_mean_cash_flow": "{} IRR of expected cash flow",
    "moic": "{} MOIC",
    "npv": "{} NPV",
    "probability_of_total_loss": "P({} loses all)",
    "probability_of_shortfall": "P({} MOIC < 1)",
    "probability_of_loss": "P({} loss)",
    "probability_of_event_of_default": "P({} event of default)",
    "probability_of_breach": "P({} fails)",
    "first_breach_month": "{} fails first, mean",
    "loss": "{} loss",
    "expected_loss": "{} expected loss",
    "expected_loss_usd": "{} expected loss, amount",
    "expected_loss_pv": "{} expected loss, present value",
    "loss_given_default": "{} loss given default",
    "wal": "{} weighted average life",
    "wal_from_draws": "{} weighted average life from the draws",
    "yield": "{} yield",
    "yield_of_mean_cash_flow": "{} yield of expected cash flow",
    "yield_loss": "{} yield loss",
    "value_at_risk_95": "{} value at risk, 95 %",
    "value_at_risk_99": "{} value at risk, 99 %",
    "expected_shortfall_95": "{} expected shortfall, 95 %",
    "expected_shortfall_99": "{} expected shortfall, 99 %",
    "lost_value": "{} loss of value",
    "loss_share": "{} share of deal loss",
    "tail_loss_share_95": "{} share of unexpected loss, worst 5 %",
    "unexpected_loss_95": "{} unexpected loss, worst 5 %",
    "variance_share": "{} share of loss variance",
    EL_BAND: "{} idealised-EL band",
}

OF_DEFAULT = frozenset(own.name for own in DEFAULT_METRICS)


def title(name: str, *, figure: bool = False) -> str:
    """Title of a metric: `equity.irr` -> `Equity IRR`; a figure's sentence uses E[IRR] for the mean."""
    if figure and name == "equity.irr":
        return "E[IRR]"
    if name in _WHOLE:
        return _WHOLE[name]
    holder, _, metric = name.rpartition(".")
    shown = line(holder.removeprefix(COVENANT_PREFIX), 28)
    if metric not in _OF_ONE:
        return line(name, 60)
    words = _OF_ONE[metric].format(shown)
    return words[:1].upper() + words[1:]


def definitions(
    tranches: Sequence[str],
    bearers: Sequence[str] = (),
    reported: Collection[str] = (),
    classes: Sequence[str] = (),
    covenants: Sequence[str] = (),
    *,
    vendor: bool = False,
) -> list[tuple[str, str, str]]:
    """Title, name and definition of every metric; of a `tranche`, `class`, `covenant` for all of them.

    Parameters
    ----------
    tranches : names of the tranches.
    bearers : names of those whose shares of the loss are reported.
    reported : names of the run's metrics, among them those of a default that only some deals have.
    classes : names of the classes of equity.
    covenants : names of the covenants that are reported.
    vendor : whether the value to the hardware's seller is reported.
    """
    tranche = tranches[0] if len(tranches) == 1 else "tranche"
    metrics = metrics_of(
        [tranche] if tranches else [],
        ["stakeholder"] if bearers else [],
        (*OUTCOMES, GUARANTOR) if "lessee.recovery" in reported else (),
        ["class"] if classes else [],
        ["covenant"] if covenants else [],
        vendor=vendor,
        failures=OF_FAILURES[0] in reported,
        refinances=f"{REFINANCING}.probability" in reported,
    )
    metrics = tuple(own for own in metrics if own.name in reported or own.name not in OF_DEFAULT)
    named = [(metric.name, metric.definition) for metric in metrics]
    if tranches:
        named.append((f"{tranche}.{EL_BAND}", DEFINITION))
    return [(title(name), name, words) for name, words in named]
