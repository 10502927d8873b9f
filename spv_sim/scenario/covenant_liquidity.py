"""The kind of covenant that tests the cash that the vehicle keeps."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.covenant_base import Covenant
from spv_sim.scenario.listed import YearlyAmounts
from spv_sim.scenario.quantities import Months
from spv_sim.scenario.table import setting


class LiquidityCovenant(Covenant):
    """Minimum liquidity: what lies in all accounts, and is left of letters of credit, after the payments."""

    kind: Literal["liquidity"] = setting(
        "Kind",
        "Minimum liquidity: cash in all accounts, with what is left of letters of credit, over what is to be "
        "kept. The shareholders are paid only what lies above it; the rest stays in the trap.",
    )
    minimum: YearlyAmounts | None = setting(
        "Minimum",
        "Least amount to be kept, or a list with one for each year from COD, the last of which continues.",
        default=None,
        examples=('["50 m USD", "175 m USD"]',),
        also=("amount", "level"),
    )
    debt_service: Months | None = setting(
        "Months of debt service",
        "Months whose scheduled debt service, on what is still owed, is to be kept; where a minimum is given "
        "too, the larger of the two.",
        default=None,
        ge=1,
        le=120,
        examples=("3 months",),
        also=("months",),
    )
    consequence: Literal["retain", "default"] = setting(
        "Consequence",
        "Retain: nothing but that the shareholders wait. Default: the same, and an event of default where "
        "less is kept for longer than the grace.",
        default="retain",
        also=("then", "remedy"),
    )
