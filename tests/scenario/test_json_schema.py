"""The JSON Schema accepts what the reader accepts, so that an editor does not flag "5 years"."""

from __future__ import annotations

import datetime
import math
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from spv_sim.scenario.json_schema import make_json_schema
from spv_sim.scenario.starter import STARTER
from tests.scenario.base import EXAMPLES, spoil

SCHEMA = make_json_schema()


def check(value: Any, schema: dict[str, Any]) -> bool:
    """The part of JSON Schema 2020-12 that the schema uses; the test of keywords finds anything else."""
    if "$ref" in schema:
        return check(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    if "anyOf" in schema and not any(check(value, option) for option in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(check(value, option) for option in schema["oneOf"]) != 1:
        return False
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return False
    if "type" in schema and not has_type(value, schema["type"]):
        return False
    if isinstance(value, str) and len(value) > schema.get("maxLength", math.inf):
        return False
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(
            check(item, schema.get("items", {})) for item in value
        )
    if isinstance(value, dict):
        return check_table(value, schema)
    return True


def has_type(value: Any, name: str) -> bool:
    types = {"object": dict, "array": list, "boolean": bool, "integer": int, "number": int | float}
    types["string"] = str | datetime.date
    return isinstance(value, types[name]) and isinstance(value, bool) == (name == "boolean")


def check_table(table: dict[str, Any], schema: dict[str, Any]) -> bool:
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    if not set(schema.get("required", [])) <= table.keys():
        return False
    names = schema.get("propertyNames", {})
    for name, value in table.items():
        if not check(name, names):
            return False
        if name in known:
            if not check(value, known[name]):
                return False
        elif other is False or (isinstance(other, dict) and not check(value, other)):
            return False
    return True


@pytest.mark.parametrize(
    "path", [path for path in EXAMPLES if "extends =" not in path.read_text()], ids=lambda p: p.name
)
def test_shipped_scenarios_fit(path: Path) -> None:
    assert check(tomllib.loads(path.read_text()), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('term = "5 years"', 'tem = "5 years"'),
        ('term = "5 years"', "term = 60"),
        ('term = "5 years"', 'term = "60"'),
        ('rate = "1.60 USD/GPU-hour"', 'rate = "2.00 USD"'),
        ('coupon = "9.5 %"', "coupon = 0.095"),
        ('timing = "arrears"', 'timing = "arears"'),
        ('kind = "exponential"', 'kind = "linear"'),
        ('decay = "25 %/year"', 'life = "5 years"'),
        ("triple_net = true", "triple_net = 1"),
        ('hazard = "5 %/year"', "hazard = []"),
        ('unit_cost = "50,000 USD"', 'unit_cost = "50,000"'),
        ("lease_rate = 0.6", "lease_rat = 0.6"),
    ],
)
def test_an_editor_flags_what_the_reader_refuses(old: str, new: str) -> None:
    assert not check(tomllib.loads(spoil(old, new)), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('hazard = "5 %/year"', 'hazard = ["5 %", "4 %/year"]'),
        ('debt_share = "70 %"', "debt_share = 0.7"),
        ('lock_up_dscr = "1.20x"', "lock_up_dscr = 1.2"),
        ('rate = "1.60 USD/GPU-hour"', 'rate = "$2.00/GPU-hour"\nfirst_payment = "16 %"'),
        ('rate = "1.60 USD/GPU-hour"', 'rate = "$2.00/GPU-hour"\nfirst_payment = "$16m"'),
        ('term = "5 years"', 'term = "60months"'),
    ],
)
def test_an_editor_accepts_what_the_reader_accepts(old: str, new: str) -> None:
    assert check(tomllib.loads(spoil(old, new)), SCHEMA)


def walk(node: Any) -> list[dict[str, Any]]:
    found = [node] if isinstance(node, dict) else []
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found += walk(inner)
    return found


def test_only_known_keywords_and_nothing_toml_cannot_say() -> None:
    known = {
        *("$schema", "$defs", "$ref", "title", "description", "type", "properties", "required"),
        *(
            "additionalProperties",
            "propertyNames",
            "items",
            "anyOf",
            "oneOf",
            "discriminator",
            "enum",
            "const",
        ),
        *(
            "pattern",
            "format",
            "default",
            "examples",
            "minItems",
            "maxItems",
            "maxLength",
            "minProperties",
            "maxProperties",
        ),
        *("mapping", "propertyName"),
    }
    names = {name for entry in SCHEMA["$defs"].values() for name in entry.get("properties", {})} | set(
        SCHEMA["properties"]
    )
    names |= set(SCHEMA["$defs"])
    kinds = {kind for node in walk(SCHEMA) for kind in node.get("discriminator", {}).get("mapping", ())}
    for node in walk(SCHEMA):
        assert node.get("type") != "null"
        if "default" in node:
            assert node["default"] is not None
        strange = set(node) - known - names - kinds
        assert not strange


def test_defaults_are_written_as_in_a_file() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["Grid"]["properties"]["tail"]["default"] == "2 years"
    assert definitions["Deal"]["properties"]["hurdle"]["default"] == "12 %/year"
    assert definitions["Lease"]["properties"]["timing"]["default"] == "arrears"
    assert definitions["MonteCarlo"]["properties"]["paths"]["default"] == 100_000
    assert "default" not in definitions["Tranche"]["properties"]["lock_up_dscr"]
    for definition in definitions.values():
        for name, held in definition.get("properties", {}).items():
            if "default" in held and "$ref" not in held:
                assert check(held["default"], held), name


def test_every_setting_is_described_for_the_editor() -> None:
    for definition in [*SCHEMA["$defs"].values(), SCHEMA]:
        for name, held in definition.get("properties", {}).items():
            meant = {**SCHEMA["$defs"].get(held.get("$ref", "").rpartition("/")[2], {}), **held}
            assert meant.get("description"), name
            assert meant.get("title"), name


def test_the_starter_points_at_the_schema_in_its_first_line() -> None:
    assert STARTER.startswith("#:schema ./scenario.schema.json\n")
