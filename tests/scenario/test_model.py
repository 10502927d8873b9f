"""The model as the only source: every setting is described, its examples read, its default fits."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from pydantic import TypeAdapter

from spv_sim.scenario.catalogue import NAME, Entry, example_of, find_setting, list_settings, show
from spv_sim.scenario.explain import explain_setting, suggest_setting

SETTINGS = list_settings()
VALUES = [entry for entry in SETTINGS if not entry.tables]


def name_of(entry: Entry) -> str:
    return f"{entry.key} {' '.join(entry.kinds)}"


@pytest.mark.parametrize("entry", SETTINGS, ids=name_of)
def test_every_setting_is_described(entry: Entry) -> None:
    assert entry.field.title
    assert entry.field.description
    assert entry.field.description.rstrip().endswith((".", "]"))
    if not entry.tables:
        assert entry.unit or entry.choices or entry.words, "no unit, no choices and no type in words"


@pytest.mark.parametrize("entry", VALUES, ids=name_of)
def test_examples_read(entry: Entry) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(
        entry.field.annotation if not entry.field.metadata else _annotated(entry)
    )
    written = [example_of(entry)] if example_of(entry) else []
    written += [str(example) for example in entry.field.examples or [] if str(example).startswith(("{", "["))]
    for example in written:
        adapter.validate_python(tomllib.loads(f"x = {example}")["x"], strict=None)


def _annotated(entry: Entry) -> Any:
    from typing import Annotated

    annotation: Any = entry.field.annotation
    for item in entry.field.metadata:
        annotation = Annotated[annotation, item]
    return annotation


@pytest.mark.parametrize("entry", [entry for entry in VALUES if not entry.required], ids=name_of)
def test_a_default_lies_in_the_allowed_range(entry: Entry) -> None:
    value = entry.field.get_default(call_default_factory=True)
    for number in value if isinstance(value, tuple) else [value]:
        if isinstance(number, int | float):
            assert number >= entry.limits.get("ge", number)
            assert number <= entry.limits.get("le", number)
            assert number > entry.limits.get("gt", number - 1)
            assert number < entry.limits.get("lt", number + 1)
    assert entry.default


def test_every_share_lies_between_nothing_and_all() -> None:
    shares = [entry for entry in VALUES if entry.unit and entry.unit.kind.noun == "a share"]
    assert len(shares) > 15
    for entry in shares:
        assert entry.limits.get("le") == 1, entry.key
        assert entry.limits.get("ge") == 0, entry.key


def test_keys_are_found_with_the_users_names() -> None:
    (entry,) = find_setting("capital.tranche.senior.coupon")
    assert entry.key == f"capital.tranche.{NAME}.coupon"
    assert [entry.kinds for entry in find_setting("gpu_price.curve.kind")] == [
        ("exponential",), ("straight_line",), ("declining_balance",), ("sum_of_years",), ("table",),
        ("hedonic",),
    ]  # fmt: skip
    assert find_setting("capital.tranche") != ()
    assert find_setting("capital.tranch") == ()
    assert find_setting("") == ()


@pytest.mark.parametrize("entry", SETTINGS, ids=name_of)
def test_every_setting_is_explained(entry: Entry) -> None:
    text = explain_setting(entry.key)
    assert text is not None
    assert entry.title in text
    assert max(map(len, text.split("\n"))) <= 120
    for part in (
        "in a file",
        *(("allowed",) if entry.range else ()),
        *(() if entry.tables else ("default",)),
    ):
        assert part in text


def test_an_explanation_says_what_one_needs() -> None:
    assert explain_setting("capital.tranche.coupon") == explain_setting("capital.tranche.a.coupon")
    wanted = (
        "lease.rate: Lease rate\n\n"
        "  Contract rent of one GPU for one committed hour; a month has 730 hours. "
        "One of rate, rate_factor,\n"
        "  implicit_rate, filed.\n\n"
        '  written   a price per GPU-hour, as in "2.81 USD/GPU-hour" or "1,533 USD/GPU-month"\n'
        "  stored    USD/GPU-hour\n"
        "  note      a GPU-month is 730 hours\n"
        "  allowed   above 0 USD/GPU-hour\n"
        "  default   none\n"
        '  example   rate = "2.81 USD/GPU-hour"\n'
        "  in a file under [lease]\n"
        '  as a flag --set lease.rate="2.81 USD/GPU-hour"'
    )
    assert explain_setting("lease.rate") == wanted


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lease.rat", "lease.rate"),
        ("coupon", "capital.tranche.<name>.coupon"),
        ("capital.debtshare", "capital.debt_share"),
        ("lease.tenor", "capital.tranche.<name>.tenor"),
        ("gearing", "capital.debt_share"),
        ("zzzzqqq", None),
    ],
)
def test_suggestions(written: str, meant: str | None) -> None:
    assert suggest_setting(written) == meant


def test_values_are_shown_as_written() -> None:
    hazard = find_setting("credit.hazard")[0]
    assert show((0.08,), hazard.unit) == "8 %/year"
    assert show((0.08, 0.06), hazard.unit) == '["8 %/year", "6 %/year"]'
    payment = find_setting("lease.first_payment")[0]
    assert payment.default == "0 USD"
