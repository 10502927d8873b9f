"""Rules of what the lessee may do with the units, and of the security that it leaves."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.end_of_term import EndOfTerm
from spv_sim.scenario.fleet import Fleet
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.lease_dates import contract_end, rent_start
from spv_sim.scenario.locate import Path


def check_purchase(tables: Tables) -> Iterator[Breach]:
    """A fixed price is said, another is not, and a bargain leaves nothing to guarantee."""
    lease = tables.take("lease", Lease)
    if lease is None:
        return
    right, at = lease.end_of_term, ("lease", "end_of_term")
    if right.option == "fixed_price" and right.price is None:
        message = "lease.end_of_term needs a price under a fixed-price option"
        yield Breach((*at, "price"), message, "missing-key")
    if right.option != "fixed_price" and right.price is not None:
        message = f'lease.end_of_term.price has no meaning where the option is "{right.option}"'
        yield Breach((*at, "price"), message, key=True)
    if right.option != "fixed_price" and right.exercise == "behavioural":
        message = 'lease.end_of_term.exercise: only a "fixed_price" option is exercised by a curve'
        yield Breach((*at, "exercise"), message)
    if right.option != "fair_market_value" and right.probability != 1:
        message = 'lease.end_of_term.probability belongs to the option "fair_market_value"'
        yield Breach((*at, "probability"), message)
    if right.option == "bargain" and lease.residual_value_guarantee is not None:
        message = "lease.end_of_term.option: a bargain option leaves no residual value to guarantee"
        yield Breach((*at, "option"), message, help="remove lease.residual_value_guarantee")


def check_staying(tables: Tables) -> Iterator[Breach]:
    """Renewal and re-letting need a market and one end of all leases."""
    lease, fleet, grid = tables.take("lease", Lease), tables.take("fleet", Fleet), tables.take("grid", Grid)
    if lease is None:
        return
    right, at = lease.end_of_term, ("lease", "end_of_term")
    for name in ("renewal_months", "re_let"):
        if getattr(right, name) == 0:
            continue
        if tables.lacks("lease_rate"):
            message = f"lease.end_of_term.{name} needs a table [lease_rate], the market for the units"
            yield Breach((*at, name), message, "missing-table")
        if fleet and grid:
            starts = {rent_start(lease, batch, grid.construction) for batch in fleet.batch.values()}
            if len(starts) > 1:
                message = f"lease.end_of_term.{name} needs batches whose rent starts in one month"
                yield Breach((*at, name), message, "unsupported")
    yield from _check_lengths(right, at)


def _check_lengths(right: EndOfTerm, at: Path) -> Iterator[Breach]:
    if right.re_let_after and right.re_let_after >= right.re_let:
        message = (
            f"lease.end_of_term.re_let_after: {right.re_let_after} months leave nothing of the "
            f"{right.re_let} months of re-letting"
        )
        yield Breach((*at, "re_let_after"), message, "range")
    if right.renewals > 1 and right.renewal_months == 0:
        message = "lease.end_of_term.renewals has no meaning without lease.end_of_term.renewal_months"
        yield Breach((*at, "renewals"), message)


def check_early_termination(tables: Tables) -> Iterator[Breach]:
    """A lease ends early by a date or by a hazard, inside its term."""
    lease, fleet, grid = tables.take("lease", Lease), tables.take("fleet", Fleet), tables.take("grid", Grid)
    right, at = lease.early_termination if lease else None, ("lease", "early_termination")
    if lease is None or right is None:
        return
    if (right.month is None) == (right.hazard is None):
        code = "missing-key" if right.month is None else "exactly-one"
        yield Breach(at, "lease.early_termination needs one of month, hazard", code)
    if right.month is not None and right.first_month:
        message = "lease.early_termination.first_month belongs to a hazard; month says the date"
        yield Breach((*at, "first_month"), message)
    if grid and fleet:
        first, last = grid.construction + 1, contract_end(lease, fleet, grid) - 1
        month = right.month if right.month is not None else grid.construction + max(right.first_month, 1)
        if not first <= month <= last:
            name = "month" if right.month is not None else "first_month"
            message = f"lease.early_termination.{name}: month {month} is outside months {first} to {last}"
            yield Breach((*at, name), message, "range")
    if right.stipulated_loss and (right.discount_rate is not None or right.residual):
        message = "lease.early_termination.stipulated_loss says the values; nothing is left to discount"
        yield Breach((*at, "stipulated_loss"), message, "exactly-one", key=True)


def check_deposit(tables: Tables) -> Iterator[Breach]:
    """Rent paid ahead is fixed, and no more than there is."""
    lease, at = tables.take("lease", Lease), ("lease", "deposit")
    if lease is None or lease.deposit is None:
        return
    months = lease.deposit.months
    if months > lease.term:
        message = f"lease.deposit.months: {months} months exceed the lease of {lease.term} months"
        yield Breach((*at, "months"), message, "range")
    if lease.deposit.kind != "prepaid_last":
        return
    if lease.payment_every and months % lease.payment_every:
        message = f"lease.deposit.months: {months} are not a whole number of rent periods"
        yield Breach((*at, "months"), message)
    if lease.index is not None or lease.billing == "used" or lease.rent_start == "per_batch":
        message = "lease.deposit.kind: only fixed rent with a common start can be paid ahead"
        yield Breach((*at, "kind"), message, "unsupported")


END_OF_TERM_RULES = (check_purchase, check_staying, check_early_termination, check_deposit)
