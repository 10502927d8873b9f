"""Rules of the lessee's filed figures: dates in order, periods of whole payments, nothing said twice."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.deal import Deal
from spv_sim.scenario.filed_lease import FiledLease, MaturityTable
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.locate import Path

AT: Path = ("lease", "filed")
MOST_OTHER = 0.05
"""Share by which the principal may exceed the balance before that is said."""


def check_filed(tables: Tables) -> Iterator[Breach]:
    """The filed figures set all rent there is, from a date on, and their dates make sense."""
    lease, deal = tables.take("lease", Lease), tables.take("deal", Deal)
    if lease is None or lease.filed is None:
        return
    filed = lease.filed
    if deal and deal.closing is None:
        yield Breach(AT, "lease.filed: filed dates need the date of closing, deal.closing", "missing-key")
    yield from _check_course(lease)
    if filed.rents == "stepped" and filed.maturity is None:
        message = "lease.filed.rents: stepped rents need a table [lease.filed.maturity]"
        yield Breach((*AT, "rents"), message, "missing-table", help='or write rents = "level"')
    if filed.total.amount <= filed.opening.amount:
        message = "lease.filed.total: the payments do not exceed the opening liability, so no rate is in them"
        yield Breach((*AT, "total", "amount"), message, "range")
    if filed.maturity is not None and lease.payment_every > 0:
        yield from _check_maturity(filed.maturity, lease.payment_every)
    for number, name in enumerate(filed.group):
        if not name.strip() or {"/", "\\"} & set(name):
            message = f"lease.filed.group: {name} is not the name of a file beside this one"
            yield Breach((*AT, "group", number), message, "value")
    yield from _check_figures(filed, deal)


def _check_course(lease: Lease) -> Iterator[Breach]:
    """Nothing else changes the course of the rents."""
    said = {
        "escalation": lease.escalation != 0,
        "steps": bool(lease.steps),
        "index": lease.index is not None,
        "holiday": bool(lease.holiday),
        "billing": lease.billing == "used",
        "rent_start": lease.rent_start == "per_batch",
    }
    if lease.timing == "advance":
        message = "lease.timing: rents from lease.filed fall due at the end of each interval from closing"
        yield Breach(("lease", "timing"), message)
    for name in (name for name, is_said in said.items() if is_said):
        message = f"lease.{name}: lease.filed tells all payments already"
        yield Breach(("lease", name), message, "exactly-one", key=True)


def _check_maturity(table: MaturityTable, payment_every: int) -> Iterator[Breach]:
    at = (*AT, "maturity")
    key = ".".join(map(str, at))
    if table.payments_left <= table.balance:
        message = f"{key}.payments_left: not more than the balance, so no rate is in them"
        yield Breach((*at, "payments_left"), message, "range")
    before = table.at
    for day, _ in table.periods:
        length = whole_months(before, day)
        if length is None or length < payment_every or length % payment_every:
            message = f"{key}.principal: from {before} to {day} are no whole rent periods of {payment_every}"
            yield Breach((*at, "principal"), f"{message} months", "range")
            return
        before = day
    excess = sum(amount for _, amount in table.periods) / table.balance - 1
    if abs(excess) > MOST_OTHER:
        yield Breach((*at, "principal"), f"{key}.principal: differs from the balance by {excess:.1%}", None)


def whole_months(start: datetime.date, end: datetime.date) -> int | None:
    """Months between two days of equal day number or both at the end of their months; else None."""
    months = 12 * (end.year - start.year) + end.month - start.month
    same = start.day == end.day or all((day + datetime.timedelta(days=1)).day == 1 for day in (start, end))
    return months if same else None


def _check_figures(filed: FiledLease, deal: Deal | None) -> Iterator[Breach]:
    for name, figure in filed.figure.items():
        at = (*AT, "figure", name)
        key = ".".join(map(str, at))
        if figure.kind == "balance" and figure.start is not None:
            yield Breach((*at, "start"), f"{key}.start: a balance has an end alone")
        elif figure.start is not None and figure.start >= figure.end:
            yield Breach((*at, "start"), f"{key}.start: {figure.start} is not before the end", "range")
        if deal and deal.closing and figure.of == "lease" and figure.end < deal.closing:
            yield Breach((*at, "end"), f"{key}.end: {figure.end} is before closing, {deal.closing}", "range")
        if figure.of == "group" and not filed.group:
            message = f"{key}.of: the other leases must be named in lease.filed.group"
            yield Breach((*at, "of"), message, "missing-key")
