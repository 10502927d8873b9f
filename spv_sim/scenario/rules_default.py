"""Rules of what follows a default: outcomes that add up, a market to measure by, settings that act."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.capital import Capital
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.credit import Credit
from spv_sim.scenario.default_outcome import DefaultOutcome
from spv_sim.scenario.locate import Path

AT: Path = ("credit", "outcome")
ROUNDING = 1e-9
TIMES = {
    "cure_months": "reinstate",
    "default_interest": "reinstate",
    "stay_months": "assume",
    "administrative_rent_after": "assume",
    "negotiation_months": "renegotiate",
    "market_premium": "renegotiate",
}
"""Settings and the outcome that they belong to."""


def check_outcome(tables: Tables) -> Iterator[Breach]:
    """The outcomes are certain together, and each setting belongs to one that may happen."""
    credit = tables.take("credit", Credit)
    if credit is None:
        return
    said = credit.outcome
    if said.decided_by == "probabilities":
        yield from _check_chances(said)
    if ("renegotiate" in said.possible or said.decided_by == "rent") and tables.lacks("lease_rate"):
        message = "credit.outcome: a rent is measured by the market rate; it needs a table [lease_rate]"
        yield Breach(AT, message, "missing-table")
    yield from _check_effect(said)
    yield from _check_times(said, tables.take("capital", Capital))
    guarantor = credit.guarantor
    if guarantor and guarantor.correlation and not any(guarantor.hazard):
        message = "credit.guarantor.correlation: has no effect on a guarantor that cannot fail"
        yield Breach(("credit", "guarantor", "correlation"), message, None)


def _check_chances(said: DefaultOutcome) -> Iterator[Breach]:
    total = said.kept + (said.reject or 0.0)
    wrong = total > 1 + ROUNDING if said.reject is None else abs(total - 1) > ROUNDING
    if wrong:
        message = f"credit.outcome: the probabilities add to {total:.6g}, not to 1"
        advice = "leave credit.outcome.reject out; it is what is left" if total < 1 else "lower one of them"
        yield Breach(AT, message, "range", help=advice)


def _check_effect(said: DefaultOutcome) -> Iterator[Breach]:
    happens = said.possible
    for name in said.model_fields_set:
        if name in said.idle:
            message = f'credit.outcome.{name}: has no effect where decided_by is "{said.decided_by}"'
            yield Breach((*AT, name), message, key=True)
        elif name in TIMES and TIMES[name] not in happens:
            message = f"credit.outcome.{name}: has no effect, as no lease ends up under `{TIMES[name]}`"
            yield Breach((*AT, name), message, None)


def _check_times(said: DefaultOutcome, capital: Capital | None) -> Iterator[Breach]:
    """What the debt makes of a default that lasts longer than its grace."""
    happens = said.possible
    if "assume" in happens and said.administrative_rent_after >= said.stay_months:
        message = "credit.outcome.administrative_rent_after: no rent is paid before the lease is assumed"
        yield Breach((*AT, "administrative_rent_after"), message, None)
    if capital is None or not capital.tranche:
        return
    senior = min(capital.tranche.values(), key=lambda tranche: tranche.rank)
    grace = senior.grace * senior.payment_every
    for name in ("cure_months", "stay_months", "negotiation_months"):
        months = getattr(said, name)
        if TIMES[name] in happens and months > grace:
            message = (
                f"credit.outcome.{name}: {months} months exceed the grace of {grace}, so that an event of "
                "default of the debt comes before the cure"
            )
            yield Breach((*AT, name), message, None)
