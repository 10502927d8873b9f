"""Rules of a refinancing: one coupon, a rate to add spreads to, dates inside loan and lease."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.capital import Capital, Tranche
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.credit import Credit
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.locate import Path
from spv_sim.scenario.refinancing import Refinance
from spv_sim.scenario.rules_deal import lease_length, months_let_again


def check_refinancing(tables: Tables) -> Iterator[Breach]:
    """At most one tranche is refinanced, on a debt date, by a loan whose coupon and end are known."""
    capital = tables.take("capital", Capital)
    first = ""
    for name, tranche in capital.tranche.items() if capital else ():
        said = tranche.refinance
        if capital is None or said is None:
            continue
        at: Path = ("capital", "tranche", name, "refinance")
        if first:
            message = f"{_key(at)}: capital.tranche.{first} is refinanced already; one tranche may be"
            yield Breach(at, message, "unsupported", key=True)
            continue
        first = name
        yield from _check_coupon(at, said, tables)
        yield from _check_dates(at, said, tranche, tables)
        yield from _check_parts(at, said, tranche)
        yield from _check_company(at, tranche, capital)
        yield from _check_hazard(at, said, tables.take("credit", Credit))


def _key(at: Path, name: str = "") -> str:
    return ".".join((*map(str, at), name)).rstrip(".")


def _check_coupon(at: Path, said: Refinance, tables: Tables) -> Iterator[Breach]:
    coupon, spread = _key(at, "coupon"), _key(at, "liquidity_spread")
    if said.coupon is not None and said.liquidity_spread is not None:
        yield Breach(
            (*at, "coupon"), f"{coupon} and {spread} exclude each other; keep one", "exactly-one", key=True
        )
    elif said.coupon is None and said.liquidity_spread is None:
        message = f"{_key(at)} needs one of coupon, liquidity_spread"
        yield Breach((*at, "coupon"), message, "missing-key", help='add `coupon = "8 %"`')
    if said.recovery_rate is not None and said.liquidity_spread is None:
        message = f"{_key(at, 'recovery_rate')} has a meaning only with liquidity_spread"
        yield Breach((*at, "recovery_rate"), message, key=True)
    needs_rate = said.liquidity_spread is not None or said.premium == "make_whole"
    if needs_rate and said.base_rate is None and tables.lacks("rates"):
        message = f"{_key(at)} needs a table [rates], or a base_rate of its own"
        yield Breach((*at, "base_rate"), message, "missing-table")
    if said.base_rate is not None and not needs_rate:
        message = f"{_key(at, 'base_rate')} has a meaning only with liquidity_spread or premium = make_whole"
        yield Breach((*at, "base_rate"), message, key=True)


def _check_dates(at: Path, said: Refinance, tranche: Tranche, tables: Tables) -> Iterator[Breach]:
    grid, length = tables.take("grid", Grid), lease_length(tables)
    every = tranche.payment_every
    if grid is None or every <= 0:
        return
    first, maturity = grid.construction + every, grid.construction + tranche.tenor
    month, key = said.month, _key(at, "month")
    if not first <= month <= maturity:
        message = f"{key}: month {month} is not one of the tranche's debt dates, months {first} to {maturity}"
        yield Breach((*at, "month"), message, "range")
        return
    if (month - grid.construction) % every:
        later = month + every - (month - grid.construction) % every
        message = f"{key}: month {month} lies between the debt dates, every {every} months from COD"
        yield Breach((*at, "month"), message, help=f"the next one is month {later}")
        return
    if length is None:
        return
    end = grid.construction + length
    if said.tenor is None:
        if end - month < every:
            message = f"{key}: no debt date of the lease, which ends in month {end}, is left for a new loan"
            yield Breach((*at, "month"), message, help="refinance earlier, or give the new loan a tenor")
        return
    tenor = f"{_key(at, 'tenor')}: {said.tenor} months"
    if said.tenor % every:
        yield Breach((*at, "tenor"), f"{tenor} are not a whole number of debt periods of {every}")
    if month + said.tenor > end + months_let_again(tables):
        message = f"{tenor} from month {month} outlast the lease and its re-letting, which end in month {end}"
        yield Breach((*at, "tenor"), message, help="shorten the tenor, or lengthen lease.term")


def _check_parts(at: Path, said: Refinance, tranche: Tranche) -> Iterator[Breach]:
    bounded = said.max_ltv is not None or said.min_dscr is not None
    if said.haircut and said.max_ltv is None:
        message = f"{_key(at, 'haircut')} has a meaning only with max_ltv"
        yield Breach((*at, "haircut"), message, key=True)
    if said.cash_out and not bounded:
        message = f"{_key(at, 'cash_out')}: nothing limits the new loan"
        yield Breach((*at, "cash_out"), message, help="add max_ltv or min_dscr")
    whole = said.premium == "make_whole"
    if said.make_whole_spread != Refinance.model_fields["make_whole_spread"].default and not whole:
        message = f'{_key(at, "make_whole_spread")} has a meaning only with premium = "make_whole"'
        yield Breach((*at, "make_whole_spread"), message, key=True)
    if tranche.base_rate is not None:
        for name, value in (("premium", whole), ("exercise", said.exercise == "if_cheaper")):
            if value:
                message = f"{_key(at, name)}: what a floating loan has left to pay is not known in advance"
                yield Breach((*at, name), message, "unsupported", help="give the tranche a coupon")


def _check_company(at: Path, tranche: Tranche, capital: Capital) -> Iterator[Breach]:
    if tranche.hedge_share > 0:
        message = f"{_key(at)}: closing out a hedge on a refinancing is not simulated"
        yield Breach(at, message, "unsupported", "leave out hedge_share", key=True)
    if tranche.dsra_kind == "letter_of_credit":
        message = f"{_key(at)}: a letter of credit is not handed on to a new lender"
        yield Breach(at, message, "unsupported", 'use dsra_kind = "cash"', key=True)
    if capital.equity:
        message = f"{_key(at)}: what several classes of equity pay for a refinancing is not simulated"
        yield Breach(at, message, "unsupported", "leave out capital.equity", key=True)


def _check_hazard(at: Path, said: Refinance, credit: Credit | None) -> Iterator[Breach]:
    if said.recovery_rate is None or credit is None:
        return
    key = _key(at, "recovery_rate")
    if credit.default_month is not None:
        message = f"{key}: a scheduled default has no hazard that a lender could charge for"
        yield Breach((*at, "recovery_rate"), message, help="leave it out, or give credit a hazard")
        return
    if credit.used_measure == "P" and credit.risk_premium is None:
        message = (
            f"{key}: the hazard is one under P, so that the spread holds no premium for the risk; "
            "credit.risk_premium turns it into one under Q"
        )
        yield Breach((*at, "recovery_rate"), message, None)
    if credit.engine != "hazard" or credit.regulatory is not None:
        message = (
            f"{key}: the spread takes the average hazard of lessees that have survived, not that of the "
            "path's own state of credit"
        )
        yield Breach((*at, "recovery_rate"), message, None)
