"""The `fleet` table: the batches of GPUs that the vehicle buys."""

from __future__ import annotations

from spv_sim.scenario.casualty import Casualty
from spv_sim.scenario.failures import Failures
from spv_sim.scenario.generation import KNOWN, Generation
from spv_sim.scenario.quantities import Count, Money, Months, Share
from spv_sim.scenario.table import Table, setting


class Batch(Table):
    """GPUs bought together."""

    delivery: Months = setting(
        "Delivery month",
        "Months after closing at which the batch is delivered and the rest of its price is paid.",
        default=0,
        ge=0,
        examples=("0 months", "3 months"),
    )
    units: Count = setting(
        "Units",
        "Number of GPUs in the batch.",
        ge=1,
        le=10**9,
        also=("gpus", "count", "quantity", "gpu_count"),
    )
    generation: str = setting(
        "Generation",
        f"Generation of the GPUs: {', '.join(KNOWN)}, or one that [fleet.generation] defines.",
        default="H100",
        max_length=60,
        examples=("B200",),
        also=("model", "type", "gpu"),
    )
    unit_cost: Money = setting(
        "All-in unit cost",
        "Price of one GPU with its share of server, network and installation.",
        gt=0,
        examples=("50,000 USD",),
        also=("unit_price", "price", "cost"),
    )
    deposit: Share = setting(
        "Deposit", "Share of the price paid ahead of delivery.", default=0.0, examples=("30 %",)
    )
    deposit_lead: Months = setting(
        "Deposit lead time",
        "Months before delivery at which the deposit is paid, but not before closing.",
        default=0,
        ge=0,
        examples=("3 months",),
    )
    cancellable: bool = setting(
        "Cancellable",
        "Whether the vehicle cancels the batch where its lessee defaults before completion and before the "
        "delivery; else the shareholders pay for it, and it enters the workout.",
        default=True,
    )
    deposit_forfeited: Share = setting(
        "Forfeited deposit",
        "Share of the deposit on a cancelled batch that its seller keeps.",
        default=1.0,
        examples=("50 %",),
        also=("deposit_forfeiture",),
    )
    acceptance_lag: Months = setting(
        "Acceptance lag",
        "Months from delivery to the start of the batch's rent; only where lease.rent_start is per_batch.",
        default=0,
        ge=0,
        le=60,
        examples=("1 month",),
    )


class Fleet(Table):
    """What the vehicle buys."""

    batch: dict[str, Batch] = setting(
        "Batches",
        "GPUs bought together, by name: [fleet.batch.<name>].",
        min_length=1,
        max_length=1000,
        also=("batches",),
    )
    generation: dict[str, Generation] = setting(
        "Generations",
        "What a unit counts for beside an H100, by name: [fleet.generation.<name>]; beside or in place of "
        "the usual figures.",
        make=dict,
        max_length=100,
        also=("generations",),
    )
    failures: Failures | None = setting(
        "Failures", "How units fail and are replaced; without the table none does.", default=None
    )
    casualty: Casualty | None = setting(
        "Casualty",
        "Accidents that destroy units, and their insurance; without the table none happens.",
        default=None,
        also=("insurance",),
    )

    def weight(self, batch: Batch) -> float:
        """H100-equivalents of a unit of a batch [1]."""
        own = self.generation.get(batch.generation)
        return KNOWN[batch.generation].h100_equivalents if own is None else own.h100_equivalents
