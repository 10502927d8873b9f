"""The `credit` table: when the lessee defaults, and what follows."""

from __future__ import annotations

from typing import Literal

from spv_sim.scenario.credit_engines import BlackCox, Cir, Regulatory
from spv_sim.scenario.credit_quotes import AnyQuotes
from spv_sim.scenario.default_outcome import DefaultOutcome, LesseeGuarantor
from spv_sim.scenario.quantities import Months, Ratio
from spv_sim.scenario.table import Table, setting
from spv_sim.scenario.yearly import YearlyRates


class Credit(Table):
    """Default of the lessee: an engine with its default curve, or one scheduled month as a stress."""

    engine: Literal["hazard", "first_passage", "black_cox", "cir"] = setting(
        "Engine",
        "hazard: the default curve alone. first_passage: the same curve, from a credit that moves with the "
        "market (see correlation). black_cox: an asset value and a barrier. cir: a random intensity.",
        default="hazard",
        also=("model",),
    )
    hazard: YearlyRates = setting(
        "Hazard rate",
        "Yearly intensity of default, or a list with one for each year, the last of which continues.",
        default=(0.0,),
        examples=("8 %/year", '["10 %/year", "6 %/year"]'),
        also=("hazard_rate", "lambda", "default_rate", "intensity", "pd"),
    )
    quotes: AnyQuotes | None = setting(
        "Quotes",
        "Prices or default rates from which the hazard is drawn at closing; excludes hazard.",
        default=None,
        also=("cds", "bond", "spreads"),
    )
    black_cox: BlackCox | None = setting(
        "Black and Cox",
        "Asset value and barrier of the engine black_cox, which has its own default curve; excludes hazard.",
        default=None,
        also=("merton", "structural"),
    )
    cir: Cir | None = setting("CIR intensity", "Random part of the engine cir.", default=None)
    regulatory: Regulatory | None = setting(
        "Regulatory shocks",
        "Shocks to the hazard, with the engines hazard and cir; without the table there are none.",
        default=None,
    )
    measure: Literal["P", "Q"] = setting(
        "Measure",
        "P: frequencies to be expected in fact. Q: implied by prices, so that a risk premium is in it.",
    )
    use_measure: Literal["P", "Q"] | None = setting(
        "Measure to use",
        "Measure to which the hazard is converted by the risk premium; silent: it is used as it is.",
        default=None,
    )
    risk_premium: Ratio | None = setting(
        "Risk premium",
        "Hazard under Q over hazard under P; typically 1.5 to 3 for a rating of B to BB.",
        default=None,
        gt=0,
        le=100,
        examples=("2",),
        also=("eta",),
    )
    clock: Literal["closing", "cod"] = setting("Clock", "Date from which the hazard runs.", default="closing")
    default_month: Months | None = setting(
        "Scheduled default",
        "Month after closing at which the lessee defaults on every path, as a stress; excludes hazard.",
        default=None,
        ge=1,
        examples=("24 months",),
    )
    draw_stop: bool = setting(
        "Draw stop",
        "Whether a default before completion is met at once: draws stop, batches to come are cancelled or "
        "paid for by the shareholders, delivered ones enter the workout. Else the first rent finds it out, "
        "and so it does on a grid of years.",
        default=True,
    )

    outcome: DefaultOutcome = setting(
        "Outcome of a default",
        "What becomes of the lease after a default; without the table it is rejected.",
        make=DefaultOutcome,
    )
    guarantor: LesseeGuarantor | None = setting(
        "Lessee's guarantor",
        "Who pays the rent in place of a lessee in default.",
        default=None,
        also=("parent",),
    )

    @property
    def used_measure(self) -> Literal["P", "Q"]:
        """Measure under which the hazard is used."""
        return self.use_measure or self.measure

    @property
    def premium_factor(self) -> float:
        """What a hazard is multiplied by to be used under the measure asked for [1]."""
        if self.used_measure == self.measure or self.risk_premium is None:
            return 1.0
        return 1 / self.risk_premium if self.used_measure == "P" else self.risk_premium
