"""Rules within a tranche: what its coupon, its profile, its dates and its reserve ask of one another."""

from __future__ import annotations

import math
from collections.abc import Iterator

from spv_sim.scenario.capital import Capital, Tranche
from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.grid import MONTHS_A_YEAR, Grid
from spv_sim.scenario.locate import Path
from spv_sim.scenario.monte_carlo import MonteCarlo
from spv_sim.scenario.rates import Rates
from spv_sim.scenario.rules_deal import lease_length, months_let_again

SUM_TOLERANCE = 1e-9
FLOATING = ("margin", "floor", "hedge_share", "cap_rate")
TERMS = {"term_1m": 1, "term_3m": 3}
"""Months for which a term rate is set."""
PROFILES = {
    "balloon": ("level", "straight_line"),
    "repayment": ("custom",),
    "scheduled_share": ("scheduled_share",),
    "negative_amortisation": ("sculpted",),
}
"""Settings that have a meaning only with some kinds of amortisation."""
NEEDS = {"sculpted": "target_dscr", "custom": "repayment", "scheduled_share": "scheduled_share"}
"""What a kind of amortisation cannot do without."""


def check_tranches(tables: Tables) -> Iterator[Breach]:
    """Each tranche says one rate, a whole profile, and dates inside the deal."""
    capital = tables.take("capital", Capital)
    length, let_again = lease_length(tables), months_let_again(tables)
    for name, tranche in capital.tranche.items() if capital else ():
        at: Path = ("capital", "tranche", name)
        yield from _check_interest(at, tranche)
        yield from _check_curve(at, tranche, tables)
        yield from _check_profile(at, tranche)
        yield from _check_case(at, tranche, tables.take("monte_carlo", MonteCarlo))
        yield from _check_dates(at, tranche, length, let_again, tables.take("grid", Grid))
        yield from _check_reserve(at, tranche)


def _say(at: Path, name: str = "") -> str:
    return ".".join((*map(str, at), name)).rstrip(".")


def _is_said(tranche: Tranche, name: str) -> bool:
    """Whether a setting says something else than its default."""
    return bool(getattr(tranche, name) != Tranche.model_fields[name].default)


def _check_interest(at: Path, tranche: Tranche) -> Iterator[Breach]:
    if tranche.base_rate is not None and tranche.coupon is not None:
        message = f"{_say(at, 'base_rate')} and {_say(at, 'coupon')} exclude each other; keep one"
        yield Breach((*at, "base_rate"), message, "exactly-one", key=True)
    elif tranche.base_rate is None and tranche.coupon is None:
        message = f"{_say(at)} needs one of coupon, base_rate"
        yield Breach((*at, "coupon"), message, "missing-key", help='add `coupon = "9.5 %"`')
    if tranche.base_rate is None:
        for name in FLOATING:
            if _is_said(tranche, name):
                message = f"{_say(at, name)} has a meaning only with a floating base_rate"
                yield Breach((*at, name), message, key=True)
        return
    if tranche.margin is None:
        message = f"{_say(at, 'margin')} is required with base_rate"
        yield Breach((*at, "margin"), message, "missing-key", help='add `margin = "225 bps"`')
    if tranche.cap_rate is not None and tranche.hedge_share == 0:
        message = f"{_say(at, 'cap_rate')} has a meaning only with a hedge_share"
        yield Breach((*at, "cap_rate"), message, key=True, help='add `hedge_share = "75 %"`')
    length, every = TERMS.get(tranche.base_rate), tranche.payment_every
    if every == MONTHS_A_YEAR:
        message = f"{_say(at, 'base_rate')}: base rates are of 1 or 3 months, and the debt pays once a year"
        yield Breach((*at, "base_rate"), message, key=True, help="give it a coupon")
    elif length and every in TERMS.values() and every != length:
        message = (
            f"{_say(at, 'base_rate')}: a term rate of {length} month{'s' if length > 1 else ''} goes with "
            f"payments as often, and {_say(at, 'payment_every')} is {every}"
        )
        yield Breach((*at, "base_rate"), message, help=f'or base_rate = "{_term(tranche)}" or "compounded"')


def _term(tranche: Tranche) -> str:
    """Term rate of the payment period."""
    return next(name for name, length in TERMS.items() if length == tranche.payment_every)


def _check_case(at: Path, tranche: Tranche, numbers: MonteCarlo | None) -> Iterator[Breach]:
    if tranche.sizing_case == "base":
        return
    if tranche.target_dscr is None:
        yield Breach(
            (*at, "sizing_case"), f"{_say(at, 'sizing_case')} has a meaning only with target_dscr", key=True
        )
    elif numbers and numbers.seed == numbers.pilot_seed:
        message = f"{_say(at, 'sizing_case')}: the pilot paths must not be those of the run"
        help = "set monte_carlo.pilot_seed to another number than the seed"
        yield Breach((*at, "sizing_case"), message, help=help)


def _check_curve(at: Path, tranche: Tranche, tables: Tables) -> Iterator[Breach]:
    if tranche.base_rate is None:
        return
    if tables.lacks("rates"):
        message = f"{_say(at, 'base_rate')} needs a table [rates], the curve that it floats on"
        yield Breach((*at, "base_rate"), message, "missing-table")
    rates, grid = tables.take("rates", Rates), tables.take("grid", Grid)
    if tranche.floor is None or rates is None or grid is None or list(rates.curve.faults()):
        return
    highest = rates.curve.highest_forward(grid.construction, grid.construction + tranche.tenor)
    if tranche.floor > highest:
        message = (
            f"{_say(at, 'floor')}: {tranche.floor:.2%} lies above the forward rates until maturity, of which "
            f"the highest is {highest:.2%}, so that in the base case the coupon is fixed"
        )
        yield Breach((*at, "floor"), message, None)


def _check_profile(at: Path, tranche: Tranche) -> Iterator[Breach]:
    kind = tranche.amortisation
    for name, kinds in PROFILES.items():
        if _is_said(tranche, name) and kind not in kinds:
            message = f"{_say(at, name)} has a meaning only with amortisation = {' or '.join(kinds)}"
            yield Breach((*at, name), message, key=True)
    needed = NEEDS.get(kind)
    if needed and getattr(tranche, needed) is None:
        message = f'{_say(at, needed)} is required with amortisation = "{kind}"'
        yield Breach((*at, needed), message, "missing-key")
    if kind == "custom" and tranche.repayment is not None:
        total, dates = sum(tranche.repayment), tranche.tenor // max(tranche.payment_every, 1)
        key = _say(at, "repayment")
        if len(tranche.repayment) != dates:
            message = f"{key}: {len(tranche.repayment)} shares for {dates} debt dates"
            yield Breach((*at, "repayment"), message)
        elif abs(total - 1) > SUM_TOLERANCE:
            yield Breach((*at, "repayment"), f"{key}: the shares sum to {total:.4%} and not to 100 %")
    if tranche.scheduled_share and tranche.scheduled_share * tranche.tenor > 1 + SUM_TOLERANCE:
        month = math.ceil(1 / tranche.scheduled_share)
        message = f"{_say(at, 'scheduled_share')}: the tranche is repaid in month {month} of {tranche.tenor}"
        yield Breach((*at, "scheduled_share"), message, None)


def _check_dates(
    at: Path, tranche: Tranche, length: int | None, let_again: int, grid: Grid | None
) -> Iterator[Breach]:
    tenor = f"{_say(at, 'tenor')}: {tranche.tenor} months"
    if length is not None and tranche.tenor > length + let_again:
        message = f"{tenor} outlast the lease of {length} months"
        if let_again:
            message += f" and the re-letting of {let_again}"
        advice = "shorten the tenor, or lengthen lease.term or lease.end_of_term.re_let"
        yield Breach((*at, "tenor"), message, help=advice)
    if tranche.payment_every > 0 and tranche.tenor % tranche.payment_every:
        message = f"{tenor} are not a whole number of debt periods of {tranche.payment_every}"
        yield Breach((*at, "tenor"), message)
    if grid and tranche.availability is not None and tranche.availability > grid.construction:
        last, maturity = grid.construction, grid.construction + tranche.tenor
        limit = f"its maturity, month {maturity}" if tranche.availability > maturity else f"COD, month {last}"
        message = f"{_say(at, 'availability')}: month {tranche.availability} lies after {limit}"
        yield Breach((*at, "availability"), message, "range", help="draws end at COD at the latest")


def _check_reserve(at: Path, tranche: Tranche) -> Iterator[Breach]:
    if tranche.dsra > tranche.tenor:
        message = f"{_say(at, 'dsra')}: {tranche.dsra} months exceed the tenor of {tranche.tenor} months"
        yield Breach((*at, "dsra"), message)
    if tranche.dsra == 0 and _is_said(tranche, "dsra_kind"):
        message = f"{_say(at, 'dsra_kind')} has a meaning only with dsra"
        yield Breach((*at, "dsra_kind"), message, key=True)
    for name in ("letter_of_credit_fee", "letter_of_credit_margin"):
        if tranche.dsra_kind != "letter_of_credit" and _is_said(tranche, name):
            message = f'{_say(at, name)} has a meaning only with dsra_kind = "letter_of_credit"'
            yield Breach((*at, name), message, key=True)
    if tranche.target_dscr and tranche.lock_up_dscr and tranche.lock_up_dscr > tranche.target_dscr:
        message = (
            f"{_say(at, 'lock_up_dscr')}: {tranche.lock_up_dscr:g}x lies above the target of "
            f"{tranche.target_dscr:g}x, so that the base case itself may be locked up"
        )
        yield Breach((*at, "lock_up_dscr"), message, None)
    if tranche.dsra and (tranche.amortisation in ("bullet", "scheduled_share") or tranche.balloon):
        message = (
            f"{_say(at, 'dsra')}: in its last {tranche.dsra} months the reserve covers what is due "
            "at maturity too"
        )
        yield Breach((*at, "dsra"), message, None)
