"""The metrics of a refinancing: whether it comes off, who pays for it, and what the new loan comes to."""

from __future__ import annotations

from spv_sim.results.metric import MEAN, PROBABILITY, Metric

REFINANCING = "refinancing"
"""Name of the new loan, and of its lender where the loss is shared."""

OUTCOMES = {
    "with_equity": (2.0, "the shareholders pay what the new loan lacks to repay the old one"),
    "of_failure": (3.0, "lenders offer too little and the shareholders do not pay the rest"),
    "of_no_saving": (4.0, "the old loan goes on because that costs less"),
}
"""What becomes of it beside a new loan that suffices, which is 1: value of the column `refinancing.outcome`,
and in words; 0 where no new loan is asked for."""

CODES = (1.0, *(code for code, _ in OUTCOMES.values()))


def amount(name: str, definition: str, *, conditional: bool = False, unit: str = "USD") -> Metric:
    """A mean of a column."""
    return Metric(f"{REFINANCING}.{name}", unit, definition, MEAN, conditional=conditional)


REFINANCING_METRICS = (
    Metric(
        f"{REFINANCING}.probability",
        "share",
        "Share of paths on which a new loan repays the old one, with or without the shareholders.",
        PROBABILITY,
        f"{REFINANCING}.face",
        "above",
        0.0,
    ),
    *(
        Metric(
            f"{REFINANCING}.probability_{name}",
            "share",
            f"Share of paths on which {words}.",
            PROBABILITY,
            f"{REFINANCING}.outcome",
            "equal",
            value,
        )
        for name, (value, words) in OUTCOMES.items()
    ),
    amount("face_if_lent", "Mean face of the new loan over the paths on which it is lent.", conditional=True),
    amount(
        "coupon",
        "Mean annual coupon of the new loan over the paths on which it is lent.",
        conditional=True,
        unit="1/year",
    ),
    amount(
        "shortfall",
        "Mean of what a new loan lacks to repay the old one with its premium, over the paths on which "
        "one is asked for.",
        conditional=True,
    ),
    amount(
        "equity_paid", "Mean of what the shareholders pay so that the old loan is repaid, over all paths."
    ),
    amount("premium", "Mean premium that the old lender gets, over all paths."),
    Metric(
        f"{REFINANCING}.probability_of_loss",
        "share",
        "Share of all paths on which the new loan is lent and not repaid in full: P(L > 1e-9 × total uses).",
        PROBABILITY,
        f"{REFINANCING}.loss",
        "above_eps",
    ),
    Metric(
        f"{REFINANCING}.expected_loss_usd",
        "USD",
        "Mean unpaid principal and interest arrears of the new loan at the last month, over all paths: E[L].",
        MEAN,
        f"{REFINANCING}.loss",
    ),
    amount(
        "yield",
        "Mean over the paths on which it is lent of the internal rate of the new lender's flows, fee "
        "included, annualised as (1+i)^12 − 1.",
        conditional=True,
        unit="1/year",
    ),
)
