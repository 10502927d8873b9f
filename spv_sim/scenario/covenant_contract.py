"""The kinds of covenant that test what the contract has paid, and what it is still to pay."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.covenant_base import Covenant
from spv_sim.scenario.quantities import Months, Ratio
from spv_sim.scenario.table import setting


class ContractCovenant(Covenant):
    """A test of the lessee's rents, with the consequences of a test of cover."""

    consequence: Literal["lock_up", "default", "sweep"] = setting(
        "Consequence",
        "Lock-up: cash goes to the trap instead of the shareholders. Default: the same, and an event of "
        "default once the grace is over. Sweep: a share of the cash prepays the tranche.",
        default="lock_up",
        also=("then", "remedy"),
    )


class RealisationCovenant(ContractCovenant):
    """Contract realisation: rent received over rent promised."""

    kind: Literal["contract_realisation"] = setting(
        "Kind",
        "Contract realisation: rent that the lessee and its guarantor have paid, over the rent of the same "
        "months as closing expects it of the contract, holidays not deducted.",
    )
    level: Ratio = setting(
        "Level",
        "Share of the promised rent below which the test fails.",
        gt=0,
        le=1,
        examples=("0.85x",),
        also=("threshold",),
    )
    window: Months | None = setting(
        "Window",
        "Months whose sums are compared, or those since COD where there are fewer. Silent: the debt period "
        "that ends on the date.",
        default=None,
        ge=1,
        le=120,
        examples=("3 months",),
        also=("months", "period", "lookback"),
    )


class ContractCoverCovenant(ContractCovenant):
    """Contract cover: rent still to come over debt."""

    kind: Literal["contract_cover"] = setting(
        "Kind",
        "Contract cover: rent that is still to come until the contract ends, as closing expects it and none "
        "once the lessee has defaulted, over the debt after the payments of the date.",
    )
    level: Ratio = setting(
        "Level",
        "Cover below which the test fails.",
        gt=0,
        examples=("1.40x",),
        also=("threshold",),
    )
