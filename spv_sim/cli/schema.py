"""`spv-sim schema`: print the JSON Schema of scenario files, for editors."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scenario files, for editors.

    An editor with TOML support reads it through the first line of a scenario: #:schema ./scenario.schema.json
    """
    from spv_sim.scenario.json_schema import make_json_schema

    click.echo(json.dumps(make_json_schema(), indent=2, ensure_ascii=False))
