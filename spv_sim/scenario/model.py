"""The whole scenario: one model, from which schema, defaults, units, errors and documentation follow."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from spv_sim.scenario.accounts import Accounts
from spv_sim.scenario.capital import Capital
from spv_sim.scenario.correlation import Correlation
from spv_sim.scenario.credit import Credit
from spv_sim.scenario.deal import Deal
from spv_sim.scenario.fleet import Fleet
from spv_sim.scenario.gpu_price import GpuPrice
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.lease_rate import LeaseRate
from spv_sim.scenario.monte_carlo import MonteCarlo
from spv_sim.scenario.opex import Opex
from spv_sim.scenario.programme import Spv
from spv_sim.scenario.rates import Rates
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.utilisation import Utilisation
from spv_sim.scenario.vary import flatten
from spv_sim.scenario.vendor import Vendor
from spv_sim.scenario.waterfall import Waterfall
from spv_sim.scenario.workout import Workout

Varied = Annotated[
    dict[str, Any],
    BeforeValidator(lambda said: flatten(said) if isinstance(said, dict) else said),
    WithJsonSchema({"type": "object"}),
]
"""Ranges and lists of values by the key of a setting."""


class Scenario(Table):
    """A deal and its market, as one file says it."""

    schema_version: Literal[1] = Field(
        default=1,
        alias="schema",
        title="Schema version",
        description="Version of the file's vocabulary; this one is 1.",
        examples=[1],
    )
    extends: str | None = setting(
        "Parent file",
        "One file, relative to this one and inside the project folder, whose settings this one changes.",
        default=None,
        examples=("h100-base.toml",),
    )
    unset: list[str] = setting(
        "Removed settings",
        "Settings of the parent that this file takes away, so that their defaults hold.",
        make=list,
        examples=('["capital.tranche.senior.lock_up_dscr"]',),
    )
    deal: Deal = setting("Deal", "Name, closing date, hurdle rate and published terms.")
    grid: Grid = setting("Time grid", "Months before COD and after the lease.", make=Grid)
    fleet: Fleet = setting("Fleet", "The GPUs that the vehicle buys.")
    lease: Lease = setting("Lease", "What the lessee pays and when.")
    gpu_price: GpuPrice = setting("GPU resale price", "Depreciation, noise, jumps and cost of sale.")
    lease_rate: LeaseRate | None = setting(
        "Market lease rate",
        "Market price of a GPU-hour; required where a workout lets the fleet again.",
        default=None,
    )
    rates: Rates | None = setting(
        "Base rates",
        "Risk-free yield curve and short rate; without the table there are no floating rates.",
        default=None,
    )
    utilisation: Utilisation | None = setting(
        "Utilisation",
        "How much of the time the machines are in use; required where the rent follows it.",
        default=None,
    )
    credit: Credit = setting("Lessee credit", "When the lessee defaults.")
    workout: Workout = setting("Workout", "Fleet and claim after a default.")
    opex: Opex = setting("Operating cost", "Costs that the vehicle bears.", make=Opex)
    accounts: Accounts = setting("Accounts", "What the accounts earn.", make=Accounts)
    capital: Capital = setting("Capital", "Size and terms of the debt.")
    vendor: Vendor | None = setting(
        "Seller of the hardware",
        "Its margin on the sale, to see what the deal is worth to it beside its equity and its guarantee.",
        default=None,
    )
    waterfall: Waterfall = setting(
        "Priority of payments", "Who is paid from what, in which order.", make=Waterfall
    )
    spv: dict[str, Spv] = setting(
        "Vehicles",
        "Several vehicles of one lessee on one market, by name: [spv.<name>]. Each is the deal that the "
        "other tables tell, with its own changes; silent: one vehicle.",
        make=dict,
        max_length=20,
        also=("spvs", "vehicles", "programme"),
    )
    correlation: Correlation = setting(
        "Correlation", "How the random drivers move together.", make=Correlation
    )
    monte_carlo: MonteCarlo = setting("Monte Carlo", "Paths and seed.", make=MonteCarlo)
    sweep: Varied = setting(
        "Sweep",
        "What `spv-sim sweep` varies, by key: a range with from, to and count or step, or a list of values. "
        "All combinations are run; other commands ignore it.",
        make=dict,
        max_length=8,
        examples=('{ "capital.debt_share" = { from = "50 %", to = "90 %", count = 9 } }',),
    )
