"""What a solver may turn: one number of a scenario, or a factor on its hazard or on its resale prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spv_sim.analysis.solve.expand import Domain
from spv_sim.closing.market_terms import price_of_new_unit
from spv_sim.errors import Problem, UserError
from spv_sim.scenario.catalogue import NAME, Entry
from spv_sim.scenario.explain import find_entries, suggest_setting
from spv_sim.scenario.faults import suggest
from spv_sim.scenario.model import Scenario
from spv_sim.scenario.origins import list_values
from spv_sim.scenario.read import Loaded
from spv_sim.scenario.text import name_path
from spv_sim.scenario.units import MONEY, RATE, RATIO, SHARE, Kind
from spv_sim.scenario.vary import HAZARD_MULTIPLE, RESIDUAL_HAIRCUT, SPECIAL

HIGHEST_HAZARD = 100.0
"""Bound of credit.hazard [1/year]."""


@dataclass(frozen=True)
class Knob:
    """A number that is varied.

    Parameters
    ----------
    key : the setting, or one of `SPECIAL`.
    title : the market's term.
    kind : how its value is written.
    domain : where it may lie [stored unit].
    start : its value in the scenario, or a guess where the scenario is silent.
    is_set : whether the scenario says the value.
    overrides : value to the settings that say it.
    """

    key: str
    title: str
    kind: Kind
    domain: Domain
    start: float
    is_set: bool
    overrides: Callable[[float], Mapping[str, object]]


def knob(loaded: Loaded, key: str, place: str) -> Knob:
    """The number that a key names.

    Parameters
    ----------
    key : of a setting, the user's names in it optional where there is one; or one of `SPECIAL`.
    place : the words of the command line, where a fault is shown.

    Raises
    ------
    UserError : an unknown key, or a setting that is not a number with room between its values.
    """
    if key == HAZARD_MULTIPLE:
        return hazard_multiple(loaded, place)
    if key == RESIDUAL_HAIRCUT:
        return residual_haircut(loaded)
    entry = known_entry(key, place)
    if entry.unit is None or entry.unit.kind.whole or type(entry.unit).__name__ != "Unit":
        raise UserError(not_a_number(entry, place))
    full = name_in_full(loaded.scenario, entry, key, place)
    values = {name_path(path): value for path, _, value in list_values(loaded.scenario)}
    said = values.get(full)
    if isinstance(said, tuple):
        said = said[0] if len(said) == 1 else None
        if said is None:
            raise UserError(not_a_number(entry, place))
    domain = domain_of(entry)
    kind = entry.unit.kind
    return Knob(
        full,
        entry.title,
        kind,
        domain,
        float(said) if said is not None else guess(domain),
        said is not None,
        lambda value: {full: kind.format(value)},
    )


def known_entry(key: str, place: str) -> Entry:
    """The setting that a key names.

    Raises
    ------
    UserError : located at `place`, where there is none.
    """
    entries = find_entries(key)
    if not entries:
        near = suggest(key, SPECIAL) or suggest_setting(key)
        help = (
            f"did you mean `{near}`?" if near else "`spv-sim explain capital` lists the settings of a table"
        )
        raise UserError(Problem("unknown-key", f"{key} is not a setting", file=place, help=help))
    return entries[0]


def domain_of(entry: Entry) -> Domain:
    """The range of a setting as the schema bounds it."""
    limits = entry.limits
    plain = Domain()
    low = [(limits[mark], mark == "ge") for mark in ("ge", "gt") if mark in limits]
    high = [(limits[mark], mark == "le") for mark in ("le", "lt") if mark in limits]
    # The tighter bound of two; of equals, the one that leaves its end outside.
    least, has_low = max(low, key=lambda end: (end[0], not end[1]), default=(plain.low, False))
    most, has_high = min(high, key=lambda end: (end[0], end[1]), default=(plain.high, False))
    return Domain(least, most, has_low, has_high)


def guess(domain: Domain) -> float:
    """A place to start from within a domain."""
    if domain.low > -float("inf") and domain.high < float("inf"):
        return (domain.low + domain.high) / 2
    return domain.low + 1.0 if domain.low > -float("inf") else min(domain.high - 1.0, 0.0)


def name_in_full(scenario: Scenario, entry: Entry, key: str, place: str) -> str:
    """The key with the names that the user gave his tables: those written, or the only ones there are."""
    pattern, written = entry.key.split("."), key.split(".")
    names_left_out = len(pattern) > len(written)
    parts: list[str] = []
    node: object = scenario
    for depth, word in enumerate(pattern):
        if word != NAME:
            node = getattr(node, word, None)
            parts.append(word)
            continue
        known = list(node) if isinstance(node, dict) else []
        name = known[0] if names_left_out and len(known) == 1 else "" if names_left_out else written[depth]
        if name == NAME and len(known) == 1:
            name = known[0]
        if not isinstance(node, dict) or name not in node:
            table = ".".join(parts)
            near = suggest(name, known) or (known[0] if len(known) == 1 else "")
            help = f"did you mean `{near}`?" if near else f"known: {', '.join(known) or 'none'}"
            fault = f"{table}.{name}: the scenario has no such table" if name else f"{table}: which one?"
            raise UserError(Problem("unknown-key", fault, file=place, help=help))
        node = node[name]
        parts.append(name)
    return name_path(tuple(parts))


def not_a_number(entry: Entry, place: str) -> Problem:
    """Why a setting cannot be solved for."""
    key = entry.key
    if entry.unit is not None and entry.unit.kind.whole:
        message, help = f"{key} is a whole number, between whose values there is nothing to find", None
    elif key == "credit.hazard":
        message, help = f"{key} is a list, one rate for each year", f"vary `{HAZARD_MULTIPLE}` instead"
    else:
        message, help = f"{key} is not a number", None
    return Problem("not-a-number", message, file=place, help=help)


def hazard_multiple(loaded: Loaded, place: str) -> Knob:
    """A factor on the lessee's hazard in every year.

    Raises
    ------
    UserError : where there is no hazard to multiply.
    """
    rates = loaded.scenario.credit.hazard
    if loaded.scenario.credit.default_month is not None or not any(rates):
        message = "the scenario has no hazard to multiply: credit.hazard is zero or the default is scheduled"
        raise UserError(Problem("no-hazard", message, file=place, help="give credit.hazard a rate"))

    def times(value: float) -> object:
        written = [RATE.format(value * rate) for rate in rates]
        return written if len(written) > 1 else written[0]

    return Knob(
        HAZARD_MULTIPLE,
        "Factor on the lessee's hazard",
        RATIO,
        Domain(0.0, HIGHEST_HAZARD / max(rates), True, False),
        1.0,
        True,
        lambda value: {"credit.hazard": times(value)},
    )


def residual_haircut(loaded: Loaded) -> Knob:
    """A share off every resale price; a negative one is a premium. The scrap value stays."""
    price = price_of_new_unit(loaded.scenario)
    return Knob(
        RESIDUAL_HAIRCUT,
        "Haircut on the resale price",
        SHARE,
        Domain(high=1.0),
        0.0,
        True,
        lambda value: {"gpu_price.new_price": MONEY.format((1 - value) * price)},
    )
