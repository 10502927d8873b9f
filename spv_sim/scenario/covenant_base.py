"""What every covenant says, whatever it measures."""

from __future__ import annotations

from spv_sim.scenario.quantities import Count, Months, Share
from spv_sim.scenario.table import Table, setting


class Covenant(Table):
    """Whose debt is tested, and how long a failure lasts and is borne."""

    tranche: str | None = setting(
        "Tranche",
        "Tests the debt of this tranche and of all that rank before or beside it; silent: the first rank.",
        default=None,
        examples=("senior",),
        also=("of", "down_to"),
    )
    first_test: Months = setting(
        "First test",
        "Month from closing before which nothing is tested; silent: every payment date is.",
        default=0,
        ge=0,
        le=600,
        examples=("21 months",),
        also=("tested_from", "starts", "from"),
    )
    release_after: Count = setting(
        "Release after",
        "Payment dates in a row on which a lock-up test must pass before the trap is released.",
        default=1,
        ge=1,
        le=240,
        examples=(3,),
        also=("cure_months", "passes"),
    )
    blocks_junior: bool = setting(
        "Payment block",
        "Whether tranches that rank behind the tested debt are paid nothing while the test fails, the last "
        "date excepted.",
        default=False,
        also=("mezz_block", "blocks", "payment_block"),
    )
    sweep: Share = setting(
        "Sweep",
        'Share of the cash that prepays the tranche while a test with consequence = "sweep" fails; several '
        "such tests at falling levels make the bands of a sweep.",
        default=1.0,
        gt=0,
        examples=("50 %",),
        also=("share", "sweep_share"),
    )
    grace: Count = setting(
        "Grace",
        'Payment dates in a row on which a covenant with consequence = "default" may fail, after any cure; '
        "the date after the last of them begins in an event of default.",
        default=1,
        ge=1,
        le=240,
        examples=(2,),
    )
