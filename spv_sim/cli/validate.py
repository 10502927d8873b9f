"""`spv-sim validate`: check scenario files and show every fault with its place."""

from __future__ import annotations

import json
from typing import Any

import click

from spv_sim.cli.options import change_settings
from spv_sim.errors import Problem, UserError, printable


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@change_settings
@click.option("as_json", "--json", is_flag=True, help="Print the outcome as JSON.")
def command(files: tuple[str, ...], sets: tuple[str, ...], as_json: bool) -> int:
    """Check scenario files and show every fault with its place.

    Faults go to the standard error, one line for each sound file to the standard output.
    """
    from spv_sim.scenario.read import read

    problems: list[Problem] = []
    outcomes: list[dict[str, Any]] = []
    for file in files:
        faults: tuple[Problem, ...] = ()
        warnings: tuple[str, ...] = ()
        try:
            loaded = read(file, sets)
            warnings = loaded.warnings
        except UserError as fault:
            faults = fault.problems
            problems += faults
        outcomes.append(
            {
                "file": file,
                "ok": not faults,
                "errors": [_as_json(problem) for problem in faults],
                "warnings": list(warnings),
            }
        )
        if as_json:
            continue
        for warning in warnings:
            click.echo(printable(f"{file}: warning: {warning}"), err=True)
        if not faults:
            name = loaded.scenario.deal.name
            click.echo(printable(f"{file}: ok, {name}"))
    if as_json:
        click.echo(
            json.dumps({"schema": "spv-sim/validate@1", "files": outcomes}, indent=2, ensure_ascii=False)
        )
        return 2 if problems else 0
    if problems:
        raise UserError(*dict.fromkeys(problems))
    return 0


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "key": problem.key,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "help": problem.help,
    }
