"""The `credit.outcome` and `credit.guarantor` tables: what follows the lessee's default, who pays for it."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.quantities import Money, Months, Number, Rate, Share
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.yearly import YearlyRates

LONGEST = 240
BY_LOT = ("reinstate", "assume", "renegotiate", "reject")
BY_RENT = ("essentiality", "otherwise")


class DefaultOutcome(Table):
    """What becomes of the lease after the lessee's default, which happens once; it is known at the default.

    While the lease is kept, rights at the end of its term are used as if it were cured already.
    """

    decided_by: Literal["probabilities", "rent"] = setting(
        "Decided by",
        "probabilities: by lot. rent: the lease is assumed if its rate is at most the market rate then, "
        "times 1 + essentiality, of a triple-net lease without hosting costs; else it goes `otherwise`.",
        default="probabilities",
    )
    reinstate: Share = setting(
        "Reinstated",
        "Probability that the lessee cures the default: after cure_months it pays arrears and interest.",
        default=0.0,
        examples=("20 %",),
        also=("cure",),
    )
    assume: Share = setting(
        "Assumed",
        "Probability of a bankruptcy in which the lease is assumed after stay_months, all arrears paid then.",
        default=0.0,
        examples=("30 %",),
    )
    renegotiate: Share = setting(
        "Renegotiated",
        "Probability that the rent falls to the market rate plus market_premium, if that is less, from the "
        "default on; settled after negotiation_months. Needs [lease_rate].",
        default=0.0,
        examples=("10 %",),
        also=("restructure",),
    )
    reject: Share | None = setting(
        "Rejected",
        "Probability that the lease is rejected at once and [workout] begins; silent: what is left of 100 %.",
        default=None,
        examples=("40 %",),
    )
    cure_months: Months = setting(
        "Time to cure",
        "Months from the default to the cure of a lease reinstated.",
        default=2,
        ge=1,
        le=LONGEST,
    )
    default_interest: Rate = setting(
        "Default interest",
        "Nominal annual interest, compounded monthly, on the arrears of a lease reinstated.",
        default=0.0,
        ge=0,
        examples=("12 %",),
    )
    stay_months: Months = setting(
        "Length of the stay",
        "Months from the default to the assumption of the lease in bankruptcy.",
        default=12,
        ge=1,
        le=LONGEST,
    )
    administrative_rent_after: Months = setting(
        "Start of administrative rent",
        "Months from the default after which rent that falls due during the stay is paid; 60 days under "
        "11 USC 365(d)(5).",
        default=2,
        ge=0,
        le=LONGEST,
    )
    negotiation_months: Months = setting(
        "Length of the talks",
        "Months from the default to the new rate of a lease renegotiated.",
        default=3,
        ge=0,
        le=LONGEST,
    )
    market_premium: Rate = setting(
        "Premium over the market rate",
        "What a renegotiated rate is above the market rate of its month.",
        default=0.10,
        gt=-1,
        le=10,
    )
    essentiality: Rate = setting(
        "Essentiality",
        'What the units are worth to the lessee above the market rate; only where decided_by is "rent".',
        default=0.0,
        gt=-1,
        le=10,
        examples=("20 %",),
    )
    otherwise: Literal["reject", "renegotiate"] = setting(
        "Otherwise",
        'What happens to a lease dearer than the market; only where decided_by is "rent".',
        default="reject",
    )

    @property
    def idle(self) -> tuple[str, ...]:
        """Settings of the way to decide that is not taken."""
        return BY_LOT if self.decided_by == "rent" else BY_RENT

    @property
    def rejected(self) -> float:
        """Probability of a rejection by lot [1]."""
        return 1 - self.kept if self.reject is None else self.reject

    @property
    def kept(self) -> float:
        """Probability of the other outcomes by lot [1]."""
        return self.reinstate + self.assume + self.renegotiate

    @property
    def possible(self) -> set[str]:
        """Keys of the outcomes that may happen."""
        if self.decided_by == "rent":
            return {"assume", self.otherwise}
        kept = {name for name in ("reinstate", "assume", "renegotiate") if getattr(self, name) > 0}
        return kept | {"reject"} if self.rejected > 0 else kept


class LesseeGuarantor(Table):
    """A parent that pays the lessee's rent after its default, as long as it has not failed itself.

    It pays contract rent when it falls due; after a rejection no more than the claim, which it reduces. It is
    not the guarantor of the residual value.
    """

    hazard: YearlyRates = setting(
        "Hazard rate",
        "Yearly intensity of the guarantor's default from closing on, or a list with one for each year, in "
        "the measure in which the lessee's is used.",
        default=(0.0,),
        examples=("3 %/year",),
        also=("hazard_rate", "pd"),
    )
    correlation: Number = setting(
        "Correlation with the lessee",
        "Of the normals of a Gaussian copula behind the months in which lessee and guarantor default.",
        default=0.0,
        ge=-1,
        le=1,
        examples=("0.6",),
        also=("rho",),
    )
    cap: Money | None = setting(
        "Cap",
        "Most that the guarantor pays in all; silent: no limit.",
        default=None,
        gt=0,
        examples=("1 bn USD",),
    )
