"""Rules of the fleet: generations that are known, failures that are said once, keys with a meaning."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.failures import Failures
from spv_sim.scenario.fleet import Fleet
from spv_sim.scenario.generation import KNOWN
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.locate import Path

AT: Path = ("fleet", "failures")
KEY = "fleet.failures"


def check_generations(tables: Tables) -> Iterator[Breach]:
    """Every batch is of a known generation, and every generation said is that of a batch."""
    fleet = tables.take("fleet", Fleet)
    if fleet is None:
        return
    known = {*KNOWN, *fleet.generation}
    for name, batch in fleet.batch.items():
        if batch.generation not in known:
            message = (
                f'fleet.batch.{name}.generation: "{batch.generation}" is not known; '
                f"allowed: {', '.join(sorted(known))}"
            )
            help = f"or define it: [fleet.generation.{batch.generation}]"
            yield Breach(("fleet", "batch", name, "generation"), message, "range", help)
    used = {batch.generation for batch in fleet.batch.values()}
    for name in fleet.generation:
        if name not in used:
            yield Breach(
                ("fleet", "generation", name), f"fleet.generation.{name}: no batch is of it", key=True
            )


def check_deposits(tables: Tables) -> Iterator[Breach]:
    """What becomes of a deposit is said where there is one, of a batch that can be cancelled."""
    fleet = tables.take("fleet", Fleet)
    for name, batch in fleet.batch.items() if fleet else ():
        key = f"fleet.batch.{name}.deposit_forfeited"
        if batch.deposit_forfeited == 1 or (batch.deposit > 0 and batch.cancellable):
            continue
        why = "a deposit" if batch.deposit == 0 else "cancellable = true"
        at = ("fleet", "batch", name, "deposit_forfeited")
        yield Breach(at, f"{key} has a meaning only with {why}", key=True)


def check_failures(tables: Tables) -> Iterator[Breach]:
    """Failures are said in one way, and what is said of them acts."""
    fleet, lease = tables.take("fleet", Fleet), tables.take("lease", Lease)
    failures = fleet.failures if fleet else None
    whole = fleet and failures is None and fleet.casualty is None
    if whole and lease and not lease.hell_or_high_water:
        message = (
            "lease.hell_or_high_water: false has a meaning only with a table [fleet.failures] or "
            "[fleet.casualty]"
        )
        yield Breach(("lease", "hell_or_high_water"), message, "missing-table")
    if failures is None:
        return
    if (failures.annual_rate is None) == (failures.bathtub is None):
        code = "missing-key" if failures.bathtub is None else "exactly-one"
        yield Breach(AT, f"{KEY} needs one of annual_rate, bathtub", code)
    yield from _check_spares(failures)
    if lease:
        yield from _check_return(failures, lease)


def _check_spares(failures: Failures) -> Iterator[Breach]:
    if failures.spares is not None and failures.service_level is not None:
        message = f"{KEY}.service_level and {KEY}.spares exclude each other; keep one of them"
        yield Breach((*AT, "service_level"), message, "exactly-one", key=True)
    for name in failures.model_fields_set.intersection(failures.idle):
        message = f"{KEY}.{name} has a meaning only with {KEY}.spares or {KEY}.service_level"
        yield Breach((*AT, name), message, key=True)


def _check_return(failures: Failures, lease: Lease) -> Iterator[Breach]:
    billed = failures.return_condition == "stipulated_loss"
    if billed and not lease.triple_net:
        message = f"{KEY}.return_condition: the lessee owes no units where lease.triple_net is false"
        yield Breach((*AT, "return_condition"), message)
    if billed and failures.missing_value is None:
        message = f'{KEY}.return_condition: "stipulated_loss" needs {KEY}.missing_value'
        yield Breach((*AT, "return_condition"), message, "missing-key")
    if not billed and failures.missing_value is not None:
        message = f'{KEY}.missing_value has a meaning only where return_condition is "stipulated_loss"'
        yield Breach((*AT, "missing_value"), message, key=True)
    replaces = lease.triple_net and not lease.hell_or_high_water and not billed
    is_usual = failures.replacement_lag == Failures.model_fields["replacement_lag"].default
    if not is_usual and not failures.warranty and not replaces:
        message = (
            f"{KEY}.replacement_lag: nothing is replaced with a lag; it belongs to {KEY}.warranty, or to "
            "a triple-net lease whose rent abates"
        )
        yield Breach((*AT, "replacement_lag"), message)


def check_casualty(tables: Tables) -> Iterator[Breach]:
    """What is said of an insurance acts."""
    fleet, lease = tables.take("fleet", Fleet), tables.take("lease", Lease)
    casualty, at = fleet.casualty if fleet else None, ("fleet", "casualty")
    if casualty is None:
        return
    for name in casualty.model_fields_set.intersection(casualty.idle):
        message = f"fleet.casualty.{name} has a meaning only where fleet.casualty.insured is true"
        yield Breach((*at, name), message, key=True)
    if casualty.book_life is not None and casualty.insured and lease and lease.early_termination:
        message = (
            "fleet.casualty.book_life: the units are insured for the stipulated loss values of "
            "lease.early_termination"
        )
        yield Breach((*at, "book_life"), message, key=True)


def check_ramp(tables: Tables) -> Iterator[Breach]:
    """A ramp lies inside the term and leaves level rents level; a unit of the rate needs a rate."""
    lease = tables.take("lease", Lease)
    if lease is None:
        return
    if lease.ramp and lease.implicit_rate is not None:
        message = "lease.ramp: lease.implicit_rate stands for level rents, which a ramp would change"
        yield Breach(("lease", "ramp"), message, help="say the rent by lease.rate or lease.rate_factor")
    if len(lease.ramp) > lease.term:
        message = f"lease.ramp: {len(lease.ramp)} months exceed the lease of {lease.term} months"
        yield Breach(("lease", "ramp"), message, "range")
    if lease.rate_per != "unit" and lease.rate is None:
        yield Breach(("lease", "rate_per"), "lease.rate_per has a meaning only with lease.rate", key=True)


FLEET_RULES = (check_generations, check_deposits, check_failures, check_casualty, check_ramp)
