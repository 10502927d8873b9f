"""Rules of the credit table: an engine with all it needs and nothing else, and one measure throughout."""

from __future__ import annotations

from collections.abc import Iterator

from spv_sim.scenario.checks import Breach, Tables
from spv_sim.scenario.credit import Credit
from spv_sim.scenario.credit_engines import BlackCox
from spv_sim.scenario.credit_quotes import DEFAULT, MEASURE_OF, Bond, Rating, in_order
from spv_sim.scenario.grid import Grid
from spv_sim.scenario.lease import Lease
from spv_sim.scenario.locate import Path

HALF_YEAR = 6
ROW_ROUNDING = 1e-4
"""What published percentages of two digits may lack or exceed in a row [1]."""

SHOCKED = ("hazard", "cir")
"""Engines that regulatory shocks may act on."""


def check_credit(tables: Tables) -> Iterator[Breach]:
    """A scheduled default falls inside the lease; engine, quotes and measure fit together."""
    credit, grid, lease = (
        tables.take("credit", Credit),
        tables.take("grid", Grid),
        tables.take("lease", Lease),
    )
    if credit is None:
        return
    if credit.default_month is not None:
        if grid and lease:
            first = 1 if credit.draw_stop and grid.period == 1 else grid.construction + 1
            yield from _check_schedule(credit.default_month, first, grid.construction + lease.term)
        if credit.engine != "hazard":
            message = f'credit.engine: the default is scheduled, so that "{credit.engine}" has no effect'
            yield Breach(("credit", "engine"), message, None)
        return
    yield from _check_engine(credit)
    yield from _check_quotes(credit)
    yield from _check_measure(credit)


def _check_schedule(month: int, first: int, last: int) -> Iterator[Breach]:
    if not first <= month <= last:
        message = f"credit.default_month: month {month} is outside the lease, months {first} to {last}"
        yield Breach(("credit", "default_month"), message, "range")


def _check_engine(credit: Credit) -> Iterator[Breach]:
    for engine, table in (("black_cox", credit.black_cox), ("cir", credit.cir)):
        if credit.engine == engine and table is None:
            message = f'credit.engine: "{engine}" needs a table [credit.{engine}]'
            yield Breach(("credit", "engine"), message, "missing-table")
        elif credit.engine != engine and table is not None:
            message = f'credit.{engine}: has no effect with the engine "{credit.engine}"'
            code = "rule" if engine == "black_cox" else None
            advice = f'write credit.engine = "{engine}"' if code else None
            yield Breach(("credit", engine), message, code, help=advice, key=bool(code))
    if credit.engine == "black_cox" and credit.black_cox is not None:
        yield from _check_black_cox(credit.black_cox)
    if credit.regulatory is not None and credit.engine not in SHOCKED:
        message = f'credit.regulatory: shocks raise a hazard, which the engine "{credit.engine}" has not'
        advice = 'use the engine "hazard" or "cir", or remove the table'
        yield Breach(("credit", "regulatory"), message, help=advice, key=True)
    cir = credit.cir
    if credit.engine == "cir" and cir is not None:
        speed = 12 * 0.6931471805599453 / cir.half_life
        if 2 * speed * cir.level <= cir.volatility**2:
            message = (
                "credit.cir: the intensity can reach 0, as volatility^2 is not below 2 speed level (Feller)"
            )
            yield Breach(("credit", "cir"), message, None)


def _check_black_cox(table: BlackCox) -> Iterator[Breach]:
    assets = ("asset_value", "barrier", "asset_growth", "barrier_growth")
    log = ("distance", "distance_drift")
    said = [name for name in (*assets, *log) if getattr(table, name) is not None]
    by_assets, by_log = [name for name in said if name in assets], [name for name in said if name in log]
    at = ("credit", "black_cox")
    if by_assets and by_log:
        message = f"credit.black_cox.{by_log[0]} and credit.black_cox.{by_assets[0]} exclude each other"
        yield Breach((*at, by_log[0]), message, "exactly-one", key=True)
        return
    wanted = log if by_log else assets
    missing = [name for name in wanted if name not in said]
    if missing:
        message = f"credit.black_cox needs {', '.join(missing)}"
        advice = f"give {', '.join(assets)}; or {' and '.join(log)}"
        yield Breach(at, message, "missing-key", help=advice)
    elif table.asset_value is not None and table.barrier is not None and table.asset_value <= table.barrier:
        message = "credit.black_cox.barrier: is not below the asset value; the lessee is in default at once"
        yield Breach((*at, "barrier"), message, "range")


def _check_quotes(credit: Credit) -> Iterator[Breach]:
    quotes = credit.quotes
    if quotes is None:
        return
    wanted = MEASURE_OF[quotes.kind]
    if credit.measure != wanted:
        message = f'credit.measure: quotes of kind "{quotes.kind}" speak under {wanted}'
        advice = f'write measure = "{wanted}"; use_measure and risk_premium convert to the other one'
        yield Breach(("credit", "measure"), message, help=advice)
    if isinstance(quotes, Bond) and quotes.maturity % HALF_YEAR:
        message = f"credit.quotes.maturity: {quotes.maturity} months are not whole half-years"
        yield Breach(("credit", "quotes", "maturity"), message)
    if isinstance(quotes, Rating):
        yield from _check_rating(quotes)
    for table in ("spreads", "defaults"):
        tenors = [tenor for tenor, _ in in_order(getattr(quotes, table, {}))]
        if len(set(tenors)) < len(tenors):
            message = f"credit.quotes.{table}: a tenor is given twice"
            yield Breach(("credit", "quotes", table), message, key=True)


def _check_rating(rating: Rating) -> Iterator[Breach]:
    at: Path = ("credit", "quotes", "transitions")
    if rating.initial not in rating.transitions:
        message = f"credit.quotes.initial: {rating.initial} is not a row of the matrix"
        yield Breach(("credit", "quotes", "initial"), message)
    for name, row in rating.transitions.items():
        unknown = [state for state in row if state not in (*rating.transitions, DEFAULT)]
        if name == DEFAULT or unknown:
            why = "is final and has no row" if name == DEFAULT else f"leads to {unknown[0]}, which has no row"
            yield Breach((*at, name), f"credit.quotes.transitions.{name}: {why}", key=True)
        elif abs(sum(row.values()) - 1) > ROW_ROUNDING:
            message = f"credit.quotes.transitions.{name}: adds to {sum(row.values()):.4%}, not to 100 %"
            yield Breach((*at, name), message)


def _check_measure(credit: Credit) -> Iterator[Breach]:
    converts = credit.use_measure not in (None, credit.measure)
    if converts and credit.engine == "black_cox":
        message = "credit.use_measure: a risk premium converts a hazard; the engine black_cox has a drift"
        yield Breach(("credit", "use_measure"), message)
    elif converts and credit.risk_premium is None:
        message = f"credit.use_measure: {credit.measure} to {credit.use_measure} needs credit.risk_premium"
        yield Breach(("credit", "use_measure"), message, "missing-key")
    elif converts:
        what = "divided" if credit.use_measure == "P" else "multiplied"
        message = (
            f"credit.use_measure: hazards under {credit.measure} are {what} by the risk premium of "
            f"{credit.risk_premium:g} and used under {credit.use_measure}"
        )
        yield Breach(("credit", "use_measure"), message, None)
    elif credit.risk_premium is not None:
        message = f"credit.risk_premium: hazards are used under {credit.measure} as given; it has no effect"
        yield Breach(("credit", "risk_premium"), message, None)
    random = any(credit.hazard) or credit.quotes is not None or credit.black_cox is not None
    if credit.used_measure == "Q" and random:
        message = (
            "credit.measure: a hazard under Q includes a risk premium, so that losses and returns "
            "are not those to be expected in fact"
        )
        yield Breach(("credit", "measure"), message, None)
