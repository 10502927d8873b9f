"""`spv-sim compare`: two deals on the same draws, metric by metric."""

from __future__ import annotations

import click

from spv_sim.cli.options import threads

DIFFERS = 1


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@click.option("changes", "--but", multiple=True, metavar="KEY=VALUE", help="Change one setting of B alone.")
@click.option(
    "sets", "--set", multiple=True, metavar="KEY=VALUE", help="Change one setting of both; may be repeated."
)
@click.option("metrics", "--metric", multiple=True, metavar="NAME", help="A further metric to tell.")
@click.option("all_metrics", "--all", is_flag=True, help="Tell every metric that both deals have.")
@click.option("--paths", type=int, metavar="N", help="Number of paths, instead of A's.")
@click.option("--seed", type=int, metavar="N", help="Seed, instead of A's.")
@threads
@click.option("--exit-code", is_flag=True, help="Exit with 1 if a metric differs by more than its error.")
@click.option("as_json", "--json", is_flag=True, help="Print the outcome as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but the outcome.")
def command(
    first: str,
    second: str | None,
    changes: tuple[str, ...],
    sets: tuple[str, ...],
    metrics: tuple[str, ...],
    all_metrics: bool,
    paths: int | None,
    seed: int | None,
    workers: int | None,
    exit_code: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare two scenario files, or one with itself but for some settings, on the same draws.

    \b
    spv-sim compare a.toml b.toml
    spv-sim compare deal.toml --but capital.debt_share="70 %"

    Paths and seed are those of A. The error of each difference is paired: it comes from the differences of
    paths with the same number, which leaves out the chance that both deals share.
    """
    from spv_sim.cli.numbers import read_with
    from spv_sim.cli.progress import progress, tellers
    from spv_sim.report.compare import compare_lines
    from spv_sim.run.compare import run_compare
    from spv_sim.store.document import document

    if second is None and not changes:
        raise click.UsageError("give a second scenario, or --but KEY=VALUE")
    one = read_with(first, sets, paths=paths, seed=seed)
    other = read_with(second or first, (*sets, *changes), paths=paths, seed=seed)
    if one.vehicles or other.vehicles:
        raise click.UsageError("compare works on two deals; a file with [spv.<name>] tables has several")

    warn, _ = tellers(second or first, quiet)
    with progress(2 * one.scenario.monte_carlo.paths, quiet) as tell:
        found = run_compare(
            one, other, metrics, all_metrics=all_metrics, workers=workers, report=tell, warn=warn
        )
    if as_json:
        click.echo(document(found).decode("ascii"), nl=False)
    else:
        click.echo("\n".join(compare_lines(found)))
    beyond = any(own["difference"]["beyond_error"] for own in found["metrics"].values())
    return DIFFERS if exit_code and beyond else 0
