"""`spv-sim schema`."""

from __future__ import annotations

import json

from spv_sim.scenario.json_schema import make_json_schema
from tests.cli.invoke import Shell


def test_the_schema_is_printed(shell: Shell) -> None:
    done = shell("schema")
    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out) == make_json_schema()
