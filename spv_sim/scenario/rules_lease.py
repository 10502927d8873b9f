"""Rules of the lease: rent that is said once, an index with a market, dates and promises with a meaning."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.fleet import Fleet
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.lease_dates import rent_start
from spv_sim.scenario.locate import Path
from spv_sim.scenario.rules_end_of_term import END_OF_TERM_RULES
from spv_sim.scenario.rules_filed import check_filed
from spv_sim.scenario.utilisation import Utilisation
from spv_sim.scenario.workout import Workout

FIXED_RENTS = ("rate", "rate_factor", "implicit_rate", "filed")


def check_rent(tables: Tables) -> Iterator[Breach]:
    """The rent's course is said once: by yearly escalation or by a step table that lies inside the term."""
    lease = tables.take("lease", Lease)
    if lease is None or not lease.steps:
        return
    if lease.escalation != 0:
        message = "lease.steps and lease.escalation exclude each other; keep one of them"
        yield Breach(("lease", "steps"), message, "exactly-one", key=True)
    last = lease.levels[-1][0]
    if last >= lease.term:
        message = f"lease.steps: the step at {last} months lies outside the lease of {lease.term} months"
        yield Breach(("lease", "steps"), message, "range")
    if lease.implicit_rate is not None:
        message = "lease.steps: lease.implicit_rate stands for level rents, which steps would change"
        yield Breach(
            ("lease", "steps"), message, help="say the first rent by lease.rate or lease.rate_factor"
        )


def check_index(tables: Tables) -> Iterator[Breach]:
    """An index has a market, an open collar, whole rent periods, and a fixed rent for other hours."""
    lease = tables.take("lease", Lease)
    if lease is None or lease.index is None:
        return
    index, at = lease.index, ("lease", "index")
    if tables.lacks("lease_rate"):
        yield Breach(
            at, "lease.index needs a table [lease_rate], the market that it follows", "missing-table"
        )
    if index.cap is not None and index.cap < index.floor:
        message = f"lease.index.cap: {index.cap:g} USD/GPU-hour is below the floor of {index.floor:g}"
        yield Breach((*at, "cap"), message, "range")
    if lease.payment_every and index.reset_every % lease.payment_every:
        message = (
            f"lease.index.reset_every: {index.reset_every} months are not a whole number of rent periods "
            f"of {lease.payment_every}"
        )
        yield Breach((*at, "reset_every"), message)
    said = [name for name in FIXED_RENTS if getattr(lease, name) is not None]
    if index.weight < 1 and not said:
        message = f"lease.index.weight: the other hours need a fixed rent, one of {', '.join(FIXED_RENTS)}"
        yield Breach((*at, "weight"), message, "missing-key")
    if index.weight == 1 and said:
        message = f"lease.{said[0]}: no hours pay the fixed rent, because all of them pay lease.index"
        yield Breach(("lease", said[0]), message, help=f"remove lease.{said[0]} or lower lease.index.weight")


def check_rent_start(tables: Tables) -> Iterator[Breach]:
    """A lag before the rent has a meaning only where each batch has its own; each lease outlasts COD."""
    lease, fleet, grid = tables.take("lease", Lease), tables.take("fleet", Fleet), tables.take("grid", Grid)
    if not (lease and fleet):
        return
    if lease.rent_start == "per_batch":
        for name, batch in fleet.batch.items():
            if grid is None:
                return
            end = rent_start(lease, batch, grid.construction) + lease.term
            if end <= grid.construction:
                message = (
                    f"lease.term: the lease of fleet.batch.{name} ends in month {end}, and the deal only "
                    f"runs from COD on, month {grid.construction}"
                )
                yield Breach(("lease", "term"), message, "range", help="lengthen it or shorten construction")
        return
    for name, batch in fleet.batch.items():
        if batch.acceptance_lag > 0:
            message = (
                f"fleet.batch.{name}.acceptance_lag has a meaning only with lease.rent_start = "
                '"per_batch"; now the rent of all batches starts at COD'
            )
            yield Breach(("fleet", "batch", name, "acceptance_lag"), message)


def check_guarantee(tables: Tables) -> Iterator[Breach]:
    """A guarantee covers only what can happen."""
    lease, workout = tables.take("lease", Lease), tables.take("workout", Workout)
    promise = lease.residual_value_guarantee if lease else None
    if promise is None:
        return
    at = ("lease", "residual_value_guarantee")
    key = ".".join(at)
    if promise.guarantor == "lessee" and promise.on_default:
        message = f"{key}.on_default: the lessee cannot make good a sale after its own default"
        yield Breach((*at, "on_default"), message)
    if promise.guarantor == "lessee" and promise.hazard > 0:
        message = f"{key}.hazard: the lessee's own default is that of [credit]"
        yield Breach((*at, "hazard"), message)
    if promise.on_default and workout and workout.mode == "remarket":
        message = f'{key}.on_default: no sale is forced where workout.mode is "remarket"'
        yield Breach((*at, "on_default"), message, None)


def check_use(tables: Tables) -> Iterator[Breach]:
    """Rent for hours used needs hours, a rate for them, and months that are over; use lies in its bounds."""
    lease, use = tables.take("lease", Lease), tables.take("utilisation", Utilisation)
    if use:
        for name in ("initial", "mean_level"):
            if not use.lowest < getattr(use, name) < use.highest:
                message = f"utilisation.{name}: outside the bounds utilisation.lowest and utilisation.highest"
                yield Breach(("utilisation", name), message, "range")
    if lease is None:
        return
    if lease.billing == "committed":
        if lease.commitment == 0:
            message = "lease.commitment: without committed hours only used ones can pay"
            yield Breach(("lease", "commitment"), message, help='set lease.billing = "used"')
        return
    at: Path = ("lease", "billing")
    if tables.lacks("utilisation"):
        yield Breach(at, "lease.billing: used hours need a table [utilisation]", "missing-table")
    if lease.timing == "advance":
        yield Breach(at, 'lease.billing: used hours are known in arrears; set lease.timing = "arrears"')
    if lease.rate_factor is not None or lease.implicit_rate is not None:
        yield Breach(at, "lease.billing: used hours are paid at lease.rate or lease.index, not on cost")


LEASE_RULES = (
    check_rent,
    check_index,
    check_rent_start,
    check_guarantee,
    check_use,
    check_filed,
    *END_OF_TERM_RULES,
)
