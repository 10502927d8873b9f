"""What `spv-sim replay` asks and prints when it finds paths: the worst, or the one at a quantile."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from spv_sim.errors import printable

if TYPE_CHECKING:
    from spv_sim.analysis.find_paths import QuantilePath, Report, WorstPaths
    from spv_sim.closing.close import Closed
    from spv_sim.scenario.monte_carlo import MonteCarlo


@dataclass(frozen=True)
class Search:
    """Where to look.

    file : the scenario, as the user named it.
    by : column that ranks the paths; None for the usual one.
    words : of a command line that replays one of the paths.
    """

    file: str
    numbers: MonteCarlo
    by: str | None
    workers: int | None
    words: Sequence[str]

    def command(self, path: int | str) -> list[str]:
        """Command line that replays a path."""
        return ["spv-sim", "replay", self.file, str(path), *self.words]


def as_level(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    """Read a level such as `5%` or `0.05`."""
    if text is None:
        return None
    from spv_sim.scenario.units import SHARE, UnitError

    try:
        level = float(SHARE.parse(text))
    except UnitError as fault:
        raise click.BadParameter(str(fault), ctx, param) from fault
    if not 0.0 <= level <= 1.0:
        raise click.BadParameter(f"{text} is outside 0 % to 100 %", ctx, param)
    return level


@contextmanager
def searching(search: Search) -> Iterator[Report]:
    """Show progress; a broken identity is explained as for a run."""
    from spv_sim.analysis.breach import IdentityError
    from spv_sim.cli.progress import progress
    from spv_sim.run.preparation import explain_breach

    try:
        with progress(search.numbers.paths, quiet=False) as tell:
            yield tell
    except IdentityError as breach:
        raise explain_breach(breach, search.file, search.words) from breach


def search_quantile(closed: Closed, search: Search, level: float) -> QuantilePath:
    """Find the path at a quantile."""
    from spv_sim.analysis.find_paths import BY, quantile_path

    of = search.numbers
    with searching(search) as tell:
        return quantile_path(closed, search.by or BY, level, of.paths, of.seed, of.keep, search.workers, tell)


def told_quantile(found: QuantilePath) -> str:
    """How a path was found, in a line."""
    from spv_sim.analysis.find_paths import column_unit
    from spv_sim.report.numbers import show

    value = show(found.value, column_unit(found.by))
    rank = f"rank {found.rank:,} of {found.count:,} from the lowest"
    return f"{found.by} at its {found.level:.6g} quantile: {value}, {rank}, path {found.path}"


def print_worst(closed: Closed, search: Search, count: int, as_json: bool) -> None:
    """Find the worst paths and list them."""
    from spv_sim.analysis.find_paths import BY, worst_paths

    of = search.numbers
    with searching(search) as tell:
        worst = worst_paths(closed, search.by or BY, count, of.paths, of.seed, search.workers, tell)
    name = closed.scenario.deal.name
    if as_json:
        from spv_sim.store.document import document

        click.echo(document(as_document(name, worst, search)).decode("ascii"), nl=False)
    else:
        click.echo("\n".join(printable(line) for line in table(name, worst, search)))


def as_document(name: str, worst: WorstPaths, search: Search) -> dict[str, Any]:
    """The list as plain data."""
    return {
        "schema": "spv-sim/paths@1",
        "scenario": name,
        "seed": search.numbers.seed,
        "paths": worst.simulated,
        "by": worst.by,
        "order": worst.order,
        "undefined": worst.undefined,
        "found": [
            {"path": row.path, "columns": row.columns, "replay": search.command(row.path)}
            for row in worst.found
        ],
    }


def table(name: str, worst: WorstPaths, search: Search) -> Iterator[str]:
    """The list as lines: a path a line, then how to replay one."""
    from spv_sim.analysis.find_paths import column_unit
    from spv_sim.report.numbers import show

    of = f"{len(worst.found):,} of {worst.simulated:,} paths by {worst.by}, {worst.order}"
    yield f"{name} · {of} · seed {search.numbers.seed}"
    rows = [["path", *worst.shown]]
    rows += [
        [str(row.path), *(show(row.columns[column], column_unit(column)) for column in worst.shown)]
        for row in worst.found
    ]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
    if worst.undefined:
        yield f"{worst.by} is not defined on {worst.undefined:,} paths, which come last"
    yield f"Replay one by its number, such as: {shlex.join(search.command(worst.found[0].path))}"
