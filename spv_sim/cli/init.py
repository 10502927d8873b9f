"""`spv-sim init`: write a commented scenario to start from, and the schema that editors complete it with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from spv_sim.errors import CANNOT_WRITE, Problem, UserError, printable

SCENARIO, SCHEMA = "scenario.toml", "scenario.schema.json"


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a commented scenario to start from into DIR, and the schema that editors complete it with.

    Files that exist are never overwritten.
    """
    from spv_sim.scenario.json_schema import make_json_schema
    from spv_sim.scenario.starter import STARTER

    contents = {
        folder / SCENARIO: STARTER,
        folder / SCHEMA: json.dumps(make_json_schema(), indent=2, ensure_ascii=False) + "\n",
    }
    present = [path for path in contents if path.exists() or path.is_symlink()]
    if present:
        raise UserError(
            *(
                Problem(
                    "exists",
                    "the file exists and is left as it is",
                    file=str(path),
                    help="choose another folder",
                )
                for path in present
            )
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            with path.open("x", encoding="utf-8") as stream:
                stream.write(content)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        problem = Problem("cannot-write", f"cannot write: {reason}", file=fault.filename or str(folder))
        raise UserError(problem, exit_code=CANNOT_WRITE) from None
    click.echo(printable(f"created {folder / SCENARIO}, {folder / SCHEMA}"))
    click.echo(printable(f"next: spv-sim run {folder / SCENARIO}"))
