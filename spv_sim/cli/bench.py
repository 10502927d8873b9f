"""`spv-sim bench`: measure the engine as ratios, and hold it to a baseline."""

from __future__ import annotations

from pathlib import Path

import click

from spv_sim.bench.formats import FORMATS
from spv_sim.bench.measure import PAIRS, PATHS
from spv_sim.errors import printable


@click.command("bench")
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "gate",
    "--gate",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Hold the figures to this baseline; exit status 1 if one fails.",
)
@click.option(
    "target",
    "--write",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the figures as a baseline.",
)
@click.option(
    "form",
    "--format",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--paths",
    type=click.IntRange(1, 10_000_000),
    default=PATHS,
    show_default=True,
    metavar="N",
    help="Paths of a run; a baseline is of one number of them.",
)
@click.option(
    "--pairs",
    type=click.IntRange(1, 1_000),
    default=PAIRS,
    show_default=True,
    metavar="N",
    help="Readings of each process, of which the median counts.",
)
@click.option("-q", "--quiet", is_flag=True, help="Tell no progress.")
def command(
    file: str | None,
    gate: Path | None,
    target: Path | None,
    form: str,
    paths: int,
    pairs: int,
    quiet: bool,
) -> int:
    """Measure the engine on the scenario FILE, else on the one that `spv-sim init` writes.

    Engine and yardstick, a loop that stays the same, run in turn in three fresh processes of one thread, and
    their ratio counts, so that a busy or another machine changes little.

    \b
    The gate fails where in two of the three processes
      the engine's ratio is above 1.25 times that of the baseline,
      the ratio of `spv-sim --help` to `python -c pass` is,
      or peak memory is above 1.20 times that of the baseline,
    and where any metric of the run is another than the baseline's.
    """
    from spv_sim.bench import measure
    from spv_sim.bench.baseline import check_place, check_same_work, read_baseline, write_baseline
    from spv_sim.bench.gate import judge, show
    from spv_sim.bench.workload import describe, load

    if gate is not None and target is not None and gate.resolve() == target.resolve():
        raise click.UsageError("--gate and --write name one file; a baseline is renewed without a gate")
    loaded = load(file, paths)
    workload = describe(loaded)
    kept = None
    if gate is not None:
        kept = read_baseline(gate)
        check_same_work(gate, kept, workload)
    if target is not None:
        check_place(target)

    def say(text: str) -> None:
        if not quiet:
            click.echo(printable(f"bench: {text}"), err=True)

    measured = measure.measure(file, workload, pairs, say)
    judged = judge(measured, kept) if kept else show(measured)
    for warning in judged.warnings:
        click.echo(printable(f"bench: warning: {warning}"), err=True)
    if target is not None:
        write_baseline(target, measured)
    click.echo(FORMATS[form](measured, judged), nl=False)
    return 0 if judged.is_met else 1
