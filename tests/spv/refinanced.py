"""Deal X refinanced in month 28: the terms of it and amounts by hand."""

from __future__ import annotations

from spv_sim.analysis.replay import Replay
from spv_sim.closing.close import close
from spv_sim.scenario.read import read
from tests.edge_cases.deal_x import LAST, RENT
from tests.edge_cases.deal_x import OPEX as COSTS
from tests.test_metamorphic import DEAL_X

MONTH, FIRST, DATES = 28, 5, 60
OLD_RATE, CFADS = 0.105 / 12, RENT - COSTS
LEFT = LAST - MONTH
TABLE = "capital.tranche.senior.prepayment_premium=['3 %', '2 %', '1 %']"
NOISE = (
    "credit.hazard=8 %/year",
    "gpu_price.volatility=35 %/sqrt(year)",
    "gpu_price.fall_at_default=20 %",
)


def terms(**said: str) -> list[str]:
    """Settings of the refinancing, in month 28 if they do not say another."""
    return [
        f"capital.tranche.senior.refinance.{name}={value}"
        for name, value in ({"month": f"{MONTH} months"} | said).items()
    ]


def annuity(rate: float, n: int) -> float:
    """Present value of n payments of one dollar."""
    return (1 - (1 + rate) ** -n) / rate


def balance(commitment: float, payments: int) -> float:
    """What is left of the level loan after some payments."""
    return commitment * annuity(OLD_RATE, DATES - payments) / annuity(OLD_RATE, DATES)


def commitment(*sets: str) -> float:
    """Face of the old loan."""
    (senior,) = close(read(DEAL_X, sets).scenario).capital.tranches
    return senior.commitment


OWED = balance(commitment(), MONTH - FIRST + 1)


def amounts(path: Replay, *names: str) -> list[float]:
    """Columns of the refinancing."""
    return [path.columns[f"refinancing.{name}"] for name in names]


def row(path: Replay, name: str, month: int = MONTH) -> float:
    """An amount of a month."""
    return float(path.months[name][path.months["k"].tolist().index(month)])
