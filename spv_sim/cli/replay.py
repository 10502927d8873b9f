"""`spv-sim replay`: show every cash flow of one path, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from spv_sim.errors import printable

if TYPE_CHECKING:
    from spv_sim.analysis.replay import Replay
    from spv_sim.closing.close import Closed

SHOWN = (
    *("k", "rent", "sale", "claim", "costs_paid", "int_paid", "prin_paid"),
    *("dist", "dsra", "trap", "D", "dscr"),
)
DEBT = ".debt"
OWN_COLUMNS = 3
"""Tranches whose debt has a column of its own; of more, the first has one and all others another."""

FLAGS = ("lessee_defaulted", "locked", "eod")


@click.command("replay")
@click.argument("file", metavar="SCENARIO")
@click.argument("path", type=click.IntRange(0, 2**63), metavar="PATH")
@click.option(
    "sets", "--set", multiple=True, metavar="KEY=VALUE", help="Change one setting; may be repeated."
)
@click.option("--seed", type=int, metavar="N", help="Seed, instead of the file's.")
@click.option("as_json", "--json", is_flag=True, help="Print all columns as JSON.")
def command(file: str, path: int, sets: tuple[str, ...], seed: int | None, as_json: bool) -> int:
    """Show every cash flow of path PATH of a scenario, month by month.

    Path 0 is the first; a path is the same however many are run beside it.
    """
    from spv_sim.analysis.replay import replay_path
    from spv_sim.cli.numbers import read_with
    from spv_sim.run import close_loaded

    loaded = read_with(file, sets, seed=seed)
    closed = close_loaded(loaded)
    for warning in (*loaded.warnings, *closed.warnings):
        click.echo(printable(f"{file}: warning: {warning}"), err=True)
    replay = replay_path(closed, path, loaded.scenario.monte_carlo.seed)
    if as_json:
        from spv_sim.store.document import document

        click.echo(document(as_document(closed, replay)).decode("ascii"), nl=False)
    else:
        click.echo("\n".join(table(loaded.scenario.deal.name, replay)))
    return 0


def as_document(closed: Closed, replay: Replay) -> dict[str, Any]:
    """The replay as plain data."""
    from spv_sim.closing.sheet import closing_sheet

    def plain(name: str, values: list[float]) -> list[Any]:
        if name == "k":
            return [int(value) for value in values]
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
    shown = {name: months[name].tolist() for name in SHOWN}
    if len(names) == 1:
        return shown
    for heading, row in (("int_paid", "interest_paid"), ("prin_paid", "principal_paid")):
        shown[heading] = [
            sum(paid) for paid in zip(*(months[f"{name}.{row}"] for name in names), strict=True)
        ]
    if len(names) > OWN_COLUMNS:
        owed = {f"{names[0]}{DEBT}": months["D"].tolist(), f"others{DEBT}": months["Q"].tolist()}
    else:
        owed = {f"{name}{DEBT}": months[f"{name}{DEBT}"].tolist() for name in names}
    dscr = shown.pop("dscr")
    del shown["D"]
    return shown | owed | {"dscr": dscr}


def heading(column: str) -> str:
    """Heading of a column of the table: of a tranche's debt, the tranche's name."""
    return "month" if column == "k" else printable(column.removesuffix(DEBT))[:10]


def table(name: str, replay: Replay) -> list[str]:
    """The replay as lines: amounts in m USD, marks for default, lock-up and event of default."""
    months, shown = replay.months, shown_columns(replay)
    amounts = [values for column, values in shown.items() if column not in ("k", "dscr")]
    lines = [
        printable(f"{name} · path {replay.path} · seed {replay.seed} · m USD"),
        "".join(f"{heading(column):>{6 if column == 'k' else 11}}" for column in shown),
    ]
    for row in range(len(months["k"])):
        cells = [f"{months['k'][row]:>6.0f}"]
        cells += [f"{values[row] / 1e6:>11,.2f}" for values in amounts]
        dscr = months["dscr"][row]
        cells.append(f"{dscr:>11.3f}" if dscr == dscr else f"{'':>11}")
        marks = {"lessee_defaulted": "lessee in default", "locked": "locked up", "eod": "event of default"}
        told = ", ".join(text for flag, text in marks.items() if months[flag][row] > 0)
        lines.append("".join(cells) + (f"  {told}" if told else ""))
    lines.append("")
    lines += [f"{printable(column):<34}{value:>20,.6g}" for column, value in replay.columns.items()]
    return lines
