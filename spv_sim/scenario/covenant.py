"""The `capital.covenant` tables: tests on payment dates, and what follows where one fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import Field

from spv_sim.scenario.covenant_base import Covenant
from spv_sim.scenario.covenant_collateral import BorrowingBaseCovenant, LtvCovenant
from spv_sim.scenario.covenant_contract import ContractCoverCovenant, RealisationCovenant
from spv_sim.scenario.covenant_dscr import DscrCovenant
from spv_sim.scenario.covenant_liquidity import LiquidityCovenant

AnyCovenant = Annotated[
    DscrCovenant
    | LtvCovenant
    | BorrowingBaseCovenant
    | RealisationCovenant
    | ContractCoverCovenant
    | LiquidityCovenant,
    Field(discriminator="kind"),
]

Covenants = Mapping[str, AnyCovenant]

NO_COVENANTS: Covenants = {}


class Ranked(Protocol):
    """A tranche, of which the covenants need the rank and how often it pays."""

    @property
    def rank(self) -> int:
        """Order of payment."""

    @property
    def payment_every(self) -> int:
        """Months between its dates."""


CURED = ("prepay", "default")
"""Consequences under which debt beyond the collateral is prepaid."""


def to_cure(covenants: Covenants) -> dict[str, LtvCovenant | BorrowingBaseCovenant]:
    """Covenants whose failure prepays debt, by name."""
    return {
        name: covenant
        for name, covenant in covenants.items()
        if isinstance(covenant, LtvCovenant | BorrowingBaseCovenant) and covenant.consequence in CURED
    }


def interval_of(tranches: Mapping[str, Ranked], down_to: int | None = None) -> int:
    """Months between the payment dates, those of the first rank; or the longest interval down to a rank."""
    if down_to is None:
        return min(tranche.payment_every for tranche in tranches.values())
    return max(tranche.payment_every for tranche in tranches.values() if tranche.rank <= down_to)


def usual_window(covenant: Covenant, tranches: Mapping[str, Ranked]) -> int:
    """Months that a test looks back on where it does not say: the longest debt period of what it tests."""
    if isinstance(covenant, RealisationCovenant):
        return interval_of(tranches)
    return interval_of(tranches, rank_of(covenant, tranches))


def rank_of(covenant: Covenant, tranches: Mapping[str, Ranked]) -> int:
    """Rank down to which a covenant tests the debt: that of its tranche, or the first."""
    tested = tranches.get(covenant.tranche or "")
    if tested is not None:
        return tested.rank
    return min(tranche.rank for tranche in tranches.values())
