"""The `capital` table: the debt by tranche, the equity by class, and the order in which they are drawn."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.amortisation import Amortisation
from spv_sim.scenario.covenant import AnyCovenant
from spv_sim.scenario.equity import EquityClass, Promote
from spv_sim.scenario.fees import Fees
from spv_sim.scenario.interest import Interest
from spv_sim.scenario.protection import Protection
from spv_sim.scenario.quantities import Count, Money, Share
from spv_sim.scenario.refinancing import Refinance
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.tranche_size import TrancheSize


class Ranked(Table):
    """Place of a tranche in the order of payment."""

    rank: Count = setting(
        "Rank",
        "Order of payment; 1 is paid first. Tranches of equal rank are paid pro rata.",
        default=1,
        ge=1,
        le=50,
        examples=(1,),
        also=("seniority", "pari"),
    )


class Tranche(Protection, TrancheSize, Fees, Amortisation, Interest, Ranked):
    """Terms of one debt tranche."""

    refinance: Refinance | None = setting(
        "Refinancing",
        "A new loan that repays the tranche on one date, as far as value, cash flow and shareholders go; "
        "one tranche of a vehicle may have it.",
        default=None,
        also=("refinancing", "rollover", "call", "take_out"),
    )


class Capital(Table):
    """Debt and equity of the vehicle; equity pays what the debt does not."""

    debt_share: Share | None = setting(
        "Debt share",
        "Net debt proceeds as a share of total uses, where there is one tranche. "
        "One of debt_share, advance_rate.",
        default=None,
        also=("gearing", "leverage", "ltv", "debt"),
    )
    advance_rate: Share | None = setting(
        "Advance rate",
        "Face of the debt as a share of the hardware cost, where there is one tranche. "
        "One of debt_share, advance_rate.",
        default=None,
        examples=("64.8 %",),
        also=("ltc", "loan_to_cost"),
    )
    min_equity: Share = setting(
        "Least equity",
        "Share of total uses that equity pays at least; debt sized by cash flow or value gives way to it.",
        default=0.0,
        examples=("10 %",),
        also=("minimum_equity", "equity_share"),
    )
    funding: Literal["pro_rata", "equity_first", "debt_first"] = setting(
        "Order of funding",
        "Whether debt and equity pay each month's uses side by side, or one of them first.",
        default="pro_rata",
        also=("funding_rule", "draw_order"),
    )
    contingent_equity: bool = setting(
        "Contingent equity",
        'Whether interest up to COD follows the rates of the path, with rates.model = "hull_white" and one '
        "class of equity: shareholders pay what a floating loan costs above the budget at forward rates, and "
        "less where it costs less; what is saved beyond a month's call is spent on later interest, the rest "
        "is held at COD. Draws and sizes stay as budgeted. false, with several classes and in a programme: "
        "the forward rates of closing hold up to COD, as if locked in.",
        default=True,
        also=("cost_overrun_equity", "standby_equity", "equity_commitment"),
    )
    interest_in_cfads: bool = setting(
        "Account interest in CFADS",
        "Whether cover ratios count the interest that the accounts earn. Debt sized by cover never does.",
        default=True,
        also=("cfads_interest",),
    )
    sale_in_cfads: bool = setting(
        "Sale in CFADS",
        "Whether cover ratios, and debt sized by cover, count what the units bring when they leave the "
        "vehicle, by sale, purchase, termination or guarantee.",
        default=False,
        also=("cfads_sale", "residual_in_cfads"),
    )
    other_costs: Money = setting(
        "Other costs", "Costs at closing besides hardware and fees.", default=0.0, ge=0
    )
    tranche: dict[str, Tranche] = setting(
        "Tranches", "Debt by name: [capital.tranche.<name>].", min_length=1, max_length=50, also=("tranches",)
    )
    covenant: dict[str, AnyCovenant] = setting(
        "Covenants",
        "Tests on payment dates by name: [capital.covenant.<name>]; lock_up_dscr of a tranche is one of them "
        "in short.",
        make=dict,
        max_length=50,
        also=("covenants", "test", "trigger"),
    )
    equity: dict[str, EquityClass] = setting(
        "Equity classes",
        "Equity by name: [capital.equity.<name>]; silent: one class of common equity.",
        make=dict,
        max_length=20,
        also=("classes",),
    )
    promote: Promote | None = setting(
        "Promote",
        "Carried interest on the profit of common equity; without it common classes share by their shares.",
        default=None,
        also=("carried_interest", "carry"),
    )
