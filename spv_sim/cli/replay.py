"""`spv-sim replay`: show every cash flow of one path, month by month, or find paths worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from spv_sim.cli.find import Search, as_level, print_worst, search_quantile, told_quantile
from spv_sim.cli.options import change_settings, other_seed
from spv_sim.errors import printable

if TYPE_CHECKING:
    from spv_sim.analysis.find_paths import QuantilePath
    from spv_sim.analysis.replay import Replay
    from spv_sim.closing.close import Closed
    from spv_sim.scenario.read import Loaded

SHOWN = (
    *("k", "rent", "sale", "claim", "costs_paid", "int_paid", "prin_paid"),
    *("dist", "dsra", "trap", "D", "dscr"),
)
IF_USED = {"maintenance": "trap", "working_capital": "dsra", "letter_loan": "D"}
"""Accounts and loans that only some deals have, each shown before another column."""

BETWEEN_VEHICLES = ("shared_out", "shared_in")
"""Columns of a vehicle that shares its cash with others, shown behind what its shareholders are paid."""

DEBT, DIST = ".debt", ".dist"
PAID = {"int_paid": ("interest_paid",), "prin_paid": ("principal_paid", "prepaid")}
"""Columns that all tranches share, and the rows of each that they sum."""

FLOATING = ("hedge_net", "swap_value", "coupon")
"""Columns of deals with floating or hedged debt."""

OWN_COLUMNS = 3
"""Tranches whose debt has a column of its own; of more, the first has one and all others another. As many
classes of equity have a column each of what they are paid."""

FAILS, IN_SHORT = ".fails", ".lock_up_dscr"
"""Ends of columns: whether a covenant fails; the name of one that `locked up` tells of, a tranche's level."""

CURES = {
    "cured_from_trap": "from the trap",
    "cured_from_cash": "from cash",
    "cured_by_equity": "by equity",
}
COVENANT_PREFIX = "covenant."
FLAGS = ("lessee_defaulted", "locked", "eod")
COUNTS = ("units", "failed", "replaced", "lost", "destroyed")
"""Columns that count units, where they fail or are destroyed."""
OUTCOMES = ("none", "reinstated", "assumed", "renegotiated", "rejected")
SECURITY = ("arrears", "support", "deposit", "insurance")
"""Columns of the table that a path has only after a default or a casualty, where they are not zero."""


@click.command("replay")
@click.argument("file", metavar="SCENARIO")
@click.argument("path", type=click.IntRange(0, 2**63), metavar="[PATH]", required=False)
@click.option(
    "worst", "--worst", type=click.IntRange(1, 100_000), metavar="N", help="List the N worst paths."
)
@click.option(
    "level", "--quantile", callback=as_level, metavar="SHARE", help="Show the path at a quantile, such as 5%."
)
@click.option("vehicle", "--spv", metavar="NAME", help="Which vehicle of a programme.")
@click.option("by", "--by", metavar="COLUMN", help="What ranks the paths; equity.npv if not said.")
@change_settings
@click.option("--paths", type=int, metavar="N", help="Number of paths searched, instead of the file's.")
@other_seed
@click.option("--keep", type=int, metavar="N", help="Paths up to which a quantile is found.")
@click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help="Threads of the search.")
@click.option("as_json", "--json", is_flag=True, help="Print all columns as JSON.")
def command(
    file: str,
    path: int | None,
    worst: int | None,
    level: float | None,
    vehicle: str | None,
    by: str | None,
    sets: tuple[str, ...],
    paths: int | None,
    seed: int | None,
    keep: int | None,
    workers: int | None,
    as_json: bool,
) -> int:
    """Show every cash flow of path PATH of a scenario, month by month, or find the path first.

    Path 0 is the first; a path is the same however many are run beside it. --worst lists paths by a column,
    --quantile shows the one at a quantile of it.
    """
    check_options(path, worst, level, by=by, paths=paths, keep=keep, workers=workers)
    from spv_sim.cli.numbers import as_options, read_with
    from spv_sim.run.deal import close_loaded

    loaded = read_with(file, sets, paths=paths, seed=seed, keep=keep)
    if loaded.vehicles or vehicle is not None:
        print_vehicle(loaded, vehicle, path, as_json)
        return 0
    closed = close_loaded(loaded)
    for warning in (*loaded.warnings, *closed.warnings):
        click.echo(printable(f"{file}: warning: {warning}"), err=True)
    search = Search(file, loaded.scenario.monte_carlo, by, workers, as_options(sets, seed=seed))
    if worst is not None:
        print_worst(closed, search, worst, as_json)
        return 0
    found = search_quantile(closed, search, level) if level is not None else None
    print_path(closed, found.path if found else path or 0, search.numbers.seed, found, as_json)
    return 0


def print_vehicle(loaded: Loaded, vehicle: str | None, path: int | None, as_json: bool) -> None:
    """A path of one vehicle of a programme.

    Raises
    ------
    UsageError : no such vehicle, or a search for paths.
    """
    names = ", ".join(loaded.vehicles)
    if not loaded.vehicles:
        raise click.UsageError("--spv goes with a programme: this scenario has no [spv.<name>] tables")
    if vehicle not in loaded.vehicles:
        raise click.UsageError(f"say which vehicle with --spv: {printable(names)}")
    if path is None:
        raise click.UsageError("of a programme, give PATH: --worst and --quantile search single deals")
    from spv_sim.analysis.programme import replay_vehicle
    from spv_sim.run.programme import close_loaded_programme

    programme = close_loaded_programme(loaded)
    replay = replay_vehicle(programme, vehicle, path, loaded.scenario.monte_carlo.seed)
    show_replay(programme.vehicles[vehicle], replay, as_json, title=f"{loaded.scenario.deal.name}: {vehicle}")


def check_options(path: int | None, worst: int | None, level: float | None, **search: object) -> None:
    """Refuse command lines that ask for nothing, for several things, or for what has no effect.

    Raises
    ------
    UsageError
    """
    if [path, worst, level].count(None) != 2:
        raise click.UsageError("give one of PATH, --worst and --quantile")
    if path is not None:
        for name, value in search.items():
            if value is not None:
                raise click.UsageError(f"--{name} goes with --worst or --quantile: PATH is not searched for")
    if worst is not None and search["keep"] is not None:
        raise click.UsageError("--keep goes with --quantile: --worst holds no more than N paths")


def print_path(closed: Closed, path: int, seed: int, found: QuantilePath | None, as_json: bool) -> None:
    """The path month by month, and how it was found."""
    from spv_sim.analysis.replay import replay_path

    show_replay(closed, replay_path(closed, path, seed), as_json, found)


def show_replay(
    closed: Closed,
    replay: Replay,
    as_json: bool,
    found: QuantilePath | None = None,
    title: str | None = None,
) -> None:
    """A replay as a table or as JSON."""
    if as_json:
        from spv_sim.store.document import document

        shown = as_document(closed, replay) | ({"found": vars(found)} if found else {})
        click.echo(document(shown).decode("ascii"), nl=False)
        return
    told = [told_quantile(found)] if found else []
    click.echo("\n".join([*told, *table(title or closed.scenario.deal.name, replay)]))


def as_document(closed: Closed, replay: Replay) -> dict[str, Any]:
    """The replay as plain data."""
    from spv_sim.analysis.replay import PHASES
    from spv_sim.closing.sheet import closing_sheet

    def plain(name: str, values: list[float]) -> list[Any]:
        if name == "k":
            return [int(value) for value in values]
        if name == "lease_phase":
            return [PHASES[int(value)] for value in values]
        if name == "outcome":
            return [OUTCOMES[int(value)] for value in values]
        if name.endswith(FAILS):
            return [None if value != value else value > 0 for value in values]
        return [value > 0 for value in values] if name in FLAGS else values

    return {
        "schema": "spv-sim/replay@1",
        "scenario": closed.scenario.deal.name,
        "path": replay.path,
        "seed": replay.seed,
        "closing": closing_sheet(closed),
        "columns": replay.columns,
        "months": {name: plain(name, values.tolist()) for name, values in replay.months.items()},
        "series": {name: values.tolist() for name, values in replay.series.items()},
    }


def shown_columns(replay: Replay) -> dict[str, list[float]]:
    """The columns of the table by heading; with several tranches, interest and principal of all of them."""
    months, names = replay.months, replay.tranches
    used = {before: name for name, before in IF_USED.items() if name in months}
    names_shown = [own for name in SHOWN for own in (used.get(name), name) if own]
    names_shown[2:2] = [name for name in SECURITY if name in months and months[name].any()]
    after = names_shown.index("dist") + 1
    names_shown[after:after] = [name for name in BETWEEN_VEHICLES if name in months]
    if len(replay.classes) <= OWN_COLUMNS:
        names_shown[after:after] = [f"{held}{DIST}" for held in replay.classes]
    shown = {name: months[name].tolist() for name in names_shown}
    dscr = {"dscr": shown.pop("dscr")}
    floating = {name: months[name].tolist() for name in FLOATING if name in months}
    if len(names) == 1:
        return shown | floating | dscr
    for column, paid in PAID.items():
        rows = (months[f"{name}.{row}"].tolist() for name in names for row in paid)
        shown[column] = [sum(flows) for flows in zip(*rows, strict=True)]
    if len(names) > OWN_COLUMNS:
        others = zip(*(months[f"{name}{DEBT}"].tolist() for name in names[1:]), strict=True)
        owed = {f"{names[0]}{DEBT}": months["D"].tolist(), f"others{DEBT}": [sum(debts) for debts in others]}
    else:
        owed = {f"{name}{DEBT}": months[f"{name}{DEBT}"].tolist() for name in names}
    del shown["D"]
    return shown | owed | floating | dscr


def lessee_words(months: dict[str, Any], row: int) -> list[str]:
    """What has become of a lessee in default and of its lease by the month."""
    from spv_sim.analysis.replay import PHASES

    if months["lessee_defaulted"][row] <= 0:
        return []
    if phase := int(months["lease_phase"][row]):
        return [f"lessee in default: {PHASES[phase]}"]
    return ["lessee cured" if months["outcome"][row] > 0 else "lessee in default on no lease"]


def heading(column: str) -> str:
    """Heading of a column of the table: the name alone of a tranche's debt and of a class's distributions."""
    return "month" if column == "k" else printable(column.removesuffix(DEBT).removesuffix(DIST))[:10]


def failure(column: str, replay: Replay, row: int) -> str:
    """A covenant that fails, with what is measured and its level: `cover 1.12 against 1.15`."""
    holder = column.removesuffix(FAILS)
    measured, level = (float(replay.months[f"{holder}.{part}"][row]) for part in ("measured", "level"))
    name = printable(holder.removeprefix(COVENANT_PREFIX))
    return f"{name} {measured:.4g} against {level:.4g}"


def cures(replay: Replay, row: int) -> list[str]:
    """What was prepaid in the month so that a covenant holds, such as `value cured with 12.3 from cash`."""
    told = []
    for column, values in replay.months.items():
        holder, _, part = column.rpartition(".")
        if part in CURES and values[row] > 0:
            name = printable(holder.removeprefix(COVENANT_PREFIX))
            told.append(f"{name} cured with {values[row] / 1e6:,.2f} {CURES[part]}")
    return told


def table(name: str, replay: Replay) -> list[str]:
    """The replay as lines: amounts in m USD, marks for default, lock-up and event of default."""
    months, shown = replay.months, shown_columns(replay)
    counts = [column for column in COUNTS if column in months]
    amounts = [values for column, values in shown.items() if column not in ("k", "dscr", "coupon")]
    lines = [
        printable(f"{name} · path {replay.path} · seed {replay.seed} · m USD"),
        "".join(f"{heading(column):>{6 if column == 'k' else 11}}" for column in (*shown, *counts)),
    ]
    failing = [name for name in months if name.endswith(FAILS) and not name.endswith(IN_SHORT + FAILS)]
    for row in range(len(months["k"])):
        cells = [f"{months['k'][row]:>6.0f}"]
        cells += [f"{values[row] / 1e6:>11,.2f}" for values in amounts]
        if "coupon" in shown:
            cells.append(f"{100 * months['coupon'][row]:>9.3f} %")
        dscr = months["dscr"][row]
        cells.append(f"{dscr:>11.3f}" if dscr == dscr else f"{'':>11}")
        cells += [f"{months[column][row]:>11,.0f}" for column in counts]
        marks = {"locked": "locked up", "eod": "event of default"}
        told = [*lessee_words(months, row), *(text for flag, text in marks.items() if months[flag][row] > 0)]
        told += cures(replay, row)
        told += [failure(name, replay, row) for name in failing if months[name][row] > 0]
        lines.append("".join(cells) + (f"  {', '.join(told)}" if told else ""))
    lines.append("")
    lines += [f"{printable(column):<34}{value:>20,.6g}" for column, value in replay.columns.items()]
    return lines
