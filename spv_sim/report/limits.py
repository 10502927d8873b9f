"""Lists what the model leaves out, in words for the report."""

LIMITS: tuple[tuple[str, str], ...] = (
    (
        "Vehicles on their own cash",
        "The SPV has any number of tranches of debt and classes of equity. Carry is "
        "worked out over the whole deal, without claw-back. Vehicles of a programme that share cash cure "
        "senior interest and principal alone, where both pay in the month; no fee, hedge, letter of credit.",
    ),
    (
        "One refinancing",
        "One tranche may be refinanced once, on a date that the scenario names. The new spread takes the "
        "average hazard of surviving lessees, not that of the path's state of credit, and the expected "
        "contract cash of closing; the shareholders pay a shortfall as soon as their equity is worth more.",
    ),
    (
        "One lessee, one default",
        "All rent comes from one lessee, which defaults once at most. What then becomes of its lease is "
        "settled at the default: a cure, assumption or new rent that is agreed on is kept to.",
    ),
    (
        "Covenants as written",
        "Every covenant is tested on payment dates and nothing is waived. The shareholders use each cure "
        "that they have while the lessee pays, whether it is worth it to them or not; forward cover, "
        "contract cover and realisation take what the contract promises as expected at closing.",
    ),
    (
        "No tax",
        "Depreciation, interest limits, losses carried forward and withholding are left out: returns are "
        "before tax.",
    ),
    (
        "Rates on the debt alone",
        "Debt may float with the short rate; account interest and claim interest are fixed numbers. Interest "
        "up to COD follows the rates of the path, unhedged, and the shareholders meet the difference to the "
        "budget, unless capital.contingent_equity is false; in a programme, with several classes of equity "
        "and from a default before COD on it is that of the forward rates at closing, as if locked in.",
    ),
    (
        "Credit stands alone unless asked",
        "With the engines hazard and cir the lessee's default does not react to prices, and wrong-way risk "
        "enters only as the stated fall of the resale price at default; first_passage and black_cox move "
        "with the market as the correlations say.",
    ),
    (
        "Price taker",
        "The fleet sells and re-lets at the market price less stated costs; only a forced sale may move the "
        "price, as workout.market_depth and workout.price_impact say.",
    ),
    (
        "A fleet that arrives",
        "Batches come on time. A lessee that defaults before completion loses its lease, whatever "
        "credit.outcome says; from then to the first payment date after completion interest and costs "
        "accrue, nothing is paid, let or sold, and a letter of credit stands as planned. The seller's margin "
        "is that of the whole fleet.",
    ),
    (
        "Failures where asked",
        "No GPU fails without [fleet.failures]. With it a replacement is as old as its batch, spares keep "
        "their price; the claim, the stipulated loss and the size of the debt count the contract's units.",
    ),
    (
        "Casualties where asked",
        "Nothing is destroyed without [fleet.casualty]. A casualty strikes the whole fleet, and what it "
        "destroys is not bought again; the rent goes on or abates as lease.hell_or_high_water says. What the "
        "insurer pays is cash like the price of a sold unit: it calls no debt in.",
    ),
    (
        "Monthly grid",
        "Everything happens at month ends, or once a year with grid.periods_per_year = 1; days, payment "
        "calendars and accrual conventions are left out.",
    ),
)

STANDING_LINE = (
    "A model of stated inputs, not a forecast or advice; xAI and Nvidia figures are assumptions unless cited."
)
